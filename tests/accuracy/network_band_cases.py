"""The warning band of N07: lines whose round trip changes by the same amount from look to look.

Every change lies within 3 % of the line's own, and so does what RFC 3550 makes of them, however
many looks there are. Warned 33 to 92 ms; just outside passed 24 to 27.5 and failed 108 to 125.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

from preflight.analysis.round_trips import SAMPLES
from preflight.model import Measured
from preflight.probe.sampler import Look, collect
from tests.accuracy.kinds import FAILED, HEALTHY, WARNED
from tests.accuracy.tally import Case

SEED = 67_000
INSIDE, OUTSIDE = 24, 8
_BUDGET_S = 7.0


@dataclass
class AlternatingLine:
    """A line that takes a longer way every other time."""

    floor_ms: float
    change_ms: float
    random: random.Random
    looks: int = 0
    now_s: float = 0.0

    async def look(self) -> Look:
        self.looks += 1
        longer_ms = self.looks % 2 * self.change_ms * self.random.uniform(0.97, 1.03)
        trip_ms = self.floor_ms + longer_ms
        self.now_s += trip_ms / 1000
        return Look(trip_ms, self.looks == 1, 200, True, 0.4)

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def sampled(self) -> Measured:
        """Take the gate's samples."""
        found = asyncio.run(
            collect(
                self.look,
                samples=SAMPLES,
                budget_s=_BUDGET_S,
                now=lambda: self.now_s,
                sleep=self.sleep,
            )
        )
        return found.figures()


def cases() -> Iterator[Case]:
    """Yield those before, inside and behind the band."""
    for part, (name, truth, low_ms, high_ms, count) in enumerate(
        (
            ("just before a warning", HEALTHY, 24.0, 27.5, OUTSIDE),
            ("to be warned of", WARNED, 33.0, 92.0, INSIDE),
            ("just worse than a warning", FAILED, 108.0, 125.0, OUTSIDE),
        )
    ):
        for index in range(count):
            drawn = random.Random(SEED + 100 * part + index)
            line = AlternatingLine(drawn.uniform(15, 150), drawn.uniform(low_ms, high_ms), drawn)
            where = f"{name}, {line.change_ms:.0f} ms, seed {SEED + 100 * part + index}"
            yield Case("net.jitter_high", where, truth, line.sampled)
