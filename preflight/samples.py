"""What the devices gave over the run, as columns for the report's plots: level, luma and rate.

Numbers alone: no sound and no picture can be made from them.
"""

from collections import deque
from dataclasses import dataclass

SAMPLE_EVERY_S = 0.25
KEPT = 240
"""The last minute of samples."""


@dataclass(frozen=True, slots=True)
class DeviceSample:
    """The devices at one moment; None where one gives nothing.

    Attributes:
        at_ms: since the run began.
        level_dbfs: RMS of the last 60 ms, -120..0.
        luma: mean of the newest analysed picture, 0..255.
        fps: distinct pictures per second over the last 2.5 s.
    """

    at_ms: float
    level_dbfs: float | None
    luma: float | None
    fps: float | None


class DeviceSamples:
    """Keeps the newest samples."""

    def __init__(self) -> None:
        self._kept: deque[DeviceSample] = deque(maxlen=KEPT)

    def add(self, sample: DeviceSample) -> None:
        """Keep one more sample; the oldest makes room."""
        self._kept.append(sample)

    def columns(self) -> dict[str, list[float | None]]:
        """Return the samples by column, all of one length, for the report."""
        return {
            "at_ms": [round(each.at_ms) for each in self._kept],
            "level_dbfs": [_rounded(each.level_dbfs) for each in self._kept],
            "luma": [_rounded(each.luma) for each in self._kept],
            "fps": [_rounded(each.fps) for each in self._kept],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
