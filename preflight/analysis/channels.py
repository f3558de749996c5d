"""What two channels of a microphone tell of each other: one dead, or in opposite phase."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound import FULL_SCALE, dbfs

DEAD_DBFS = -85.0
LIVE_DBFS = -60.0
EQUAL_WITHIN = 2.0 * FULL_SCALE / 65_536
"""Channels this close (1/65536 of the range) are one sound sent twice."""
ANTIPHASE = -0.8


class Layout(StrEnum):
    """How the sound lies on the channels."""

    MONO = "mono"
    STEREO = "stereo"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Channels:
    """Two channels beside each other, without their constant part.

    Attributes:
        levels_dbfs: of each channel, -120..0.
        correlation: -1..1; 1 for a single channel, 0 where one of two says nothing.
        dead: whether one says nothing while the other does.
    """

    layout: Layout
    levels_dbfs: tuple[float, ...]
    correlation: float
    dead: bool

    @property
    def louder(self) -> int:
        return int(np.argmax(self.levels_dbfs))

    @property
    def only_use(self) -> int | None:
        """The channel to be used instead of both; None where both may be summed."""
        return self.louder if self.dead or self.correlation < ANTIPHASE else None


def channels(samples: npt.NDArray[np.int16]) -> Channels:
    """Compare the first two channels; samples have shape (n, channels), n > 0."""
    wide = samples[:, :2].astype(np.float64)
    wide -= wide.mean(axis=0)
    power = np.square(wide).mean(axis=0)
    levels = tuple(dbfs(float(each)) for each in power)
    if len(levels) == 1:
        return Channels(Layout.MONO, levels, 1.0, dead=False)
    equal = float(np.abs(wide[:, 0] - wide[:, 1]).max()) <= EQUAL_WITHIN
    both = float(np.sqrt(power[0] * power[1]))
    correlation = float((wide[:, 0] * wide[:, 1]).mean()) / both if both > 0.0 else 0.0
    dead = min(levels) < DEAD_DBFS and max(levels) > LIVE_DBFS
    return Channels(Layout.EQUAL if equal else Layout.STEREO, levels, correlation, dead)
