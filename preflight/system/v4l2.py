"""Linux: is a camera's stream somebody else's? The driver says so where /proc must not be read."""

import errno
import importlib
import os
import struct
from collections.abc import Callable

# _IOWR('V', 8, struct v4l2_requestbuffers), linux/videodev2.h.
_VIDIOC_REQBUFS = 0xC0145608
_CAPTURE, _MMAP = 1, 1
_REQUEST_BUFFERS = struct.pack("=5I", 0, _CAPTURE, _MMAP, 0, 0)


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


def _ask_for_no_buffers(opened: int) -> None:
    # Only where there are such nodes, so not importable everywhere.
    importlib.import_module("fcntl").ioctl(opened, _VIDIOC_REQBUFS, _REQUEST_BUFFERS)
