"""A machine in memory: what the operating system would tell of it."""

from pathlib import Path

from preflight.system.machine_ports import (
    Battery,
    CpuTimes,
    HeatLook,
    ProgramTime,
    SystemFacts,
)

CORES = 4


class FakeMachine:
    """A `LocalMachine` that is well; the test changes what it tells.

    Each reading of the processor is one second of four cores after the last one.
    """

    def __init__(self) -> None:
        self.others_busy = 0.1
        self.own_busy = 0.4
        self.programs: dict[int, ProgramTime] = {}
        self.available_gb = 8.0
        self.free_gb: float | None = 200.0
        self.writable = True
        self.power: Battery | None = None
        self.saving: bool | None = False
        self.temperature: HeatLook | None = HeatLook(throttled=12)
        self.throttles_per_look = 0
        self.lock: bool | None = True
        self.runs_on = SystemFacts("Linux", "x86_64", "2.36")
        self.looks = 0
        self.written: list[Path] = []
        self.asked: list[str] = []

    def cpu(self) -> CpuTimes:
        self.looks += 1
        self.asked.append("cpu")
        total_s = self.looks * CORES
        programs = {
            pid: ProgramTime(each.program, each.seconds * self.looks)
            for pid, each in self.programs.items()
        }
        busy = self.others_busy + self.own_busy
        return CpuTimes(busy * total_s, total_s, self.own_busy * total_s, programs)

    def available_memory_bytes(self) -> int:
        return round(self.available_gb * 1e9)

    def free_disk_bytes(self, folder: Path) -> int:
        if self.free_gb is None:
            raise OSError("made up")
        return round(self.free_gb * 1e9)

    def write_test(self, folder: Path) -> float:
        if not self.writable:
            raise PermissionError("made up")
        self.written.append(folder)
        return 4.0

    def battery(self) -> Battery | None:
        return self.power

    def power_saver(self) -> bool | None:
        return self.saving

    def heat(self) -> HeatLook | None:
        found = self.temperature
        if found is not None and found.throttled is not None and self.throttles_per_look:
            self.temperature = HeatLook(found.level, found.throttled + self.throttles_per_look)
        return found

    def wake_lock(self) -> bool | None:
        return self.lock

    def facts(self) -> SystemFacts:
        return self.runs_on
