"""What a report shows over time: the axes, with the limits of the catalogue's rules. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.rules import steps


@dataclass(frozen=True, slots=True)
class Axis:
    """The vertical axis of a line over time.

    Attributes:
        low, high: what is shown at least; values beyond widen it.
        limit: drawn across; None for none.
    """

    unit: str
    low: float
    high: float
    limit: float | None = None

    def beside(self, values: Sequence[float | None]) -> "Axis":
        """Return the axis for these values.

        A limit above the axis is shown once a value comes half as far: before, it would press the
        line flat.
        """
        if self.limit is None or self.limit <= self.high:
            return self
        highest = max((value for value in values if value is not None), default=0.0)
        if highest < self.limit / 2:
            return replace(self, limit=None)
        return replace(self, high=self.limit)


def runs(x: Sequence[float], y: Sequence[float | None]) -> Iterator[list[tuple[float, float]]]:
    """Cut a line at its gaps, which are None."""
    run: list[tuple[float, float]] = []
    for when, value in zip(x, y, strict=True):
        if value is not None:
            run.append((when, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _warns(code: str) -> float:
    return _figure(code, steps(BY_CODE[code].rules)[0])


def _fails(code: str) -> float:
    return _figure(code, steps(BY_CODE[code].rules)[1])


def _figure(code: str, step: object) -> float:
    if isinstance(step, bool) or not isinstance(step, int | float):
        raise TypeError(f"{code} is not judged by a figure")
    return float(step)


RTT: Final = Axis("ms", 0, 50, _fails("net.rtt_high"))
LEVEL: Final = Axis("dBFS", -90, 0, _fails("mic.level_low"))
LUMA: Final = Axis("", 0, 255)
FPS: Final = Axis("fps", 0, 30, _warns("camera.fps_low"))
UPLINK: Final = Axis("kbit/s", 0, 3000, _warns("media.uplink_low"))
DOWNLINK: Final = Axis("kbit/s", 0, 3000, _warns("media.downlink_low"))
