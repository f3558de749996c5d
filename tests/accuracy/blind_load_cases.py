"""H02 and H08, blind: processors and temperatures of other makers.

Written from the catalogue, proc(5), and the kernel's
``Documentation/ABI/testing/sysfs-class-thermal`` and ``sysfs-devices-system-cpu``.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

from preflight.system.linux_machine import LinuxMachine
from preflight.system.machine_ports import CpuTimes, HeatLook
from preflight.system.macos_machine import MacMachine
from preflight.system.windows_machine import WindowsMachine
from tests.accuracy.asked_machine import (
    CLOCK_TICKS,
    answering,
    machine_figures,
    made_folder,
    made_proc,
    write_all,
)
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 7_500_000
COUNTED_S = 2
Files = dict[str, str | None]

# --- H02 ---------------------------------------------------------------------------------------

_PROGRAMS = (
    "ffmpeg",
    "Web Content",
    "tmux: server",
    "(sd-pam)",
    "a) R 1 (b",
    "kworker/u33:2+i",
    "chrome_crashpad",
    "java",
    "Xorg",
    "rust-analyzer",
)


def _stat_of(pid: int, name: str, parent: int, user: int, system: int) -> str:
    """Return ``/proc/PID/stat`` in the order of proc(5): 52 fields."""
    figures = [parent, pid, pid, 34816, pid, 4194304, 812, 0, 3, 0, user, system, 0, 0, 20, 0, 4, 0]
    rest = [90_000, 812_331_008, 5120, 2**64 - 1, *[0] * 25, 0]
    return f"{pid} ({name[:15]}) R {' '.join(map(str, figures + rest))}\n"


class _Busy(LinuxMachine):
    """A machine that has computed for some days, and two seconds more at each later look."""

    def __init__(self, root: Path, rng: random.Random, others: float, own: float) -> None:
        super().__init__(root / "sys", answering({}))
        self._root, self._rng, self._looks = root, rng, 0
        cores = rng.choice((2, 6, 12, 32, 64))
        self._whole = cores * COUNTED_S * CLOCK_TICKS
        self._others, self._own = round(self._whole * others), round(self._whole * own)
        self._since = [rng.randrange(10**8) for _ in range(10)]
        self._pids = rng.sample(range(300, 4_000_000), 9)
        self._names = rng.sample(_PROGRAMS, 9)
        self._cores = cores
        parts = [rng.random() ** 2 + 0.01 for _ in self._pids]
        self._parts = [part / sum(parts) for part in parts]
        # Of the idle time a disk may be waited for; that is no work.
        self._waits = rng.choice((0.0, 0.0, 0.9))
        self._nice = rng.choice((0.0, 0.0, 0.8))

    def cpu(self) -> CpuTimes:
        write_all(self._root, self._files(self._looks))
        self._looks += 1
        return super().cpu()

    def _files(self, times: int) -> Files:
        busy = (self._others + self._own) * times
        idle = self._whole * times - busy
        nice = round(busy * self._nice)
        softirq = round((busy - nice) * 0.1)
        system = round((busy - nice) * 0.3)
        user = busy - nice - softirq - system
        waits = round(idle * self._waits)
        # A virtual machine's time is counted within the user's as well.
        guest = user // 2 if self._cores > 12 else 0
        spent = (user, nice, system, idle - waits, waits, 0, softirq, 0, guest, 0)
        whole = " ".join(str(a + b) for a, b in zip(self._since, spent, strict=True))
        # What a guest took before is within the user's time before.
        me, child = os.getpid(), max(self._pids) + 7
        own = self._own * times
        files: Files = {
            "stat": f"cpu  {whole}\ncpu0 {whole}\nintr 812 0 0\nctxt 4\nbtime 1764500000\n"
            "processes 991\nprocs_running 3\nprocs_blocked 0\n",
            f"{me}/stat": _stat_of(me, "liftbay", 1, 700 + own // 2, 90),
            f"{child}/stat": _stat_of(child, "liftbay", me, 50 + own - own // 2, 5),
        }
        for pid, name, part in zip(self._pids, self._names, self._parts, strict=True):
            took = round(self._others * times * part)
            files[f"{pid}/stat"] = _stat_of(pid, name, 1, 4000 + took, 60)
            files[f"{pid}/cmdline"] = f"{name}\0"
        return files


def _load(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        others = rng.uniform(low, high)
        own = rng.uniform(0.0, min(0.6, 0.99 - others))
        with made_folder({}) as root, made_proc(root):
            return machine_figures("host.cpu_busy", _Busy(root, rng, others, own))

    return make


# --- H08 ---------------------------------------------------------------------------------------

Trip = tuple[str, int]


def _zone(number: int, kind: str, temperature: int | None, trips: tuple[Trip, ...]) -> Files:
    """Return the files of a zone, in thousandths of a degree; None: reading it is an error."""
    place = f"class/thermal/thermal_zone{number}"
    files: Files = {
        f"{place}/type": f"{kind}\n",
        f"{place}/mode": "enabled\n",
        f"{place}/policy": "step_wise\n",
        f"{place}/available_policies": "user_space step_wise\n",
        f"{place}/temp": None if temperature is None else f"{temperature}\n",
    }
    for index, (trip, at) in enumerate(trips):
        files[f"{place}/trip_point_{index}_type"] = f"{trip}\n"
        files[f"{place}/trip_point_{index}_temp"] = f"{at}\n"
        files[f"{place}/trip_point_{index}_hyst"] = "2000\n"
    return files


_UNUSED = (
    # Trips that nobody has set yet: Intel's package, and its Wi-Fi, which tells no temperature.
    ("x86_pkg_temp", 46_000, (("passive", 0), ("passive", 0))),
    ("x86_pkg_temp", 61_000, (("passive", -274_000), ("passive", -274_000))),
    ("iwlwifi_1", None, (("passive", -32_768_000),) * 8),
    ("iwlwifi_1", 38_000, (("passive", -32_768_000),) * 8),
    ("INT3400 Thermal", 20_000, ()),
    ("acpitz", 27_800, (("critical", 119_000),)),
    ("TSKN", 40_050, (("active", 38_000), ("active", 33_000), ("critical", 125_050))),
    ("SEN1", 0, ()),
)
_REAL: tuple[tuple[str, dict[str, int]], ...] = (
    ("B0D4", {"active": 85_000, "passive": 95_000, "critical": 105_000}),
    ("acpitz", {"passive": 97_000, "hot": 103_000, "critical": 108_000}),
    ("cpu-thermal", {"passive": 70_000, "critical": 95_000}),
    ("cpu0-thermal", {"passive": 90_000, "hot": 100_000, "critical": 110_000}),
    ("soc-thermal", {"passive": 80_000, "hot": 85_000, "critical": 115_000}),
)


class _Hot(LinuxMachine):
    """A machine whose files change between the first look and the next."""

    def __init__(self, root: Path, before: Files, after: Files) -> None:
        super().__init__(root, answering({}))
        self._root, self._files = root, [before, after]

    def cpu(self) -> CpuTimes:
        return CpuTimes(1.0, 2.0, 0.0)

    def heat(self) -> HeatLook | None:
        write_all(self._root, self._files.pop(0) if len(self._files) > 1 else self._files[0])
        return super().heat()


def _counters(rng: random.Random, *, cores: int, rises: bool) -> tuple[Files, Files]:
    """Return what throttled each core and the package so far, before and after."""
    before: Files = {}
    for core in range(cores):
        place = f"devices/system/cpu/cpu{core}/thermal_throttle"
        before[f"{place}/core_throttle_count"] = f"{rng.randrange(40_000)}\n"
        before[f"{place}/core_throttle_max_time_ms"] = "12\n"
        before[f"{place}/package_throttle_count"] = f"{81_000}\n"
    after = dict(before)
    if rises:
        what, by = rng.choice(("core", "package")), rng.randint(1, 900)
        one = rng.randrange(cores)
        for core in range(cores) if what == "package" else (one,):
            path = f"devices/system/cpu/cpu{core}/thermal_throttle/{what}_throttle_count"
            after[path] = f"{int(str(before[path])) + by}\n"
    return before, after


def _zones(rng: random.Random, over: str | None) -> Files:
    """Return zones of which one is over a trip; None: none is."""
    kind, trips = rng.choice([each for each in _REAL if over in (None, *each[1])])
    order = sorted(trips.items(), key=lambda each: each[1])
    at = rng.randint(35_000, trips["passive"] - 3_000)
    if over is not None:
        above = [value for _, value in order if value > trips[over]]
        ceiling = min(above) - 800 if above else trips[over] + 9_000
        at = rng.randint(trips[over] + 500, ceiling)
    listed = list(trips.items())
    rng.shuffle(listed)
    every = [(kind, at, tuple(listed)), *rng.sample(_UNUSED, 3)]
    rng.shuffle(every)
    files: Files = {"class/thermal/cooling_device0/type": "Processor\n"}
    for number, (name, temperature, these) in enumerate(every):
        files |= _zone(number, name, temperature, these)
    return files


def _heat(over: str | None, *, rises: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        cores = rng.choice((2, 8)) if rises else rng.choice((0, 4))
        before, after = _counters(rng, cores=cores, rises=rises)
        zones = {} if cores and over is None and rng.random() < 0.3 else _zones(rng, over)
        with made_folder({}) as root:
            return machine_figures("host.thermal", _Hot(root, zones | before, zones | after))

    return make


def _mac(*states: int) -> Make:
    """As Apple lists them: nominal, fair, serious, critical."""

    def make(rng: random.Random) -> Found:
        state = rng.choice(states)
        return machine_figures("host.thermal", MacMachine(answering({}), thermal=lambda: state))

    return make


def _untold(rng: random.Random) -> Found:
    if rng.random() < 0.5:
        return machine_figures("host.thermal", WindowsMachine())
    broken = _zone(0, "iwlwifi_1", None, (("passive", 90_000),))
    nothing: Files = {"class/thermal": None}
    files: Files = rng.choice((nothing, broken, {}))
    with made_folder({}) as root:
        return machine_figures("host.thermal", _Hot(root, files, files))


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    yield from blind_cases_of(
        "host.cpu_busy",
        SEED,
        (("free", _load(0.0, 0.67)),),
        (("busy", WARNED, _load(0.73, 0.87)), ("full", FAILED, _load(0.93, 0.985))),
    )
    yield from blind_cases_of(
        "host.thermal",
        SEED + 20_000,
        (("cool", _heat(None)), ("cool, macOS", _mac(0))),
        (
            ("over passive", WARNED, _heat("passive")),
            ("it was throttled", WARNED, _heat(None, rises=True)),
            ("over hot", FAILED, _heat("hot")),
            ("over critical", FAILED, _heat("critical")),
            ("fair, macOS", WARNED, _mac(1)),
            ("serious, macOS", FAILED, _mac(2, 3)),
        ),
        (("nothing tells", UNTOLD, _untold),),
    )
