"""Questions to this machine about itself: processor, memory, disk, power, heat, sleep.

Pure. Nothing here names a person; a program is named by its file name alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ProgramTime:
    """One process: its program's name, and how long it has computed, in seconds."""

    program: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """What the processor has done since the system started; only differences mean anything.

    Attributes:
        busy_s, total_s: over all cores together.
        own_s: what this program and the processes it started took of it.
        programs: the others, by process id.
    """

    busy_s: float
    total_s: float
    own_s: float
    programs: Mapping[int, ProgramTime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Battery:
    """The battery as the system tells it.

    Attributes:
        on_mains: whether the charger is plugged in; None where the system does not tell.
        percent: 0..100.
        minutes_left: until it is empty; None where the system cannot tell.
    """

    on_mains: bool | None
    percent: float
    minutes_left: float | None = None


class Heat(StrEnum):
    """How hot the machine is, in the words of macOS' ``thermalState``."""

    NOMINAL = "nominal"
    FAIR = "fair"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class HeatLook:
    """What one look at the machine's temperature brought.

    Attributes:
        level: None where the system only counts.
        throttled: how often the processor was slowed down for its heat since the system started;
            None where the system does not count.
    """

    level: Heat | None = None
    throttled: int | None = None


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """What the program runs on.

    Attributes:
        system: as `platform.system` says it: ``Linux``, ``Windows``, ``Darwin``.
        arch: as `platform.machine` says it.
        glibc: version of the C library, e.g. ``2.36``; None where there is no glibc.
    """

    system: str
    arch: str
    glibc: str | None = None


class LocalMachine(Protocol):
    """What the operating system knows. Methods may take up to a second: not on the loop."""

    def cpu(self) -> CpuTimes: ...
    def available_memory_bytes(self) -> int: ...
    def free_disk_bytes(self, folder: Path) -> int:
        """Return what this user may still write there.

        Raises:
            OSError: there is no such folder, or it may not be looked at.
        """
        ...

    def write_test(self, folder: Path) -> float:
        """Write 1 MB, have it on the disk, and remove it; return how long that took, in ms.

        Raises:
            OSError: it is not writable, or full.
        """
        ...

    def battery(self) -> Battery | None:
        """Return the battery; None for a machine without one."""
        ...

    def power_saver(self) -> bool | None:
        """Say whether energy is saved at the cost of speed; None where nothing tells."""
        ...

    def heat(self) -> HeatLook | None:
        """Look at the temperature; None where the system does not tell."""
        ...

    def wake_lock(self) -> bool | None:
        """Take a lock against falling asleep and give it back; None where nothing offers one."""
        ...

    def facts(self) -> SystemFacts: ...
