"""Cases for round trips and jitter: made lines, sampled by the probe's own rules in made time.

Lines have a floor (the way), queues (lognormal), spikes (a radio that sends again: 1 look of 8 to
25 takes 150 to 900 ms longer) and drift (a line that fills or empties, up to 60 ms over the run).
Truth is the line's own, over 4,000 looks, never what eleven of them brought:

- ``net.rtt_high``: the median round trip. Passed below 185, warned 215 to 275, failed from 325;
  nothing is made in between, where eleven looks of an uneven line may say either.
- ``net.jitter_high``: the mean change from one look to the next, which RFC 3550's jitter comes to
  on a line that is watched for long. Passed below 18, warned or failed from 55; which of the two
  is told apart by `network_band_cases`.
"""

import asyncio
import random
import statistics
from collections.abc import Callable, Iterator
from itertools import pairwise

from preflight.analysis.round_trips import SAMPLES
from preflight.model import CheckState, Measured
from preflight.probe.sampler import Look, collect
from tests.accuracy import network_band_cases
from tests.accuracy.tally import FAULTY, HEALTHY, Case

PER_KIND = 70
BUDGET_S = 7.0
SEED = 61_000
LONG = 4_000
WARNED = frozenset({CheckState.WARNED})
FAILED = frozenset({CheckState.FAILED})

Draw = Callable[[], float]


class MadeLine:
    """A line and the time that passes on it."""

    def __init__(self, kind: str, floor_ms: float, spread_ms: float, seed: int) -> None:
        self.kind = kind
        self._floor_ms = floor_ms
        self._spread_ms = spread_ms
        self._random = random.Random(seed)
        self._now_s = 0.0
        self._looks = 0
        self._spike_each = self._random.uniform(8, 25)
        self._drift_ms = self._random.uniform(-60, 60) if kind == "drift" else 0.0

    def draw_ms(self, at: float = 0.5) -> float:
        """Return one round trip; ``at`` says how far the run has got, 0..1."""
        trip = self._floor_ms + self._drift_ms * (at - 0.5)
        # The queue's median is its spread.
        trip += self._spread_ms * self._random.lognormvariate(0.0, 0.5)
        if self.kind == "spikes" and self._random.random() < 1 / self._spike_each:
            trip += self._random.uniform(150, 900)
        return max(1.0, trip)

    async def look(self) -> Look:
        self._looks += 1
        trip = self.draw_ms(min(1.0, self._looks / SAMPLES))
        self._now_s += trip / 1000
        return Look(trip, self._looks == 1, 200, True, 0.4)

    async def sleep(self, seconds: float) -> None:
        # The machine is late now and then: such a look is taken again.
        self._now_s += seconds + (0.08 if self._random.random() < 0.02 else 0.0)

    def sampled(self) -> Measured:
        """Take the gate's samples."""
        found = asyncio.run(
            collect(
                self.look,
                samples=SAMPLES,
                budget_s=BUDGET_S,
                now=lambda: self._now_s,
                sleep=self.sleep,
            )
        )
        return found.figures()


def truth(kind: str, floor_ms: float, spread_ms: float, seed: int) -> tuple[float, float]:
    """Return a line's median round trip and mean change, over many looks in the run's middle."""
    line = MadeLine(kind, floor_ms, spread_ms, seed)
    trips = [line.draw_ms() for _ in range(LONG)]
    changes = [abs(later - earlier) for earlier, later in pairwise(trips)]
    return statistics.median(trips), statistics.fmean(changes)


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from _round_trips()
    yield from _jitters()
    yield from network_band_cases.cases()


def _round_trips() -> Iterator[Case]:
    bands = ((20.0, 185.0, HEALTHY), (215.0, 275.0, WARNED), (325.0, 700.0, FAILED))
    drawn = random.Random(SEED)
    for low, high, right in bands:
        made = 0
        while made < PER_KIND:
            kind = ("even", "spikes", "drift")[made % 3]
            seed = drawn.randrange(1 << 30)
            spread = drawn.uniform(1, 25)
            floor = drawn.uniform(low, high)
            median, _ = truth(kind, floor, spread, seed)
            if not low <= median <= high:
                continue
            made += 1
            yield _case("net.rtt_high", right, kind, floor, spread, seed)


def _jitters() -> Iterator[Case]:
    drawn = random.Random(SEED + 1)
    for low, high, right in ((0.0, 18.0, HEALTHY), (55.0, 160.0, FAULTY)):
        made = 0
        while made < PER_KIND * 3 // 2:
            kind = ("even", "drift")[made % 2]
            seed = drawn.randrange(1 << 30)
            spread = drawn.uniform(0.5, 30) if right is HEALTHY else drawn.uniform(60, 220)
            floor = drawn.uniform(15, 250)
            _, change = truth(kind, floor, spread, seed)
            if not low <= change <= high:
                continue
            made += 1
            yield _case("net.jitter_high", right, kind, floor, spread, seed)


def _case(
    code: str,
    right: frozenset[CheckState],
    kind: str,
    floor_ms: float,
    spread_ms: float,
    seed: int,
) -> Case:
    name = f"{kind}, floor {floor_ms:.0f}, queue {spread_ms:.0f} ms, seed {seed}"
    return Case(code, name, right, lambda: MadeLine(kind, floor_ms, spread_ms, seed).sampled())
