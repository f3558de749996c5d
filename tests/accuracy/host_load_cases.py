"""H02 and H08: a made /proc and a made /sys, read by psutil and by our own readers.

Truth. ``host.cpu_busy``: what other programs take of all cores, healthy to 66 %, warned 74 to
86 %, failed from 94 %; our own processes, one that ends meanwhile among them, take up to 30 % more.
``host.thermal``: the zones' temperatures at least 1.5 degrees clear of their trip points, and
throttle counters that rose or did not since the run began.
"""

import itertools
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
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.tally import Case

SEED = 310_000
COUNTED_S = 2
_NAMES = (
    "Web Content",
    "(sd-pam)",
    "a) b (c",
    "chrome",
    "kworker/0:1-events",
    "Isolated Web Co",
    "obs",
    "dropbox",
    "systemd-journald",
    "Überwachung",
    "python3",
    "Xorg",
    "cc1plus",
)


class MadeProc:
    """A /proc of some programs; `later` is the same two seconds after."""

    def __init__(self, rng: random.Random, others: float, own: float) -> None:
        self._rng = rng
        self._cores = rng.choice((1, 2, 4, 8, 16))
        ticks = self._cores * COUNTED_S * CLOCK_TICKS
        self._ticks = round(ticks * rng.uniform(0.98, 1.02))
        self._others = round(self._ticks * others)
        self._own = round(self._ticks * own)
        self._pids = rng.sample(range(1000, 30_000), rng.randint(6, 14))
        self._spent = {pid: rng.randint(0, 50_000) for pid in self._pids}
        self._names = {pid: rng.choice(_NAMES) for pid in self._pids}
        self._base = [rng.randint(1000, 900_000) for _ in range(10)]
        self._iowait = rng.uniform(0, 0.5)
        self._child = max(self._pids) + 1

    def files(self, *, later: bool) -> dict[str, str | None]:
        """Return all files of one moment."""
        rng = self._rng
        busy = (self._others + self._own) if later else 0
        idle = (self._ticks - busy) if later else 0
        steal = rng.randint(0, self._others // 8) if later else 0
        waited = round(idle * self._iowait)
        user = round((busy - steal) * 0.7)
        guest = user // 3 if self._cores > 4 else 0
        more = (user, 0, busy - steal - user, idle - waited, waited, 0, 0, steal, guest, 0)
        whole = [base + add for base, add in zip(self._base, more, strict=True)]
        me, child_spent = os.getpid(), self._own // 3
        found: dict[str, str | None] = {
            "stat": f"cpu  {' '.join(map(str, whole))}\ncpu0 1 2 3 4 5 6 7 8 9 0\nbtime 17\n",
            f"{me}/stat": _stat(
                me,
                "python3",
                1,
                900 + (self._own - child_spent if later else 0),
                150 + (child_spent if later else 0),
            ),
        }
        if not later:
            # Ends meanwhile: what it took is then its parent's word.
            found[f"{self._child}/stat"] = _stat(self._child, "python3", me, 150, 0)
            found[f"{me}/stat"] = _stat(me, "python3", 1, 900, 0)
        shares = [rng.random() ** 3 for _ in self._pids]
        for pid, share in zip(self._pids, shares, strict=True):
            took = round((self._others - steal) * share / sum(shares)) if later else 0
            # The kernel samples: a program's ticks and the sum differ by a few.
            took = max(0, took + (rng.randint(-2, 2) if later else 0))
            found[f"{pid}/stat"] = _stat(pid, self._names[pid], 1, self._spent[pid] + took, 0)
            found[f"{pid}/cmdline"] = f"/usr/bin/{self._names[pid]}\0--x\0"
        return found


def _stat(pid: int, name: str, parent: int, ticks: int, children: int) -> str:
    rest = [parent, pid, pid, 0, -1, 4194560, 10, 0, 0, 0, ticks, 0, children, 0, 20, 0, 1, 0, 500]
    return f"{pid} ({name}) S {' '.join(map(str, rest))} {' '.join(['0'] * 32)}\n"


class _CountedMachine(LinuxMachine):
    """A machine whose /proc goes on by two seconds after the first reading."""

    def __init__(self, root: Path, proc: MadeProc) -> None:
        super().__init__(root / "sys", answering({}))
        self._root, self._made = root, proc
        self._readings = 0

    def cpu(self) -> CpuTimes:
        if self._readings == 1:
            ended = self._root / "gone"
            for each in self._root.iterdir():
                if each.name.isdecimal():
                    each.rename(ended.with_name(f"gone{each.name}"))
        if self._readings < 2:
            write_all(self._root, self._made.files(later=self._readings == 1))
        self._readings += 1
        return super().cpu()


def _busy(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        others = rng.uniform(low, high)
        own = rng.uniform(0, min(0.3, 0.99 - others))
        with made_folder({}) as root, made_proc(root):
            return machine_figures(
                "host.cpu_busy", _CountedMachine(root, MadeProc(rng, others, own))
            )

    return make


# --- H08 ---------------------------------------------------------------------------------------


_TRIPS = {"passive": (75, 95), "hot": (98, 105), "critical": (106, 120), "active": (40, 60)}


def _zones(rng: random.Random, worst: str | None) -> dict[str, str | None]:
    """Make zones of which one has reached the trip point of this kind; None: none has."""
    count = rng.randint(1, 6)
    ill = rng.randrange(count)
    found: dict[str, str | None] = {}
    for number in range(count):
        place = f"class/thermal/thermal_zone{number}"
        trips = {kind: rng.uniform(*span) for kind, span in _TRIPS.items() if rng.random() < 0.7}
        # What a zone has too few of is made up for: the case needs a trip point to reach.
        if worst is not None and number == ill:
            trips[worst] = rng.uniform(*_TRIPS[worst])
        reached = trips.get(worst) if worst is not None and number == ill else None
        limits = [at for kind, at in trips.items() if kind in ("passive", "hot", "critical")]
        if reached is not None:
            above = [at for at in limits if at > reached]
            temperature = rng.uniform(
                reached + 1.5, max(reached + 1.6, min(above, default=125) - 1.5)
            )
        else:
            temperature = rng.uniform(25, min(limits, default=90) - 1.5)
        found[f"{place}/temp"] = f"{round(temperature * 1000)}\n"
        found[f"{place}/type"] = (
            rng.choice(("x86_pkg_temp", "acpitz", "iwlwifi_1", "cpu-thermal")) + "\n"
        )
        kinds = [(kind, round(at * 1000)) for kind, at in trips.items()]
        kinds += [("passive", rng.choice((0, -274_000)))] if rng.random() < 0.5 else []
        for index, (kind, at) in enumerate(kinds):
            found[f"{place}/trip_point_{index}_type"] = kind + "\n"
            found[f"{place}/trip_point_{index}_temp"] = f"{at}\n"
    if rng.random() < 0.3:
        # A zone whose sensor sleeps answers with an error.
        found["class/thermal/thermal_zone9/temp"] = None
    return found


class _HotMachine(LinuxMachine):
    """A machine that is looked at twice: as the run begins, and when it is asked."""

    def __init__(self, root: Path, zones: dict[str, str | None], rises: int, cores: int) -> None:
        super().__init__(root, answering({}))
        self._root, self._rises, self._cores = root, rises, cores
        self._looks = itertools.count()
        write_all(root, zones)

    def cpu(self) -> CpuTimes:
        return CpuTimes(1.0, 2.0, 0.0)

    def heat(self) -> HeatLook | None:
        later = next(self._looks) > 0
        for core in range(self._cores):
            folder = f"devices/system/cpu/cpu{core}/thermal_throttle"
            risen = self._rises if later and core == 0 else 0
            write_all(
                self._root,
                {
                    f"{folder}/core_throttle_count": f"{40 + core + risen}\n",
                    f"{folder}/package_throttle_count": f"{90}\n",
                    f"{folder}/core_throttle_total_time_ms": f"{5000 + 300 * later}\n",
                },
            )
        return super().heat()


def _heat(worst: str | None, *, rises: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        risen = rng.randint(1, 40) if rises else 0
        with made_folder({}) as root:
            cores = rng.choice((0, 2, 8)) if not rises else rng.choice((1, 4))
            zones = _zones(rng, worst) if cores == 0 or rng.random() < 0.8 or worst else {}
            machine = _HotMachine(root, zones, risen, cores)
            return machine_figures("host.thermal", machine)

    return make


def _mac_heat(*states: int) -> Make:
    def make(rng: random.Random) -> Found:
        state = rng.choice(states)
        machine = MacMachine(answering({}), thermal=lambda: state)
        return machine_figures("host.thermal", _without_cpu(machine))

    return make


def _without_cpu(machine: MacMachine | WindowsMachine) -> MacMachine | WindowsMachine:
    object.__setattr__(machine, "cpu", lambda: CpuTimes(1.0, 2.0, 0.0))
    return machine


def _windows_heat(_rng: random.Random) -> Found:
    return machine_figures("host.thermal", _without_cpu(WindowsMachine()))


def _no_thermal(_rng: random.Random) -> Found:
    with made_folder({}) as root:
        machine = _HotMachine(root, {}, 0, 0)
        return machine_figures("host.thermal", machine)


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from cases_of(
        "host.cpu_busy",
        SEED,
        (("a machine at rest", _busy(0.0, 0.3)), ("others at work", _busy(0.3, 0.66))),
        (
            ("busy", WARNED, _busy(0.74, 0.86)),
            ("all taken", FAILED, _busy(0.94, 0.995)),
        ),
    )
    yield from cases_of(
        "host.thermal",
        SEED + 50_000,
        (("zones that are cool", _heat(None)), ("a Mac that is cool", _mac_heat(0))),
        (
            ("a passive trip point", WARNED, _heat("passive")),
            ("a hot trip point", FAILED, _heat("hot")),
            ("a critical trip point", FAILED, _heat("critical")),
            ("a throttle counter that rises", WARNED, _heat(None, rises=True)),
            ("a fair Mac", WARNED, _mac_heat(1)),
            ("a hot Mac", FAILED, _mac_heat(2, 3)),
        ),
        (
            ("Windows", UNTOLD, _windows_heat),
            ("no sensor", UNTOLD, _no_thermal),
            ("a Mac of a new state", UNTOLD, _mac_heat(4, -1)),
        ),
    )
