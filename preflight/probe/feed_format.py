"""What goes through a `DeviceFeed`: a head and one picture or 10 ms of sound. Pure."""

import struct

WIDTH, HEIGHT = 640, 360
"""Pictures are scaled to this before they are sent."""
PICTURE_BYTES = WIDTH * HEIGHT * 3 // 2
"""One I420 picture."""
SOUND_SAMPLES = 480
SOUND_BYTES = SOUND_SAMPLES * 2
"""10 ms of mono sound at 48 kHz, int16, little-endian."""
HEAD = struct.Struct("<qI")
"""``time.monotonic_ns()`` at capture, and how many bytes follow."""
KEY_SYMBOLS = 32
"""What a reader says first, so that nobody else gets the pictures."""
