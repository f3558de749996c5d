"""P06 and N07 on lines that nobody had seen when their rules were set.

P06's limit was moved when reported seeds had been looked at (decision 0040), and so was the way to
N07's figure (0036, 0039). Lines of another kind, written afterwards:

- ``media.loss_burst``: calls of 8 to 16 s. Healthy: nothing is lost, or one packet in 500 at most,
  each two seconds and more from the next. Ill: one to six bursts of 3 to 40 packets besides.
- ``net.jitter_high``: queues with a memory (each looks back on the one before) of a Weibull
  distribution, floors of 3 to 280 ms, looks that are late now and then. Truth is the mean change
  over 4,000 looks: passed below 18 ms, warned or failed from 55.
"""

import asyncio
import random
import statistics
from collections.abc import Iterator
from functools import cache, partial
from itertools import pairwise

from preflight.analysis.media_path import Packet, PathTotals
from preflight.analysis.round_trips import SAMPLES
from preflight.model import Measured
from preflight.probe.sampler import Look, collect
from preflight.probe.trial_figures import figures_of
from tests.accuracy.kinds import HEALTHY
from tests.accuracy.tally import FAULTY, Case

SEED = 42_000_000
EACH_HALF = 200
STREAM_HZ = 50
_LONG = 4_000
_BUDGET_S = 7.0

# --- P06 ---------------------------------------------------------------------------------------


def _stream(drawn: random.Random, *, bursts: int) -> Measured:
    count = round(drawn.uniform(8, 16) * STREAM_HZ)
    lost, at = set[int](), drawn.randrange(2000)
    while at < count:
        lost.add(at)
        at += drawn.randrange(2 * STREAM_HZ, 2000) if drawn.random() < 0.7 else 100_000
    for _ in range(bursts):
        length = min(40, 3 + int(drawn.expovariate(1 / 6)))
        first = drawn.randrange(count - length)
        lost |= set(range(first, first + length))
    packets = []
    for number in range(count):
        delay_s = 0.015 + drawn.expovariate(1 / 0.004)
        sent_s = number / STREAM_HZ
        packets.append(Packet(number, sent_s, None if number in lost else sent_s + delay_s))
    seconds = range(count // STREAM_HZ + 1)
    return figures_of([PathTotals(float(at), rtt_s=0.03) for at in seconds], packets)


# --- N07 ---------------------------------------------------------------------------------------


class QueueLine:
    """A line whose queue remembers: a part of each delay is that of the look before."""

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(seed)
        self.floor_ms = self._drawn.uniform(3, 280)
        self.scale_ms = 10 ** self._drawn.uniform(-0.5, 2.6)
        self._shape = self._drawn.uniform(1.2, 2.5)
        self._memory = self._drawn.uniform(0.0, 0.6)
        self._before_ms = self.scale_ms
        self._looks = 0
        self.now_s = 0.0

    def draw_ms(self) -> float:
        fresh = self._drawn.weibullvariate(self.scale_ms, self._shape)
        self._before_ms = self._memory * self._before_ms + (1 - self._memory) * fresh
        return self.floor_ms + self._before_ms

    async def look(self) -> Look:
        self._looks += 1
        trip_ms = self.draw_ms()
        self.now_s += trip_ms / 1000
        return Look(trip_ms, self._looks == 1, 200, True, 0.5)

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds + (0.07 if self._drawn.random() < 0.04 else 0.0)


@cache
def _change_ms(seed: int) -> float:
    line = QueueLine(seed)
    trips = [line.draw_ms() for _ in range(_LONG)]
    return statistics.fmean(abs(later - earlier) for earlier, later in pairwise(trips))


def _sampled(seed: int) -> Measured:
    line = QueueLine(seed)
    found = asyncio.run(
        collect(
            line.look,
            samples=SAMPLES,
            budget_s=_BUDGET_S,
            now=lambda: line.now_s,
            sleep=line.sleep,
        )
    )
    return found.figures()


# --- all ---------------------------------------------------------------------------------------


def _bursts() -> Iterator[Case]:
    for part, (name, truth) in enumerate((("single losses", HEALTHY), ("bursts", FAULTY))):
        for index in range(EACH_HALF):
            seed = SEED + 1000 * part + index

            def measure(seed: int = seed, ill: bool = part == 1) -> Measured:
                drawn = random.Random(seed)
                return _stream(drawn, bursts=drawn.randrange(1, 7) if ill else 0)

            yield Case("media.loss_burst", f"{name}, seed {seed}", truth, measure)


def _jitters() -> Iterator[Case]:
    for part, (low_ms, high_ms, truth) in enumerate(((0.0, 18.0, HEALTHY), (55.0, 200.0, FAULTY))):
        made, seed = 0, SEED + 10_000 + 10_000 * part
        while made < EACH_HALF:
            seed += 1
            change_ms = _change_ms(seed)
            if not low_ms <= change_ms <= high_ms:
                continue
            made += 1
            name = f"changes by {change_ms:.0f} ms, seed {seed}"
            yield Case("net.jitter_high", name, truth, partial(_sampled, seed))


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from _bursts()
    yield from _jitters()
