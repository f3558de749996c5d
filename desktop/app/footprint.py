"""Keeps the process small: how the C library holds memory, and how many threads libraries make.

Called before any heavy library is loaded; what they read of it they read once.
"""

import ctypes
import os
import sys

_M_ARENA_MAX = -8
"""Name of glibc's ``mallopt``, from its ``malloc.h``."""
_ARENAS = 2

_ONE_THREAD_EACH = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Beside the encoder one thread of each is enough, and their pools cost memory."""


def limit_footprint() -> None:
    """Limit heaps and thread pools of this process. A person's own settings win.

    glibc makes up to eight heaps per core for threads; two saved 25 to 35 MB in a call. Its
    limits for giving memory back stay as they are: fixed at 1 MB they saved nothing more, and
    mapping each picture anew cost a tenth of a core (both measured in a call at 720p30).
    """
    for name in _ONE_THREAD_EACH:
        os.environ.setdefault(name, "1")
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        # Another C library than glibc has other habits.
        return
    if "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, _ARENAS)


def give_back_memory() -> None:
    """Return freed memory to the system: after a large part of the program has ended.

    Takes some milliseconds, so not on the Qt thread.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
