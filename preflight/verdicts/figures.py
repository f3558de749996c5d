"""Figures whose source is not to be trusted: a check, a process beside, somebody's report. Pure."""

import math
from collections.abc import Mapping
from typing import Final

UNITS: Final[Mapping[str, str]] = {
    "ms": "ms",
    "s": "s",
    "percent": "%",
    "dbfs": "dBFS",
    "dbm": "dBm",
    "db": "dB",
    "kbps": "kbit/s",
    "mbps": "Mbit/s",
    "px": "px",
    "gb": "GB",
    "hz": "Hz",
}
"""What a figure's name ends in, and how that is written. The same in every language."""


def unit_of(name: str) -> str:
    """Return the unit that a figure's name ends in; empty where it ends in none."""
    if "_" not in name or name.endswith("_per_s"):
        return ""
    return UNITS.get(name.rpartition("_")[2], "")


def finite(value: object) -> float | None:
    """Return a finite number; None for anything else.

    ``True`` is no measurement, and neither is an integer of more than 308 digits.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
