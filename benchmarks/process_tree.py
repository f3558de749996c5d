"""What a client costs, seen from outside: CPU time and PSS of its whole process tree."""

import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """Mean CPU in cores and memory over one window.

    Attributes:
        pss_mb: proportional set size of all processes in MiB (shared pages counted once),
            the larger of the window's two ends.
    """

    cpu_cores: float
    pss_mb: float
    seconds: float


class CostMeter:
    """Measures one tree from ``start()`` to ``stop()``; processes may come and go meanwhile."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._at = 0.0
        self._cpu: dict[int, float] = {}
        self._pss = 0.0

    def start(self) -> None:
        """Begin the window."""
        self._at = time.monotonic()
        self._cpu = _cpu_seconds(self._pid)
        self._pss = _pss_mb(self._pid)

    def stop(self) -> Cost:
        """End the window and return what it cost."""
        seconds = time.monotonic() - self._at
        now = _cpu_seconds(self._pid)
        used = sum(total - self._cpu.get(pid, 0.0) for pid, total in now.items())
        return Cost(used / seconds, max(self._pss, _pss_mb(self._pid)), seconds)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        main = psutil.Process(pid)
        return [main, *main.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu_seconds(pid: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for process in _tree(pid):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        found[process.pid] = times.user + times.system
    return found


def _pss_mb(pid: int) -> float:
    total = 0
    for process in _tree(pid):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20
