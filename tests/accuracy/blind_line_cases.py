"""P04 to P09, blind: trial calls over lines of another kind.

Written from the catalogue, RFC 3550 (jitter), RFC 4737 (reordering), G.107, and the packets' and
readings' own fields (`Packet`, `PathTotals`), without a look at what is worked out of them. Loss
comes from a Gilbert-Elliott line, delays from a gamma queue; what is true is worked out here, from
the very packets, by the catalogue's words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from preflight.analysis.media_path import Packet, PathTotals
from preflight.model import CheckState, Measured
from preflight.probe.trial_figures import figures_of
from tests.accuracy.kinds import BLIND_HALF, FAILED, HEALTHY, WARNED
from tests.accuracy.tally import Case

SEED = 8_100_000
SECONDS, STREAM_HZ, SOUND_HZ, PICTURE_HZ = 16, 50, 50, 180
WINDOW = 10
"""Packets of the stream in 200 ms."""

Random = np.random.Generator
Floats = npt.NDArray[np.float64]


@dataclass
class Line:
    """A line for one call.

    Attributes:
        lost_up, lost_down: share of packets that a Gilbert-Elliott line loses after ``calm_s``.
        early: the same of both directions before that.
        run: the mean length of a run of lost packets.
        gone: packets of the stream that are lost besides.
        late: packets of the stream that take a way so many ms longer.
        queue_ms: mean of a gamma queue of shape 2.
    """

    lost_up: float = 0.0
    lost_down: float = 0.0
    early: float = 0.0
    calm_s: float = 0.0
    run: float = 1.3
    gone: tuple[int, ...] = ()
    late: dict[int, float] = field(default_factory=dict)
    queue_ms: float = 0.8
    rtt_ms: float = 30.0

    def call(self, random: Random) -> tuple[list[PathTotals], list[Packet]]:
        """Make a call of 16 s: a reading a second, and the packets of the stream."""
        return self._readings(random), self._stream(random)

    def _losses(self, random: Random, share: float, hz: int) -> npt.NDArray[np.bool_]:
        return np.concatenate(
            (
                _gilbert(random, round(self.calm_s * hz), self.early, self.run),
                _gilbert(random, round((SECONDS - self.calm_s) * hz), share, self.run),
            )
        )

    def _stream(self, random: Random) -> list[Packet]:
        both = 1 - (1 - self.lost_up) * (1 - self.lost_down)
        lost = self._losses(random, both, STREAM_HZ)
        lost[list(self.gone)] = True
        delays = self.rtt_ms / 1000 + _queue(random, len(lost), self.queue_ms)
        sent = np.arange(len(lost)) / STREAM_HZ
        # A first-in-first-out queue: nobody overtakes but those of another way.
        came = np.maximum.accumulate(sent + delays)
        for number, by_ms in self.late.items():
            came[number] += by_ms / 1000
        return [
            Packet(number, float(sent[number]), None if gone else float(came[number]))
            for number, gone in enumerate(lost)
        ]

    def _readings(self, random: Random) -> list[PathTotals]:
        sound = np.cumsum(self._losses(random, self.lost_up, SOUND_HZ))
        picture = np.cumsum(self._losses(random, self.lost_down, PICTURE_HZ))
        changes = np.abs(np.diff(_queue(random, SECONDS * SOUND_HZ + 1, self.queue_ms)))
        jitter = 0.0
        found = []
        for second in range(SECONDS + 1):
            for change in changes[(second - 1) * SOUND_HZ : second * SOUND_HZ] if second else ():
                jitter += (float(change) - jitter) / 16
            sent, lost = second * PICTURE_HZ, int(picture[second * PICTURE_HZ - 1]) if second else 0
            rtt = self.rtt_ms * (0.93 + 0.1 * random.gamma(1.2))
            found.append(
                PathTotals(
                    at_s=second + float(random.uniform(0, 0.04)) * bool(second),
                    sent_bytes=sent * 1150 + second * SOUND_HZ * 120,
                    sent_packets=sent + second * SOUND_HZ,
                    received_bytes=(sent - lost) * 1150 + second * SOUND_HZ * 120,
                    received_packets=sent - lost + second * SOUND_HZ,
                    rtt_s=None if second == 0 else rtt / 1000,
                    estimate_kbps=1800.0 + 12 * second,
                    jitter_s=jitter,
                    sound_packets=second * SOUND_HZ,
                    sound_lost=int(sound[second * SOUND_HZ - 1]) if second else 0,
                    picture_packets=sent - lost,
                    picture_lost=lost,
                    frames_decoded=second * 30,
                )
            )
        return found


def _gilbert(random: Random, count: int, share: float, run: float) -> npt.NDArray[np.bool_]:
    """Lose packets in runs: good and bad times in turn, all of which are lost in a bad one."""
    lost = np.zeros(count, np.bool_)
    if share <= 0 or count == 0:
        return lost
    leave = 1 / run
    enter = leave * share / (1 - share)
    bad = random.random() < share
    for number, drawn in enumerate(random.random(count)):
        lost[number] = bad
        bad = drawn >= leave if bad else drawn < enter
    return lost


def _queue(random: Random, count: int, mean_ms: float) -> Floats:
    """Return delays in s of a queue that forgets half of itself from packet to packet."""
    fresh = random.gamma(2.0, mean_ms / 2000, count)
    delays = np.empty(count)
    before = mean_ms / 1000
    for number, drawn in enumerate(fresh):
        before = 0.5 * before + 0.5 * float(drawn)
        delays[number] = before
    return delays


Call = tuple[list[PathTotals], list[Packet]]
Figure = Callable[[Call], float]

# --- What is true ------------------------------------------------------------------------------


def _loss(call: Call) -> float:
    """Worse of the sound's loss upwards and the picture's downwards in the second half."""
    readings = call[0]
    first, last = readings[len(readings) // 2], readings[-1]
    sound = (last.sound_lost - first.sound_lost) / (last.sound_packets - first.sound_packets)
    lost = last.picture_lost - first.picture_lost
    picture = lost / (last.picture_packets - first.picture_packets + lost)
    return 100 * max(sound, picture)


def _late(call: Call) -> float:
    """Share of packets that came after one with a higher number (RFC 4737)."""
    came = sorted((each.received_s, each.number) for each in call[1] if each.received_s is not None)
    highest, late = -1, 0
    for _, number in came:
        late += number < highest
        highest = max(highest, number)
    return 100 * late / len(call[1])


def _round_trip(call: Call) -> float:
    return 1000 * float(np.median([each.rtt_s for each in call[0] if each.rtt_s is not None]))


def _jitter(call: Call) -> float:
    """RFC 3550's estimate at the call's end, of the sound and of the stream, whichever is more."""
    transit = [each.received_s - each.sent_s for each in call[1] if each.received_s is not None]
    estimate = 0.0
    for change in np.abs(np.diff(transit)):
        estimate += (float(change) - estimate) / 16
    return 1000 * max(estimate, max(each.jitter_s for each in call[0]))


def _mos(call: Call) -> float:
    """The catalogue's formula, with the stream's loss."""
    lost = 100 * sum(each.received_s is None for each in call[1]) / len(call[1])
    delay = _round_trip(call) / 2 + 2 * _jitter(call) + 20
    held = 0.024 * delay + 0.11 * max(0.0, delay - 177.3)
    r = 93.2 - held - 95 * lost / (lost + 25.1)
    return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6


# --- Lines -------------------------------------------------------------------------------------

Make = Callable[[Random], Line]


def _losing(low: float, high: float) -> Make:
    """Loses so many per cent one way, and others before the line has settled."""

    def make(random: Random) -> Line:
        share = float(random.uniform(low, high)) / 100
        up, down = ((share, share / 4), (share / 4, share))[int(random.integers(2))]
        early = float(random.choice((0.0, 0.0, 0.12)))
        return Line(up, down, early, 5.0, run=float(random.uniform(1.05, 2.0)))

    return make


def _single(random: Random) -> Line:
    """Some packets are lost, each alone: never two within a second."""
    seconds = random.choice(np.arange(1, SECONDS - 1, 2), int(random.integers(0, 6)), replace=False)
    return Line(gone=tuple(int(s * STREAM_HZ + random.integers(20)) for s in seconds))


def _bursts(count: int, low: int, high: int) -> Make:
    """Loses runs of packets, each within one step of 200 ms."""

    def make(random: Random) -> Line:
        windows = random.choice(np.arange(5, SECONDS * 5 - 5, 5), count, replace=False)
        gone: list[int] = []
        for window in windows:
            length = int(random.integers(low, high + 1))
            first = int(window) * WINDOW + int(random.integers(WINDOW - length + 1))
            gone += range(first, first + length)
        return Line(gone=tuple(gone))

    return make


def _overtaken(low: float, high: float) -> Make:
    def make(random: Random) -> Line:
        count = round(float(random.uniform(low, high)) / 100 * SECONDS * STREAM_HZ)
        which = random.choice(np.arange(0, SECONDS * STREAM_HZ - 20, 3), count, replace=False)
        return Line(late={int(each): float(random.uniform(24, 150)) for each in which})

    return make


def _uneven(low: float, high: float) -> Make:
    return lambda random: Line(queue_ms=float(random.uniform(low, high)), rtt_ms=60.0)


def _far(low: float, high: float) -> Make:
    return lambda random: Line(rtt_ms=float(random.uniform(low, high)))


def _heard(rtt: tuple[float, float], loss: tuple[float, float], queue: float) -> Make:
    def make(random: Random) -> Line:
        share = float(random.uniform(*loss)) / 100
        return Line(share, 0.0, queue_ms=queue, rtt_ms=float(random.uniform(*rtt)), run=1.2)

    return make


@dataclass(frozen=True)
class _Scale:
    """A check's limits, and what is true by them.

    Attributes:
        clear: share of a limit within which a figure is too close to it to be counted.
        falls: whether less is worse.
    """

    figure: Figure
    warn: float
    fail: float
    clear: float = 0.12
    falls: bool = False

    def truth(self, call: Call) -> frozenset[CheckState] | None:
        """Return the right verdicts; None: too close to a limit."""
        value = self.figure(call)
        if any(abs(value / limit - 1) < self.clear for limit in (self.warn, self.fail)):
            return None
        if (value > self.warn) if self.falls else (value < self.warn):
            return HEALTHY
        failed = (value < self.fail) if self.falls else (value > self.fail)
        return FAILED if failed else WARNED


_SCALES = {
    "media.rtt_high": _Scale(_round_trip, 200, 400, 0.02),
    "media.loss": _Scale(_loss, 2, 6, 0.15),
    "media.reorder": _Scale(_late, 1, 5, 0.1),
    "media.jitter": _Scale(_jitter, 30, 100, 0.2),
    "media.mos": _Scale(_mos, 3.8, 2.4, 0.07, falls=True),
}
_LINES: dict[str, tuple[Make, ...]] = {
    "media.rtt_high": (_far(8, 190), _far(20, 190), _far(205, 380), _far(430, 900)),
    "media.loss": (_losing(0, 1.4), _losing(0, 1.4), _losing(2.6, 5), _losing(8, 22)),
    "media.reorder": (
        _overtaken(0, 0.8),
        _overtaken(0, 0.8),
        _overtaken(1.4, 4),
        _overtaken(7, 20),
    ),
    "media.jitter": (_uneven(0.5, 40), _uneven(0.5, 60), _uneven(110, 180), _uneven(450, 700)),
    "media.mos": (
        _heard((10, 160), (0, 0.6), 3),
        _heard((10, 250), (0, 0.6), 6),
        _heard((60, 300), (6, 10), 8),
        _heard((400, 900), (16, 30), 20),
    ),
}
_TRIES = 40


def _case(code: str, seed: int, make: Make, scale: _Scale) -> Case:
    """Make a case whose figure is clear of the limits, by its own packets."""
    for attempt in range(_TRIES):
        random = np.random.default_rng((seed, attempt))
        call = make(random).call(random)
        truth = scale.truth(call)
        if truth is not None:
            break
    else:
        raise AssertionError("no clear line of this kind")
    word = "/".join(sorted(str(each) for each in truth))

    def measure() -> Measured:
        return figures_of(*call)

    return Case(code, f"{word}, {scale.figure(call):.2f}, seed {seed}", truth, measure)


def _burst_cases(seed: int) -> Iterator[Case]:
    """P06: one packet of a window is none; two or more warn; more than half, twice, fail."""
    kinds = (
        ("single packets", HEALTHY, _single, BLIND_HALF),
        ("one burst", WARNED, _bursts(1, 2, 9), -(-BLIND_HALF // 3)),
        ("several short ones", WARNED, _bursts(3, 2, 4), -(-BLIND_HALF // 3)),
        ("several long ones", FAILED, _bursts(3, 7, 10), -(-BLIND_HALF // 3)),
    )
    for number, (name, truth, make, count) in enumerate(kinds):
        for index in range(count):

            def measure(make: Make = make, own: int = seed + 1000 * number + index) -> Measured:
                random = np.random.default_rng(own)
                return figures_of(*make(random).call(random))

            where = f"{name}, seed {seed + 1000 * number + index}"
            yield Case("media.loss_burst", where, truth, measure)


def cases() -> Iterator[Case]:
    """Yield the blind cases: half of them meant to be healthy, the others to warn or to fail."""
    for number, (code, makes) in enumerate(_LINES.items()):
        for index in range(2 * BLIND_HALF):
            seed = SEED + 10_000 * number + index
            yield _case(code, seed, makes[index % 4], _SCALES[code])
    yield from _burst_cases(SEED + 90_000)
