"""How many quality samples one side of a session can have measured."""

import math
from typing import Final

PER_SECOND: Final = 2
"""A client measures once a second; the other half is room for one that measures more finely."""


def most_samples(
    *, total_seconds: float, start_window_seconds: float, absence_cap_seconds: float
) -> int:
    """Return how many samples are kept of one side.

    Args:
        total_seconds: the session's allotted time, paid extensions included.
        start_window_seconds: how long people may be in the room before the start.
        absence_cap_seconds: for how long the clock may stand while one side is gone.
    """
    return PER_SECOND * math.ceil(total_seconds + start_window_seconds + absence_cap_seconds)
