"""H03, H06 and H07: batteries in a made sysfs, answers of systemd, busctl, pmset and kernel32.

Truth is what was made: a lock that is given or refused, a charger that is plugged in or not, charge
and minutes at least 2 points and 4 minutes clear of their limits, a profile that saves or not.
Batteries are written as the kernel documents them (sysfs-class-power): in energy or in charge, one
or two of them, those of mice and keyboards beside them, chargers under the names that firmwares
give. Windows and macOS: made from documentation.
"""

import random
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from preflight.system.ask_program import Told
from preflight.system.linux_machine import LinuxMachine
from preflight.system.macos_machine import MacMachine
from preflight.system.windows_machine import WindowsMachine
from tests.accuracy.asked_machine import answering, machine_figures, made_folder
from tests.accuracy.kinds import FAILED, SKIPPED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.tally import Case

SEED = 320_000
SPARE_MINUTES = 10
_CHARGERS = ("AC", "AC0", "ADP0", "ADP1", "ACAD", "ADP", "macsmc-ac", "ucsi-source-psy-USBC000:001")
_PERIPHERALS = (
    "hidpp_battery_0",
    "hidpp_battery_1",
    "wacom_battery_0",
    "sony_controller_battery_a0:b1",
    "hid-00:1f:20:aa:bb:cc-battery",
    "ps-controller-battery-11:22",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One battery of the machine."""

    name: str
    share: float
    full_wh: float
    power_w: float


def _battery_files(
    rng: random.Random, cell: Cell, status: str, *, in_full: bool = False
) -> dict[str, str | None]:
    """Write a battery as one of the drivers does; `share` and `power_w` are what it tells.

    Args:
        in_full: it is one of two, which one firmware tells alike, in energy or charge.
    """
    volts = rng.uniform(7.2, 15.4)
    place = f"class/power_supply/{cell.name}"
    in_charge = rng.random() < 0.4
    scale = 1e6 / volts if in_charge else 1e6
    words = ("charge", "current") if in_charge else ("energy", "power")
    found: dict[str, str | None] = {
        f"{place}/type": "Battery\n",
        f"{place}/status": f"{status}\n",
        f"{place}/capacity": f"{round(100 * cell.share)}\n",
        f"{place}/{words[0]}_now": f"{round(cell.full_wh * cell.share * scale)}\n",
        f"{place}/{words[0]}_full": f"{round(cell.full_wh * scale)}\n",
        f"{place}/{words[0]}_full_design": f"{round(cell.full_wh * 1.1 * scale)}\n",
        f"{place}/{words[1]}_now": f"{round(cell.power_w * scale)}\n",
        f"{place}/voltage_now": f"{round(volts * 1e6)}\n",
        f"{place}/present": "1\n",
    }
    if rng.random() < 0.3:
        found[f"{place}/scope"] = "System\n"
    if rng.random() < 0.15 and not in_full:
        # Some fuel gauges tell per cent and seconds alone.
        seconds = 3600 * cell.full_wh * cell.share / cell.power_w if cell.power_w else 0
        kept = ("type", "status", "capacity", "present")
        found = {path: text for path, text in found.items() if path.rsplit("/", 1)[1] in kept}
        found[f"{place}/capacity"] = f"{100 * cell.share:.0f}\n"
        if cell.power_w:
            found[f"{place}/time_to_empty_now"] = f"{round(seconds)}\n"
    return found


def _peripherals(rng: random.Random) -> dict[str, str | None]:
    """Mice and keyboards: nearly always nearly empty."""
    found: dict[str, str | None] = {}
    for name in rng.sample(_PERIPHERALS, rng.randint(1, 2)):
        place = f"class/power_supply/{name}"
        found |= {
            f"{place}/type": "Battery\n",
            f"{place}/scope": "Device\n",
            f"{place}/status": rng.choice(("Discharging\n", "Unknown\n")),
            f"{place}/present": "1\n",
            f"{place}/online": "1\n",
        }
        found |= rng.choice(
            (
                {f"{place}/capacity": f"{rng.randint(1, 30)}\n"},
                {f"{place}/capacity_level": "Low\n"},
            )
        )
    return found


def _charger(rng: random.Random, *, plugged: bool) -> dict[str, str | None]:
    name = rng.choice(_CHARGERS)
    kind = "USB" if name.startswith("ucsi") else "Mains"
    place = f"class/power_supply/{name}"
    return {f"{place}/type": f"{kind}\n", f"{place}/online": f"{int(plugged)}\n"}


def _battery_case(files: Mapping[str, str | None], booked_minutes: int | None) -> Found:
    with made_folder(files) as root:
        return machine_figures(
            "host.battery", LinuxMachine(root, answering({})), booked_minutes=booked_minutes
        )


def _on_mains(rng: random.Random) -> Found:
    share = rng.uniform(0.02, 1.0)
    status = rng.choice(("Charging", "Full", "Not charging", "Unknown"))
    files = _battery_files(rng, Cell("BAT0", share, rng.uniform(30, 90), 0.0), status)
    files |= _charger(rng, plugged=True)
    if rng.random() < 0.4:
        files |= _peripherals(rng)
    return _battery_case(files, rng.choice((None, 30, 90)))


def _desktop(rng: random.Random) -> Found:
    """No battery but those of a mouse and a keyboard."""
    files = _peripherals(rng) if rng.random() < 0.8 else {"class/power_supply/x": None}
    return _battery_case(files, rng.choice((None, 45)))


def _discharging(low: float, high: float, *, lasts: bool | None) -> Make:
    """A battery of a share between these; that lasts for the call, or not; None: nobody asks."""

    def make(rng: random.Random) -> Found:
        share = rng.uniform(low, high)
        booked = None if lasts is None else rng.choice((15, 30, 45, 60))
        full_wh = rng.uniform(25, 95)
        left = 90.0
        if booked is not None:
            needed = booked + SPARE_MINUTES
            left = needed + rng.uniform(4, 200) if lasts else rng.uniform(1, needed - 4)
        cell = Cell("BAT0", share, full_wh, full_wh * share / (left / 60))
        files = _battery_files(rng, cell, "Discharging")
        if rng.random() < 0.7:
            files |= _charger(rng, plugged=False)
        if rng.random() < 0.3:
            files |= _peripherals(rng)
        return _battery_case(files, booked)

    return make


def _two_cells(low: float, high: float) -> Make:
    """Two batteries, of which one is emptied first: both together last."""

    def make(rng: random.Random) -> Found:
        share = rng.uniform(low, high)
        sizes = [rng.uniform(20, 25), rng.uniform(45, 75)]
        total = sum(sizes)
        first = rng.uniform(0.03, 0.09)
        second = (share * total - first * sizes[0]) / sizes[1]
        power = share * total / (rng.uniform(120, 300) / 60)
        files = _battery_files(rng, Cell("BAT0", first, sizes[0], 0.0), "Unknown", in_full=True)
        other = Cell("BAT1", min(1.0, second), sizes[1], power)
        files |= _battery_files(rng, other, "Discharging", in_full=True)
        files |= _charger(rng, plugged=False)
        return _battery_case(files, rng.choice((None, 45)))

    return make


# --- H03 ---------------------------------------------------------------------------------------


_NO_LOGIND = (
    "Failed to inhibit: The name org.freedesktop.login1 was not provided by any .service files\n",
    "Failed to connect to bus: No such file or directory\n",
    "System has not been booted with systemd as init system (PID 1). Can't operate.\n"
    "Failed to connect to bus: Host is down\n",
)
_REFUSALS = (
    "Failed to inhibit: Access denied\n",
    "Failed to inhibit: Interactive authentication required.\n",
    "Failed to inhibit: Permission denied\n",
    "Call failed: Access denied\n",
    "Failed to inhibit: Operation not permitted\n",
)
_NO_SAVER = (
    "Call failed: The name org.freedesktop.ScreenSaver was not provided by any .service files\n",
    "Failed to connect to user bus: No medium found\n",
    "Call failed: The name is not activatable\n",
)


def _locks(rng: random.Random, logind: Told | None, saver: Told | None) -> Found:
    del rng
    machine = LinuxMachine(ask=answering({"systemd-inhibit": logind, "busctl": saver}))
    return machine_figures("host.sleep", machine)


def _gone(rng: random.Random, words: tuple[str, ...]) -> Told | None:
    return rng.choice((None, Told(1, err=rng.choice(words))))


def _refused(rng: random.Random) -> Told:
    return Told(1, err=rng.choice(_REFUSALS))


def _mac_lock(*, taken: bool | None) -> Make:
    def make(_rng: random.Random) -> Found:
        def assertion() -> bool:
            if taken is None:
                raise OSError("no such library")
            return taken

        return machine_figures("host.sleep", MacMachine(answering({}), assertion=assertion))

    return make


def _windows_lock(*, taken: bool) -> Make:
    def make(rng: random.Random) -> Found:
        former = rng.choice((0x80000000, 0x80000001, 0x80000003)) if taken else 0
        return machine_figures("host.sleep", WindowsMachine(execution_state=lambda _flags: former))

    return make


# --- H07 ---------------------------------------------------------------------------------------


def _profiles(*, saving: bool) -> Make:
    def make(rng: random.Random) -> Found:
        names = ("power-saver",) if saving else ("balanced", "performance")
        told = Told(0, f's "{rng.choice(names)}"\n')
        old_name_only = rng.random() < 0.5
        asked = rng.random() < 0.6
        firmware = ("low-power",) if saving else ("balanced", "performance", "quiet", "cool")
        # Where the daemon tells, the firmware's own word does not count.
        stray = rng.choice(("low-power", "balanced"))
        files: dict[str, str | None] = {
            "firmware/acpi/platform_profile": (stray if asked else rng.choice(firmware)) + "\n"
        }
        name = (
            "net.hadess.PowerProfiles" if old_name_only else "org.freedesktop.UPower.PowerProfiles"
        )
        with made_folder(files) as root:
            answers = {name: told} if asked else {"busctl": _gone(rng, _NO_LOGIND)}
            return machine_figures("host.power_saver", LinuxMachine(root, answering(answers)))

    return make


def _windows_saver(*, saving: bool) -> Make:
    def make(rng: random.Random) -> Found:
        status = struct.pack(
            "<BBBBII",
            rng.choice((0, 1, 255)),
            rng.choice((1, 2, 8, 128)),
            rng.randint(0, 100),
            int(saving),
            rng.choice((0xFFFFFFFF, 5400)),
            0xFFFFFFFF,
        )
        return machine_figures("host.power_saver", WindowsMachine(power_status=lambda: status))

    return make


def _pmset(*, saving: bool | None) -> Make:
    def make(rng: random.Random) -> Found:
        lines = [
            " standby              1",
            " powernap             0",
            " lessbright           1",
            " sleep                1 (sleep prevented by coreaudiod)",
            " womp                 0",
        ]
        rng.shuffle(lines)
        if saving is not None:
            width = rng.choice((1, 5, 9))
            lines.insert(rng.randint(0, 5), f" lowpowermode{' ' * width}{int(saving)}")
        out = "System-wide power settings:\nCurrently in use:\n" + "\n".join(lines) + "\n"
        return machine_figures(
            "host.power_saver", MacMachine(answering({"/usr/bin/pmset": Told(0, out)}))
        )

    return make


def _nothing_tells(rng: random.Random) -> Found:
    with made_folder({}) as root:
        asked = answering({"busctl": _gone(rng, _NO_LOGIND)})
        return machine_figures("host.power_saver", LinuxMachine(root, asked))


def cases() -> Iterator[Case]:
    """Yield the cases of the three checks."""
    given = Told(0)
    yield from cases_of(
        "host.sleep",
        SEED,
        (
            ("logind gives it", lambda rng: _locks(rng, given, _gone(rng, _NO_SAVER))),
            (
                "the screen saver gives it",
                lambda rng: _locks(rng, _gone(rng, _NO_LOGIND), Told(0, "u 7\n")),
            ),
            (
                "logind refuses, the screen saver gives it",
                lambda rng: _locks(rng, _refused(rng), Told(0, "u 9\n")),
            ),
            ("Windows", _windows_lock(taken=True)),
            ("a Mac", _mac_lock(taken=True)),
        ),
        (
            ("both refuse", WARNED, lambda rng: _locks(rng, _refused(rng), _refused(rng))),
            (
                "logind refuses alone",
                WARNED,
                lambda rng: _locks(rng, _refused(rng), _gone(rng, _NO_SAVER)),
            ),
            ("Windows refuses", WARNED, _windows_lock(taken=False)),
            ("a Mac refuses", WARNED, _mac_lock(taken=False)),
        ),
        (
            (
                "nobody is there",
                UNTOLD,
                lambda rng: _locks(rng, _gone(rng, _NO_LOGIND), _gone(rng, _NO_SAVER)),
            ),
            ("a Mac without the library", UNTOLD, _mac_lock(taken=None)),
        ),
    )
    yield from cases_of(
        "host.battery",
        SEED + 100_000,
        (
            ("on mains", _on_mains),
            ("no battery of its own", _desktop),
            ("on battery, long enough", _discharging(0.35, 1.0, lasts=True)),
            ("on battery, no session", _discharging(0.32, 1.0, lasts=None)),
            ("two batteries", _two_cells(0.35, 0.7)),
        ),
        (
            ("low", WARNED, _discharging(0.12, 0.28, lasts=None)),
            ("too short for the call", WARNED, _discharging(0.35, 0.9, lasts=False)),
            ("nearly empty", FAILED, _discharging(0.01, 0.08, lasts=None)),
            ("two batteries that are low", WARNED, _two_cells(0.13, 0.27)),
        ),
    )
    yield from cases_of(
        "host.power_saver",
        SEED + 200_000,
        (
            ("Linux at full power", _profiles(saving=False)),
            ("Windows at full power", _windows_saver(saving=False)),
            ("a Mac at full power", _pmset(saving=False)),
        ),
        (
            ("Linux saves", WARNED, _profiles(saving=True)),
            ("Windows saves", WARNED, _windows_saver(saving=True)),
            ("a Mac saves", WARNED, _pmset(saving=True)),
        ),
        (
            ("nothing tells", UNTOLD, _nothing_tells),
            ("a Mac without the mode", SKIPPED, _pmset(saving=None)),
        ),
    )
