"""What a process does to stay small, seen from a process of its own."""

import ctypes
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

BEGIN = """
import os
from desktop.app.footprint import give_back_memory, limit_footprint
limit_footprint()
import numpy as np
def resident_kb():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
"""
FREE_BLOCKS = """
# A block this large, once freed, raises glibc's own limit for giving memory back.
np.ones(30 << 20, np.uint8)
blocks = [np.ones({size}, np.uint8) for _ in range({count})]
on_top = np.ones(100_000, np.uint8)
held_kb = resident_kb()
blocks.clear()
"""


def figures_of(code: str, **environment: str) -> list[int]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    told = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [int(word) for word in told.stdout.split()]


def test_freed_small_blocks_go_back_when_asked() -> None:
    code = FREE_BLOCKS.format(size=100_000, count=200)
    code += "kept_kb = resident_kb(); give_back_memory(); print(kept_kb - resident_kb())"

    (given_back_kb,) = figures_of(code)

    assert given_back_kb > 15 << 10


def test_number_libraries_get_one_thread_unless_the_person_says_otherwise() -> None:
    names = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"
    code = f"print(*(os.environ[name] for name in {names}))"

    assert figures_of(code, OMP_NUM_THREADS="2") == [2, 1]


def test_a_started_program_is_out_of_the_collectors_sight() -> None:
    code = """
import gc, inspect, linecache
from desktop.app import footprint
inspect.getsource(footprint)
kept = [[] for _ in range(1000)]
footprint.settle_heap()
print(gc.get_freeze_count(), len(gc.get_objects()), len(linecache.cache))
later = [[] for _ in range(1000)]
inspect.getsource(footprint)
footprint.settle_imports()
print(len(gc.get_objects()), len(linecache.cache))
"""

    frozen, watched, sources, watched_later, sources_later = figures_of(code)

    assert frozen > 1000
    assert watched < 1000
    assert sources == 0
    assert watched_later < 1000
    assert sources_later == 0


MALLOC_FACTS = """
import ctypes, threading
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd",
        "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]
libc.mallinfo2.restype = Info
MB = 1 << 20

mapped = libc.mallinfo2().hblks
picture = libc.malloc(16 * MB)
pictures_mapped = libc.mallinfo2().hblks - mapped
heap = libc.mallinfo2().arena
libc.free(picture)
given_back_mb = (heap - libc.mallinfo2().arena) // MB

barrier = threading.Barrier(12)
def use_a_heap():
    barrier.wait()
    libc.free(libc.malloc(1000))
    barrier.wait()
threads = [threading.Thread(target=use_a_heap) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
import os, tempfile
path = tempfile.mktemp()
file = libc.fopen(path.encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
heaps = open(path).read().count("<heap nr=")
os.unlink(path)
print(pictures_mapped, given_back_mb, heaps)
"""
HAS_MALLINFO2 = hasattr(ctypes.CDLL(None), "mallinfo2")


@pytest.mark.skipif(not HAS_MALLINFO2, reason="the C library is not glibc 2.33 or newer")
def test_the_c_library_really_keeps_pictures_and_makes_two_heaps() -> None:
    pictures_mapped, given_back_mb, heaps = figures_of(MALLOC_FACTS)

    assert pictures_mapped == 0
    assert given_back_mb == 0
    assert heaps <= 2


@pytest.mark.skipif(not HAS_MALLINFO2, reason="the C library is not glibc 2.33 or newer")
def test_a_persons_own_limits_of_the_c_library_win() -> None:
    theirs = {
        "MALLOC_ARENA_MAX": "4",
        "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
        "MALLOC_TRIM_THRESHOLD_": str(1 << 20),
    }

    pictures_mapped, _, heaps = figures_of(MALLOC_FACTS, **theirs)

    assert pictures_mapped == 1
    assert 2 < heaps <= 4
