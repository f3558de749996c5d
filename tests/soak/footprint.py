"""What a process takes of its machine, read from outside."""

import asyncio
import statistics
from dataclasses import dataclass

import psutil

READINGS = 5
APART_S = 0.4


@dataclass(frozen=True, slots=True)
class Footprint:
    """One process at one moment.

    Attributes:
        rss_mb: resident memory in MiB with what was swapped out of it, the middle of some
            readings: pictures come and go.
        threads: native threads.
        files: open file descriptors.
    """

    rss_mb: float
    threads: int
    files: int


async def footprint(pid: int) -> Footprint:
    """Read a process for 2 s: memory in the middle, threads and files at their fewest."""
    process = psutil.Process(pid)
    rss_mb, threads, files = [], [], []
    for _ in range(READINGS):
        memory = process.memory_full_info()
        # A kernel that puts pages away early would hide a leak.
        rss_mb.append((memory.rss + memory.swap) / 2**20)
        threads.append(process.num_threads())
        files.append(process.num_fds())
        await asyncio.sleep(APART_S)
    return Footprint(statistics.median(rss_mb), min(threads), min(files))
