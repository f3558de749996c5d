"""Linux: what sysfs tells of the batteries that feed this machine, and of its chargers.

psutil tells of one battery, takes a wireless mouse's for it on a desktop, and knows two names of
chargers. Source: the kernel's ``Documentation/ABI/testing/sysfs-class-power``: energy in µWh and
power in µW or charge in µAh and current in µA, ``scope`` for what feeds another device, times in
seconds.
"""

from dataclasses import dataclass
from pathlib import Path

from preflight.system.machine_ports import Battery

_MICRO = 1e-6
_MINUTE_S = 60.0
_ON_MAINS = ("charging", "full", "not charging")
"""What a battery says that a charger stands behind; on "Unknown" nothing is known."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One battery.

    Attributes:
        share: 0..1 of what it takes when full.
        full_wh: None where only per cent are told.
        power_w: what flows now, whichever way; None where it is not told.
        minutes_left: by its own count; None where it does not count.
    """

    status: str
    share: float
    full_wh: float | None
    power_w: float | None
    minutes_left: float | None


def read_batteries(supplies: Path) -> Battery | None:
    """Sum the machine's own batteries up; None where it has none.

    Args:
        supplies: ``/sys/class/power_supply``.
    """
    places = _own(supplies)
    cells = [cell for place in places if (cell := _cell(place)) is not None]
    if not cells:
        return None
    on_mains = _on_mains(places, cells)
    left = None if on_mains is not False else _minutes_left(cells)
    return Battery(on_mains, 100 * _share(cells), left)


def _own(supplies: Path) -> list[Path]:
    try:
        found = sorted(supplies.iterdir())
    except OSError:
        return []
    # What is worn or held in a hand has a battery of its own, nearly always nearly empty.
    return [place for place in found if _text(place / "scope").lower() != "device"]


def _cell(place: Path) -> _Cell | None:
    if _text(place / "type").lower() != "battery" or _text(place / "present") == "0":
        return None
    volts = _micro(place / "voltage_now") or _micro(place / "voltage_min_design")
    now, full = (
        _watts(place, "energy_now", "charge_now", volts),
        _watts(place, "energy_full", "charge_full", volts),
    )
    percent = _number(place / "capacity")
    if now is not None and full:
        share = min(1.0, max(0.0, now / full))
    elif percent is not None:
        share = min(1.0, max(0.0, percent / 100))
    else:
        return None
    power = _watts(place, "power_now", "current_now", volts)
    seconds = _number(place / "time_to_empty_now")
    return _Cell(
        _text(place / "status").lower(),
        share,
        full or None,
        None if power is None else abs(power),
        seconds / _MINUTE_S if seconds else None,
    )


def _on_mains(places: list[Path], cells: list[_Cell]) -> bool | None:
    """Say whether a charger feeds the machine; None where neither it nor a battery tells."""
    told = [
        _number(place / "online")
        for place in places
        if _text(place / "type").lower() not in ("battery", "ups", "")
    ]
    online = [each for each in told if each is not None]
    if any(online):
        return True
    statuses = [cell.status for cell in cells]
    if "discharging" in statuses:
        return False
    if online:
        return False
    return True if any(each in _ON_MAINS for each in statuses) else None


def _share(cells: list[_Cell]) -> float:
    sized = [(cell.share * cell.full_wh, cell.full_wh) for cell in cells if cell.full_wh]
    if len(sized) == len(cells):
        return sum(now for now, _ in sized) / sum(full for _, full in sized)
    return sum(cell.share for cell in cells) / len(cells)


def _minutes_left(cells: list[_Cell]) -> float | None:
    """Return how long all of them last; several are emptied one after the other."""
    energies = [cell.share * cell.full_wh for cell in cells if cell.full_wh]
    power_w = sum(cell.power_w for cell in cells if cell.power_w is not None)
    if len(energies) == len(cells) and power_w > 0:
        return sum(energies) / power_w * 60
    counted = [cell.minutes_left for cell in cells if cell.minutes_left is not None]
    return sum(counted) if len(counted) == len(cells) else None


def _watts(place: Path, in_energy: str, in_charge: str, volts: float | None) -> float | None:
    """Read a figure in Wh or W; one in Ah or A counts by the voltage."""
    found = _micro(place / in_energy)
    if found is not None:
        return found
    charge = _micro(place / in_charge)
    return None if charge is None or not volts else charge * volts


def _micro(file: Path) -> float | None:
    found = _number(file)
    return None if found is None else found * _MICRO


def _number(file: Path) -> int | None:
    try:
        return int(_text(file))
    except ValueError:
        return None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        # A fuel gauge that sleeps answers with an error.
        return ""
