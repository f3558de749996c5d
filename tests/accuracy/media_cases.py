"""Cases for the trial call: made lines, judged by the figures of their packets and readings.

A line loses packets by chance or in bursts, delays them by a queue (lognormal), and lets some
overtake others; 14 s of a call go over it: a loss stream of 50 packets a second, sound of 50 and a
picture of 150. Limits are those of the catalogue's sources; none was chosen on these lines. Truth
is the line's own parameter, with nothing made in between:

- ``media.loss``: healthy to 0.5 %, faulty from 6 % one way or both.
- ``media.loss_burst``: healthy without loss or with single packets (to 0.1 %), faulty with one to
  four bursts of 3 to 15 packets.
- ``media.reorder``: healthy to 0.2 % of overtaken packets, faulty from 3 %.
- ``media.jitter``: the mean change of the delay; healthy to 18 ms, faulty from 48 ms.
- ``media.rtt_high``: healthy to 150 ms, faulty from 260 ms, with readings that scatter by 15 %.
- ``media.mos``: healthy within 150 ms, 10 ms and 0.5 %, faulty from 8 % of loss, or from 900 ms.

Faulty is warned or failed here; which of the two is told apart by `media_band_cases`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.analysis.media_path import Packet, PathTotals
from preflight.model import CheckState, Measured
from preflight.probe.trial_figures import figures_of
from tests.accuracy import media_band_cases
from tests.accuracy.tally import FAULTY, HEALTHY, Case

PER_KIND = 100
SECONDS = 14
STREAM_HZ = 50
PICTURE_HZ = 150
SEED = 62_000

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class CallLine:
    """A line for one trial call.

    Attributes:
        up, down: share of packets lost by chance, 0..1.
        bursts: lengths of runs of lost packets of the stream.
        overtaken: share of the stream's packets that arrive after their successor, 0..1.
        queue_ms: the median of a lognormal queue with a sigma of 0.5.
        rtt_ms: the round trip without that queue.
    """

    up: float = 0.0
    down: float = 0.0
    bursts: Sequence[int] = ()
    overtaken: float = 0.0
    queue_ms: float = 1.0
    rtt_ms: float = 40.0

    def figures(self, random: Random) -> Measured:
        """Make a call over it and take the figures as the probe does."""
        return figures_of(self._totals(random), self._packets(random))

    def _packets(self, random: Random) -> list[Packet]:
        count = SECONDS * STREAM_HZ
        sent_s = np.arange(count) / STREAM_HZ
        arrived_s = sent_s + self.rtt_ms / 1000 + self._queue_s(random, count)
        if self.overtaken:
            late = random.random(count) < self.overtaken
            arrived_s[late] += 1.5 / STREAM_HZ
        lost = random.random(count) < 1 - (1 - self.up) * (1 - self.down)
        for length in self.bursts:
            first = int(random.integers(count - length))
            lost[first : first + length] = True
        return [
            Packet(number, float(sent), None if gone else float(came))
            for number, (sent, came, gone) in enumerate(zip(sent_s, arrived_s, lost, strict=True))
        ]

    def _queue_s(self, random: Random, count: int) -> npt.NDArray[np.float64]:
        return self.queue_ms / 1000 * random.lognormal(0.0, 0.5, count)

    def _totals(self, random: Random) -> list[PathTotals]:
        """One reading a second; what was lost of each stream is drawn second by second."""
        found, sound_lost, picture_lost, jitter_s = [], 0, 0, 0.0
        for second in range(SECONDS + 1):
            delays_s = self._queue_s(random, STREAM_HZ)
            for change_s in np.abs(np.diff(delays_s)):
                jitter_s += (float(change_s) - jitter_s) / 16
            found.append(
                PathTotals(
                    at_s=float(second),
                    sent_bytes=second * 250_000,
                    sent_packets=second * (STREAM_HZ + PICTURE_HZ),
                    received_bytes=second * 250_000,
                    received_packets=second * (STREAM_HZ + PICTURE_HZ),
                    rtt_s=self.rtt_ms / 1000 * float(random.uniform(0.85, 1.15)),
                    estimate_kbps=2000.0,
                    jitter_s=jitter_s,
                    sound_packets=second * STREAM_HZ,
                    sound_lost=sound_lost,
                    picture_packets=second * PICTURE_HZ - picture_lost,
                    picture_lost=picture_lost,
                    frames_decoded=second * 30,
                )
            )
            sound_lost += int(random.binomial(STREAM_HZ, self.up))
            picture_lost += int(random.binomial(PICTURE_HZ, self.down))
        return found


def mean_change_ms(queue_ms: float) -> float:
    """Return the mean change between neighbours on a line with such a queue."""
    drawn = np.random.default_rng(7).lognormal(0.0, 0.5, 100_000)
    return queue_ms * float(np.abs(np.diff(drawn)).mean())


def _lossy(random: Random) -> CallLine:
    share = float(random.uniform(0.06, 0.25))
    up, down = ((share, 0.0), (0.0, share), (share, share))[int(random.integers(3))]
    return CallLine(up=up, down=down, rtt_ms=float(random.uniform(10, 180)))


def _in_bursts(random: Random) -> CallLine:
    lengths = [int(each) for each in random.integers(3, 16, int(random.integers(1, 5)))]
    return CallLine(bursts=lengths)


def _poor(random: Random) -> CallLine:
    if random.random() < 0.5:
        return CallLine(up=float(random.uniform(0.08, 0.3)), rtt_ms=float(random.uniform(20, 200)))
    return CallLine(rtt_ms=float(random.uniform(900, 1500)))


def _good(random: Random) -> CallLine:
    share = float(random.uniform(0, 0.005))
    queue_ms = float(random.uniform(0.5, 10)) / mean_change_ms(1.0)
    return CallLine(up=share, down=share, rtt_ms=float(random.uniform(5, 150)), queue_ms=queue_ms)


def _changing(low_ms: float, high_ms: float) -> Callable[[Random], CallLine]:
    return lambda random: CallLine(
        queue_ms=float(random.uniform(low_ms, high_ms)) / mean_change_ms(1.0)
    )


_KINDS: Sequence[tuple[str, Callable[[Random], CallLine], Callable[[Random], CallLine]]] = (
    ("media.loss", _good, _lossy),
    (
        "media.loss_burst",
        lambda random: CallLine(up=float(random.choice([0.0, random.uniform(0, 0.001)]))),
        _in_bursts,
    ),
    (
        "media.reorder",
        lambda random: CallLine(overtaken=float(random.uniform(0, 0.002))),
        lambda random: CallLine(overtaken=float(random.uniform(0.03, 0.3))),
    ),
    ("media.jitter", _changing(0.5, 18), _changing(48, 160)),
    (
        "media.rtt_high",
        lambda random: CallLine(rtt_ms=float(random.uniform(2, 150))),
        lambda random: CallLine(rtt_ms=float(random.uniform(260, 1200))),
    ),
    ("media.mos", _good, _poor),
)


def cases() -> Iterator[Case]:
    """Yield all of them, check by check."""
    for number, (code, good, bad) in enumerate(_KINDS):
        for truth, make, offset in ((HEALTHY, good, 0), (FAULTY, bad, PER_KIND)):
            for index in range(PER_KIND):
                seed = SEED + 1000 * number + offset + index
                yield _case(code, truth, make, seed)
    yield from media_band_cases.cases()


def _case(
    code: str, truth: frozenset[CheckState], make: Callable[[Random], CallLine], seed: int
) -> Case:
    def measure() -> Measured:
        random = np.random.default_rng(seed)
        return make(random).figures(random)

    name = "healthy" if truth is HEALTHY else "faulty"
    return Case(code, f"{name}, seed {seed}", truth, measure)
