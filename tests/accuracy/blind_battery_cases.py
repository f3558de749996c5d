"""H06, blind: batteries of other makers, as the kernel, Windows and macOS tell of them.

Written from the catalogue, the kernel's ``Documentation/ABI/testing/sysfs-class-power``, its
drivers' names of supplies, and psutil's own documentation, without a look at the reader.
"""

import random
from collections import namedtuple
from collections.abc import Iterator
from unittest.mock import patch

import psutil

from preflight.system.linux_machine import LinuxMachine
from preflight.system.macos_machine import MacMachine
from preflight.system.windows_machine import WindowsMachine
from tests.accuracy.asked_machine import answering, machine_figures, made_folder
from tests.accuracy.kinds import FAILED, WARNED, Found, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 7_300_000
Files = dict[str, str | None]

# --- Linux --------------------------------------------------------------------------------


def _supply(name: str, **rows: object) -> Files:
    return {f"class/power_supply/{name}/{key}": f"{value}\n" for key, value in rows.items()}


def _energy(
    name: str, status: str, share: float, left_min: float | None, watt_hours: float
) -> Files:
    """ACPI of ThinkPads and others: microwatt-hours and microwatts."""
    now = watt_hours * share
    power = 0.0 if left_min is None else now * 60 / left_min
    return _supply(
        name,
        type="Battery",
        present=1,
        technology="Li-poly",
        status=status,
        cycle_count=211,
        capacity_level="Normal",
        capacity=round(100 * share),
        voltage_min_design=11_550_000,
        voltage_now=12_201_000,
        energy_full_design=round(watt_hours * 1.2e6),
        energy_full=round(watt_hours * 1e6),
        energy_now=round(now * 1e6),
        power_now=round(power * 1e6),
        manufacturer="SMP",
        model_name="02DL007",
        serial_number=" 1234",
    )


def _charge(
    name: str, status: str, share: float, left_min: float | None, watt_hours: float, sign: int = 1
) -> Files:
    """ACPI of others, and gauges, whose current is negative where it leaves the battery."""
    full = watt_hours / 11.4
    current = 0.0 if left_min is None else full * share * 60 / left_min
    return _supply(
        name,
        type="Battery",
        present=1,
        status=status,
        capacity=round(100 * share),
        voltage_now=11_420_000,
        charge_full_design=round(full * 1.1e6),
        charge_full=round(full * 1e6),
        charge_now=round(full * share * 1e6),
        current_now=round(sign * current * 1e6),
        technology="Li-ion",
        manufacturer="BYD",
        model_name="DELL XDY9K2B",
    )


def _negative(
    name: str, status: str, share: float, left_min: float | None, watt_hours: float
) -> Files:
    return _charge(name, status, share, left_min, watt_hours, sign=-1)


def _gauge(
    name: str, status: str, share: float, left_min: float | None, watt_hours: float
) -> Files:
    """A small board's gauge: per cent, and seconds until it is empty."""
    del watt_hours
    files = _supply(
        name,
        type="Battery",
        present=1,
        status=status,
        capacity=round(100 * share),
        voltage_now=3_801_000,
        current_now=-412_000,
        technology="Li-ion",
    )
    if left_min is not None:
        files |= _supply(name, time_to_empty_now=round(left_min * 60))
    return files


_MAKERS = (
    ("BAT0", _energy),
    ("BAT1", _charge),
    ("BATT", _energy),
    ("CMB0", _charge),
    ("sbs-12-000b", _negative),
    ("max170xx_battery", _negative),
    ("cw2015-battery", _gauge),
    ("bq27500-0", _gauge),
)
_MAINS = ("AC", "AC0", "ACAD", "ADP1", "ADP0", "macsmc-ac", "AC_ADAPTER", "axp20x-ac")
_USB = ("ucsi-source-psy-USBC000:001", "CROS_USBPD_CHARGER0", "tcpm-source-psy-4-0022")


def _chargers(rng: random.Random, *, plugged: bool) -> Files:
    """Sockets of a machine, of which one may be in use."""
    mains, usb = rng.choice(_MAINS), rng.sample(_USB, 2)
    files = _supply(usb[0], type="USB", online=0, usb_type="[C] PD PD_PPS", voltage_now=0)
    if plugged and rng.random() < 0.5:
        files |= _supply(usb[1], type="USB", online=1, usb_type="C [PD] PD_PPS")
        return files
    if rng.random() < 0.8 or plugged:
        files |= _supply(mains, type="Mains", online=int(plugged))
    return files


def _accessories(rng: random.Random) -> Files:
    """Mouse, keyboard, pen, gamepad and headset: none of them is the computer's."""
    every = (
        _supply(
            "hidpp_battery_3", type="Battery", scope="Device", status="Discharging", capacity=5
        ),
        _supply(
            "hid-e4:17:d8:01:02:03-battery",
            type="Battery",
            scope="Device",
            present=1,
            status="Discharging",
            capacity=2,
            model_name="Keyboard K380",
        ),
        _supply(
            "wacom_battery_0", type="Battery", scope="Device", status="Discharging", capacity=1
        ),
        _supply(
            "ps-controller-battery-a4:53", type="Battery", scope="Device", status="Full", capacity=0
        ),
        _supply(
            "hidpp_battery_0", type="Battery", scope="Device", online=1, capacity_level="Critical"
        ),
    )
    return {path: text for files in rng.sample(every, 2) for path, text in files.items()}


def _told_of(files: Files, booked_minutes: int | None) -> Found:
    with made_folder(files or {"class/power_supply": None}) as root:
        machine = LinuxMachine(root, answering({}))
        return machine_figures("host.battery", machine, booked_minutes=booked_minutes)


def _plugged(rng: random.Random) -> Found:
    name, make = rng.choice(_MAKERS)
    status = rng.choice(("Charging", "Full", "Not charging"))
    files = make(name, status, rng.uniform(0.03, 1.0), None, 50.0)
    files |= _chargers(rng, plugged=True)
    return _told_of(
        files | (_accessories(rng) if rng.random() < 0.5 else {}), rng.choice((None, 60))
    )


def _no_battery(rng: random.Random) -> Found:
    """A desktop, or a laptop whose battery was taken out."""
    files = _accessories(rng) if rng.random() < 0.6 else {}
    if rng.random() < 0.5:
        files |= _supply("BAT0", type="Battery", present=0, status="Unknown", capacity=0)
        files |= _supply("AC", type="Mains", online=1)
    return _told_of(files, rng.choice((None, 45)))


def _discharging(low: float, high: float, *, short: bool = False) -> Make:
    """On battery; ``short``: charged enough, but it does not last for the booked time."""

    def make(rng: random.Random) -> Found:
        name, made = rng.choice(_MAKERS)
        booked = rng.choice((20, 45, 60, 90)) if short or rng.random() < 0.6 else None
        need = (booked or 0) + 10
        left = need * (rng.uniform(0.2, 0.8) if short else rng.uniform(1.4, 4.0)) + (not short) * 5
        known = short or rng.random() < 0.7
        share = rng.uniform(low, high)
        files = made(name, "Discharging", share, left if known else None, rng.uniform(30, 99))
        files |= _chargers(rng, plugged=False)
        return _told_of(files | (_accessories(rng) if rng.random() < 0.4 else {}), booked)

    return make


def _two(low: float, high: float) -> Make:
    """One battery in the machine and one behind it; only one is drawn from at a time."""

    def make(rng: random.Random) -> Found:
        whole = rng.uniform(low, high)
        first, second = rng.sample((23.2, 23.2, 47.0, 71.0), 2)
        energy = whole * (first + second)
        inner = min(first, energy * rng.uniform(0.5, 0.9))
        parts = (inner, first), (min(second, energy - inner), second)
        if parts[0][0] + parts[1][0] < energy * 0.99:
            parts = (energy - second, first), (second, second)
        states = rng.sample(("Discharging", rng.choice(("Not charging", "Unknown"))), 2)
        files: Files = {}
        for number, ((now, full), state) in enumerate(zip(parts, states, strict=True)):
            share = now / full
            left = now / 7.0 * 60 if state == "Discharging" else None
            files |= _energy(f"BAT{number}", state, share, left, full)
        files |= _supply("AC", type="Mains", online=0)
        return _told_of(files, None)

    return make


# --- Windows and macOS --------------------------------------------------------------------

_Battery = namedtuple("_Battery", "percent secsleft power_plugged")
_UNKNOWN_S, _UNLIMITED_S = -1, -2


def _by_psutil(low: int, high: int, *, plugged: bool, short: bool = False) -> Make:
    """As psutil documents it: -1 s is unknown, -2 s is on mains."""

    def make(rng: random.Random) -> Found:
        booked = rng.choice((30, 60))
        seconds = _UNLIMITED_S if plugged else rng.choice((_UNKNOWN_S, (booked + 90) * 60))
        if short:
            seconds = rng.randint(5, booked - 5) * 60
        told = _Battery(rng.randint(low, high), seconds, plugged)
        machine = rng.choice((WindowsMachine, MacMachine))()
        with patch.object(psutil, "sensors_battery", lambda: told, create=True):
            return machine_figures("host.battery", machine, booked_minutes=booked)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    yield from blind_cases_of(
        "host.battery",
        SEED,
        (
            ("on mains", _plugged),
            ("no battery of its own", _no_battery),
            ("enough", _discharging(0.33, 1.0)),
            ("two, enough", _two(0.35, 0.95)),
            ("elsewhere, on mains", _by_psutil(3, 100, plugged=True)),
            ("elsewhere, enough", _by_psutil(32, 100, plugged=False)),
        ),
        (
            ("low", WARNED, _discharging(0.115, 0.28)),
            ("too short", WARNED, _discharging(0.33, 0.9, short=True)),
            ("nearly empty", FAILED, _discharging(0.01, 0.085)),
            ("two, low", WARNED, _two(0.12, 0.28)),
            ("two, nearly empty", FAILED, _two(0.01, 0.09)),
            ("elsewhere, low", WARNED, _by_psutil(11, 28, plugged=False)),
            ("elsewhere, short", WARNED, _by_psutil(32, 90, plugged=False, short=True)),
            ("elsewhere, nearly empty", FAILED, _by_psutil(1, 9, plugged=False)),
        ),
    )
