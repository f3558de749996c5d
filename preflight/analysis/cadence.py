"""How evenly pictures come: which of them are missing from the camera's own beat.

Pure but for numpy. Source: catalogue C20 and decision 0020.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEW_INTERVALS = 51
"""In fewer than this one missing picture would already be 2 %."""
_MISSING_FROM = 1.5
_NOT_CAUGHT_UP_FROM = 2.5


@dataclass(frozen=True, slots=True)
class Cadence:
    """The beat of a run of pictures.

    Attributes:
        intervals: how many intervals were looked at.
        drops: in how many of them at least one picture is missing.
    """

    intervals: int
    drops: int

    @property
    def drop_share(self) -> float:
        """Share of intervals with a gap, 0..1; 0 without any interval."""
        return self.drops / self.intervals if self.intervals else 0.0

    @property
    def tells(self) -> bool:
        """False where a single gap among few pictures would decide."""
        return self.intervals >= FEW_INTERVALS or self.drops != 1


def cadence(stamps_ns: Sequence[int]) -> Cadence:
    """Find the gaps in the times at which pictures came.

    A missing picture makes an interval of two beats. One that only came late makes a long and
    then a short one, so an interval counts when the next does not make up for it.

    Args:
        stamps_ns: rising; of every picture, repeated ones included.
    """
    if len(stamps_ns) < 3:
        return Cadence(max(0, len(stamps_ns) - 1), 0)
    intervals = np.diff(np.asarray(stamps_ns, dtype=np.int64)).astype(np.float64)
    beat = float(np.median(intervals))
    # The last interval waits for its successor.
    long = intervals[:-1] > _MISSING_FROM * beat
    still_behind = intervals[:-1] + intervals[1:] > _NOT_CAUGHT_UP_FROM * beat
    return Cadence(intervals.size - 1, int(np.count_nonzero(long & still_behind)))
