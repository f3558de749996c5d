"""Figures that somebody else sent. Pure."""

import math


def finite(value: object) -> float | None:
    """Return a finite number; None for whatever was sent instead of one.

    ``true`` is no number, and neither is an integer of more than 308 digits, which JSON allows.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
