"""What psutil tells alike on every system: processor, memory, disk and battery."""

import os
import platform
import time
from pathlib import Path

import psutil

from preflight.system.machine_ports import Battery, CpuTimes, ProgramTime, SystemFacts

WRITE_BYTES = 1_000_000
_TEST_NAME = f".liftbay-write-test-{os.getpid()}"
_IDLE = ("idle", "iowait")
_COUNTED_TWICE = ("guest", "guest_nice")
"""Linux counts a guest's time as its host's user time as well."""


class PsutilMachine:
    """The part of `LocalMachine` that needs no word of the system itself."""

    def cpu(self) -> CpuTimes:
        """Read all processes; those that end meanwhile are left out."""
        whole = psutil.cpu_times()._asdict()
        total_s = sum(value for name, value in whole.items() if name not in _COUNTED_TWICE)
        idle_s = sum(whole.get(name, 0.0) for name in _IDLE)
        own, own_s = _own()
        programs: dict[int, ProgramTime] = {}
        for process in psutil.process_iter(["name", "cpu_times"]):
            name, times = process.info["name"], process.info["cpu_times"]
            # Windows books the idle time on process 0, macOS' kernel is no program.
            if process.pid and process.pid not in own and name and times is not None:
                programs[process.pid] = ProgramTime(name, times.user + times.system)
        return CpuTimes(total_s - idle_s, total_s, own_s, programs)

    def available_memory_bytes(self) -> int:
        return psutil.virtual_memory().available

    def free_disk_bytes(self, folder: Path) -> int:
        return psutil.disk_usage(str(_existing(folder))).free

    def write_test(self, folder: Path) -> float:
        began_ns = time.perf_counter_ns()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _TEST_NAME
        try:
            with path.open("wb") as file:
                file.write(os.urandom(WRITE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)
        return (time.perf_counter_ns() - began_ns) / 1e6

    def battery(self) -> Battery | None:
        # Absent on systems without the sensors, per psutil's documentation.
        read = getattr(psutil, "sensors_battery", None)
        told = None if read is None else read()
        if told is None:
            return None
        known = told.secsleft not in (psutil.POWER_TIME_UNKNOWN, psutil.POWER_TIME_UNLIMITED)
        minutes = told.secsleft / 60 if known else None
        return Battery(told.power_plugged, float(told.percent), minutes)

    def facts(self) -> SystemFacts:
        library, version = platform.libc_ver()
        glibc = version if library == "glibc" and version else None
        return SystemFacts(platform.system(), platform.machine(), glibc)


def _own() -> tuple[set[int], float]:
    """Return the ids of our processes and the time they took, ended ones included."""
    me = psutil.Process()
    times = me.cpu_times()
    pids = {me.pid}
    seconds = times.user + times.system + times.children_user + times.children_system
    for child in me.children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.Error:
            continue
        pids.add(child.pid)
        seconds += spent.user + spent.system
    return pids, seconds


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that there is."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)
