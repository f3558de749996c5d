"""Picks what tells of loudspeakers on the system this program runs on."""

import sys

from preflight.devices.pulse import PulseServer
from preflight.system.linux_sound import LinuxSound
from preflight.system.macos_sound import MacSound
from preflight.system.sound_ports import OutputFacts
from preflight.system.windows_sound import WindowsSound


def output_facts() -> OutputFacts:
    """Make it; asking is what takes time, not this."""
    if sys.platform == "win32":
        return WindowsSound()
    if sys.platform == "darwin":
        return MacSound()
    return LinuxSound(PulseServer())
