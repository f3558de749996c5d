"""Linux: what a camera's driver says: who it is, and whether the stream is somebody else's.

It answers where /proc must not be read.
"""

import errno
import importlib
import os
import struct
from collections.abc import Callable

# _IOWR('V', 8, struct v4l2_requestbuffers), linux/videodev2.h.
_VIDIOC_REQBUFS = 0xC0145608
_CAPTURE, _MMAP = 1, 1
_REQUEST_BUFFERS = struct.pack("=5I", 0, _CAPTURE, _MMAP, 0, 0)
# _IOR('V', 0, struct v4l2_capability): driver[16], card[32], bus_info[32], six numbers.
_VIDIOC_QUERYCAP = 0x80685600
_CAPABILITY_BYTES = 104
_DRIVER_BYTES = 16


def held_elsewhere(
    node: str,
    *,
    open_node: Callable[[str, int], int] = os.open,
    ask: Callable[[int], object] | None = None,
) -> bool:
    """Say whether the driver answers EBUSY: another process of whatever user has the stream.

    A camera may be opened twice, but streams for one. Asking for no buffers tells without taking
    any. To be asked only while this process itself has the camera closed. May block for as long
    as the driver's open does.
    """
    try:
        opened = open_node(node, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return error.errno == errno.EBUSY
    try:
        (ask or _ask_for_no_buffers)(opened)
    except OSError as error:
        return error.errno == errno.EBUSY
    finally:
        os.close(opened)
    return False


def driver_name(
    node: str,
    *,
    open_node: Callable[[str, int], int] = os.open,
    ask: Callable[[int], bytes] | None = None,
) -> str | None:
    """Return what the driver calls itself, e.g. ``uvcvideo``; None where it does not say.

    Asking disturbs no stream. May block for as long as the driver's open does.
    """
    try:
        opened = open_node(node, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        told = (ask or _ask_for_capability)(opened)
    except OSError:
        return None
    finally:
        os.close(opened)
    return told[:_DRIVER_BYTES].split(b"\0")[0].decode("utf-8", "replace") or None


def _ask_for_capability(opened: int) -> bytes:
    answer = bytearray(_CAPABILITY_BYTES)
    importlib.import_module("fcntl").ioctl(opened, _VIDIOC_QUERYCAP, answer)
    return bytes(answer)


def _ask_for_no_buffers(opened: int) -> None:
    # Only where there are such nodes, so not importable everywhere.
    importlib.import_module("fcntl").ioctl(opened, _VIDIOC_REQBUFS, _REQUEST_BUFFERS)
