"""The warning bands of P04 to P09: calls whose figures are known exactly, because nothing is drawn.

Losses are spread evenly, delays change by the same amount from packet to packet, and round trips
scatter by 4 %: what a call of 14 s comes to is its parameter, whichever part of it is looked at.
Truth is the catalogue's bands. Cases lie inside a warning band and, at each side, just outside:

- ``media.loss``: warned 2.4 to 5.6 %; passed 1.2 to 1.6, failed 6.4 to 7.4.
- ``media.loss_burst``: warned with 2 to 5 packets of a window of ten, or with 6 to 10 once; passed
  with single ones, failed with 6 and 7 twice.
- ``media.reorder``: warned 1.2 to 4.7 %; passed 0.6 to 0.85, failed 5.4 to 6.
- ``media.jitter``: warned 33 to 93 ms; passed 24 to 27.5, failed 107 to 125. The sound's own figure
  or the stream's is the larger one.
- ``media.rtt_high``: warned 210 to 385 ms; passed 180 to 191, failed 418 to 450.
- ``media.mos``: warned 2.5 to 3.7; passed 3.88 to 4, failed 2.1 to 2.3.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.analysis.media_path import Packet, PathTotals
from preflight.model import Measured
from preflight.probe.trial_figures import figures_of
from tests.accuracy.kinds import FAILED, HEALTHY, WARNED
from tests.accuracy.tally import Case

SEED = 66_000
INSIDE, OUTSIDE = 24, 8
SECONDS, STREAM_HZ, SOUND_HZ, PICTURE_HZ = 14, 50, 50, 150
WINDOW = 10
_COUNT = SECONDS * STREAM_HZ

Random: TypeAlias = np.random.Generator


@dataclass(frozen=True, slots=True)
class ExactCall:
    """A call over a line on which nothing is left to chance but where things happen.

    Attributes:
        up, down: percent of packets lost, of the sound upwards and of the picture downwards.
        gone: numbers of the stream's packets that are lost besides ``up``.
        late: how many packets of the stream come after their successor.
        sound_ms, stream_ms: by how much delays change from packet to packet.
    """

    up: float = 0.0
    down: float = 0.0
    gone: Sequence[int] = field(default=())
    late: int = 0
    sound_ms: float = 1.0
    stream_ms: float = 1.0
    rtt_ms: float = 40.0

    def figures(self, random: Random) -> Measured:
        """Take the figures as the probe does."""
        return figures_of(self._totals(random), self._packets(random))

    def _packets(self, random: Random) -> list[Packet]:
        numbers = np.arange(_COUNT)
        sent_s = numbers / STREAM_HZ
        changes = self.stream_ms * random.uniform(0.97, 1.03, _COUNT)
        came_s = sent_s + self.rtt_ms / 2000 + numbers % 2 * changes / 1000
        some = random.choice(np.arange(10, _COUNT - 10, 3), self.late, replace=False)
        came_s[some] += 1.5 / STREAM_HZ
        lost = np.diff(_lost(random, self.up, _COUNT)) > 0
        lost[list(self.gone)] = True
        # What trails behind the last quick packet would end the stream with an even delay.
        lost |= came_s > came_s[(_COUNT - 1) // 2 * 2]
        return [
            Packet(number, float(sent), None if gone else float(came))
            for number, (sent, came, gone) in enumerate(zip(sent_s, came_s, lost, strict=True))
        ]

    def _totals(self, random: Random) -> list[PathTotals]:
        sound = _lost(random, self.up, SECONDS * SOUND_HZ)[::SOUND_HZ]
        picture = _lost(random, self.down, SECONDS * PICTURE_HZ)[::PICTURE_HZ]
        return [
            PathTotals(
                at_s=float(second),
                sent_bytes=second * 250_000,
                sent_packets=second * (SOUND_HZ + PICTURE_HZ),
                received_bytes=second * 250_000,
                received_packets=second * (SOUND_HZ + PICTURE_HZ),
                rtt_s=self.rtt_ms / 1000 * float(random.uniform(0.96, 1.04)),
                estimate_kbps=2000.0,
                jitter_s=self.sound_ms / 1000,
                sound_packets=second * SOUND_HZ,
                sound_lost=int(sound[second]),
                picture_packets=second * PICTURE_HZ - int(picture[second]),
                picture_lost=int(picture[second]),
                frames_decoded=second * 30,
            )
            for second in range(SECONDS + 1)
        ]


def _lost(random: Random, percent: float, count: int) -> npt.NDArray[np.int64]:
    """Return how many of the first 0, 1, 2, ... packets are lost, evenly spread."""
    spread = random.uniform(0, 1) + percent / 100 * np.arange(count + 1)
    return np.asarray(np.floor(spread), np.int64)


Build: TypeAlias = Callable[[Random], ExactCall]


def _lossy(low: float, high: float) -> Build:
    def build(random: Random) -> ExactCall:
        share = float(random.uniform(low, high))
        up, down = ((share, 0.0), (0.0, share), (share, share))[int(random.integers(3))]
        return ExactCall(up=up, down=down)

    return build


def _windows(random: Random, lost: Sequence[int]) -> ExactCall:
    """Lose so many packets of one window each, in windows of their own."""
    chosen = random.choice(np.arange(1, _COUNT // WINDOW - 1, 2), len(lost), replace=False)
    gone = [
        int(window) * WINDOW + int(place)
        for window, count in zip(chosen, lost, strict=True)
        for place in random.choice(WINDOW, count, replace=False)
    ]
    return ExactCall(gone=gone)


def _bursts(random: Random) -> ExactCall:
    """Several windows with up to half of their packets lost; or one with more than half."""
    some = [int(each) for each in random.integers(2, 6, int(random.integers(1, 5)))]
    if random.random() < 0.5:
        some[0] = int(random.integers(6, 11))
    return _windows(random, some)


def _singles(random: Random) -> ExactCall:
    return _windows(random, [1] * int(random.integers(1, 10)))


def _twice(random: Random) -> ExactCall:
    return _windows(random, [int(each) for each in random.integers(6, 8, 2)])


def _overtaken(low: float, high: float) -> Build:
    return lambda random: ExactCall(late=round(float(random.uniform(low, high)) / 100 * _COUNT))


def _uneven(low_ms: float, high_ms: float) -> Build:
    def build(random: Random) -> ExactCall:
        change_ms = float(random.uniform(low_ms, high_ms))
        if random.random() < 0.5:
            return ExactCall(sound_ms=change_ms, stream_ms=0.3 * change_ms)
        return ExactCall(sound_ms=0.3 * change_ms, stream_ms=change_ms)

    return build


def _far(low_ms: float, high_ms: float) -> Build:
    return lambda random: ExactCall(rtt_ms=float(random.uniform(low_ms, high_ms)))


def _mos(loss: float, rtt_ms: float, jitter_ms: float) -> float:
    """The catalogue's formula for P09."""
    delay = rtt_ms / 2 + 2 * jitter_ms + 20
    r = 93.2 - 0.024 * delay - 0.11 * max(0.0, delay - 177.3) - 95 * loss / (loss + 25.1)
    return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6


def _heard(low: float, high: float) -> Build:
    """Draw calls until one has such a score."""

    def build(random: Random) -> ExactCall:
        while True:
            loss, rtt_ms = float(random.uniform(0, 22)), float(random.uniform(20, 700))
            jitter_ms = float(random.uniform(1, 60))
            if low <= _mos(loss, rtt_ms, jitter_ms) <= high:
                return ExactCall(up=loss, rtt_ms=rtt_ms, sound_ms=jitter_ms)

    return build


_BANDS: Sequence[tuple[str, Build, Build, Build]] = (
    ("media.loss", _lossy(1.2, 1.6), _lossy(2.4, 5.6), _lossy(6.4, 7.4)),
    ("media.loss_burst", _singles, _bursts, _twice),
    ("media.reorder", _overtaken(0.6, 0.85), _overtaken(1.2, 4.7), _overtaken(5.4, 6)),
    ("media.jitter", _uneven(24, 27.5), _uneven(33, 93), _uneven(107, 125)),
    ("media.rtt_high", _far(180, 191), _far(210, 385), _far(418, 450)),
    ("media.mos", _heard(3.88, 4), _heard(2.5, 3.7), _heard(2.1, 2.3)),
)


def cases() -> Iterator[Case]:
    """Yield, for each check, those before, inside and behind its warning band."""
    for number, (code, before, inside, behind) in enumerate(_BANDS):
        for part, (name, truth, build, count) in enumerate(
            (
                ("just before a warning", HEALTHY, before, OUTSIDE),
                ("to be warned of", WARNED, inside, INSIDE),
                ("just worse than a warning", FAILED, behind, OUTSIDE),
            )
        ):
            for index in range(count):
                seed = SEED + 1000 * number + 100 * part + index

                def measure(build: Build = build, seed: int = seed) -> Measured:
                    random = np.random.default_rng(seed)
                    return build(random).figures(random)

                yield Case(code, f"{name}, seed {seed}", truth, measure)
