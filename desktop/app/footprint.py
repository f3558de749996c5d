"""Keeps the process small: how the C library holds memory, and how many threads libraries make.

Called before any heavy library is loaded; what they read of it they read once.
"""

import ctypes
import gc
import linecache
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


def settle_heap() -> None:
    """Take what the program's start has made out of the garbage collector's sight.

    Modules, classes and functions live as long as the process, about 300,000 objects; walking
    through them for a full collection held the window's thread for 60 ms and more in a call.
    Takes about that long itself, so before a window is shown.
    """
    gc.collect()
    settle_imports()


def settle_imports() -> None:
    """Do the same for modules that were imported since, without looking for garbage: at once.

    The source text goes that PySide read of every module to look for a switch in it (16 MB). On
    any thread.
    """
    linecache.clearcache()
    gc.freeze()


def give_back_memory() -> None:
    """Return freed memory to the system: after a large part of the program has ended.

    Takes some milliseconds, so not on the Qt thread.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
