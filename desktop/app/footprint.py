"""Keeps the process small: how the C library holds memory, and how many threads libraries make.

Called before any heavy library is loaded; what they read of it they read once.
"""

import ctypes
import os
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""Names of glibc's ``mallopt``, from its ``malloc.h``."""
_LIMITS = (
    ("MALLOC_ARENA_MAX", _M_ARENA_MAX, 2),
    ("MALLOC_MMAP_THRESHOLD_", _M_MMAP_THRESHOLD, 32 << 20),
    ("MALLOC_TRIM_THRESHOLD_", _M_TRIM_THRESHOLD, 64 << 20),
)
"""Environment variable, option and value."""

_ONE_THREAD_EACH = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Beside the encoder one thread of each is enough, and their pools cost memory."""


def limit_footprint() -> None:
    """Limit heaps and thread pools of this process. A person's own settings win.

    glibc makes up to eight heaps per core for threads; two saved 25 to 35 MB in a call. Its
    limits for giving memory back are fixed above a picture's size: at 1 MB each picture of
    3.7 MB was mapped anew, a tenth of a core at 720p30, and where glibc chooses them itself a
    call held 20 MB more (measured).
    """
    for name in _ONE_THREAD_EACH:
        os.environ.setdefault(name, "1")
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        # Another C library than glibc has other habits.
        return
    for setting, option, value in _LIMITS:
        if setting not in os.environ:
            mallopt(option, value)


def give_back_memory() -> None:
    """Return freed memory to the system: after a large part of the program has ended.

    Takes some milliseconds, so not on the Qt thread.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
