"""The constant part of a microphone's sound: a faulty input adds one, a good one has none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound import FULL_SCALE

PARTS = 6
STABLE_WITHIN = 0.2


@dataclass(frozen=True, slots=True)
class DcOffset:
    """The constant part of the worst channel.

    Attributes:
        share: of full scale, 0..1.
        stable: whether every half second has it, within 20 %. Speech and wind are not.
    """

    share: float
    stable: bool


def dc_offset(samples: npt.NDArray[np.int16]) -> DcOffset:
    """Measure 3 s of sound, shape (n, channels), n >= 6."""
    means = np.array([part.mean(axis=0) for part in np.array_split(samples, PARTS)])
    whole = means.mean(axis=0)
    worst = int(np.argmax(np.abs(whole)))
    offset = float(abs(whole[worst]))
    stray = float(np.abs(means[:, worst] - whole[worst]).max())
    return DcOffset(offset / FULL_SCALE, stable=offset > 0.0 and stray <= STABLE_WITHIN * offset)
