"""P11's freezes beside changes of the sent picture's size, as real trial calls have them.

Shapes are those of 15 calls over clean lines of 1,100 to 2,900 kbit/s (decision 0058): the picture
stops, becomes smaller within the next second, and stops again with the new size's key picture. A
change is one key picture more that nobody asked for; two of them may lie between two readings.
Truth: a freeze is the line's own unless it lies within 0.9 s before the picture becomes smaller, or
within 0.9 s after any change; of each there is one. Made at least 2.2 s away from every change, two
readings, since within that nothing tells them apart.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from preflight.analysis.media_path import PathTotals
from preflight.probe.path_stats import totals_of
from preflight.probe.trial_figures import figures_of
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import WARNED, Found, Make, cases_of
from tests.accuracy.made_stats import Came, Sent, stats_of_a, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case

SEED = 590_000
HALF = 50
SECONDS = 16.0
_SIZES = ((1280, 720), (960, 540), (640, 360), (480, 270), (320, 180))


@dataclass
class FrozenCall:
    """What happens in a call, in seconds.

    Attributes:
        sizes: when the size changes, and to which of `_SIZES`.
        stops: when freezes end.
        asked: when whole pictures are asked for, each of which is sent.
    """

    sizes: list[tuple[float, int]] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)

    def shrink(self, at_s: float, to: int, rng: random.Random, *, chokes: bool = True) -> None:
        """Become smaller, as a healthy line does: it stops before, perhaps, and with it."""
        if chokes:
            self.stops.append(at_s - rng.uniform(0.05, 0.85))
        self.sizes.append((at_s, to))
        self.stops.append(at_s + rng.uniform(0.05, 0.85))

    def totals(self, rng: random.Random) -> list[PathTotals]:
        """Return the readings, about one a second."""
        found, at_s, packets = list[PathTotals](), 0.0, 0
        while at_s < SECONDS:
            size = max((each for each in self.sizes if each[0] <= at_s), default=(0.0, 0))[1]
            asked = sum(each <= at_s for each in self.asked)
            keys = 1 + sum(each <= at_s for each, _ in self.sizes) + asked
            width, height = _SIZES[size] if at_s else (0, 0)
            size_b = 1000 * packets
            sent = Sent(picture_bytes=size_b, picture_packets=packets, width=width, height=height)
            sent.keys, sent.asked = (keys, asked) if at_s else (0, 0)
            frozen = sum(each <= at_s for each in self.stops)
            came = Came(picture_bytes=size_b, picture_packets=packets, freezes=frozen)
            came.decoded = round(25 * at_s)
            found.append(totals_of(at_s, stats_of_a(sent), stats_of_b(came)))
            at_s += rng.uniform(1.0, 1.06)
            packets += 150
        return found


def _played(prepare: Callable[[random.Random, FrozenCall], None]) -> Make:
    def made(rng: random.Random) -> Found:
        call = FrozenCall()
        prepare(rng, call)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(SECONDS)
            first: Figures = {"joined": True, "first_frame_ms": rng.uniform(200, 2500)}
            return {**first, **figures_of(call.totals(rng), [])}

        return media_figures("media.video_stuck", MadeCall(trial=trial))

    return made


def _chokes(rng: random.Random, call: FrozenCall) -> None:
    """It stops, shrinks within a second, and stops: as in four of five calls at 2,200 kbit/s."""
    call.shrink(rng.uniform(2.2, 9), 1, rng)
    if rng.random() < 0.4:
        call.shrink(rng.uniform(12.2, 14), 2, rng)


def _two_within(low_s: float, high_s: float) -> Callable[[random.Random, FrozenCall], None]:
    """Two sizes soon after each other."""

    def prepare(rng: random.Random, call: FrozenCall) -> None:
        first_s = rng.uniform(2.2, 12)
        call.shrink(first_s, 1, rng, chokes=rng.random() < 0.5)
        call.shrink(first_s + rng.uniform(low_s, high_s), 2, rng, chokes=False)

    return prepare


def _grows(rng: random.Random, call: FrozenCall) -> None:
    """It is small at first, and each larger size stops it once."""
    call.sizes.append((0.5, 2))
    for number, at_s in enumerate((rng.uniform(2.5, 6), rng.uniform(9, 14))):
        call.sizes.append((at_s, 1 - number))
        call.stops.append(at_s + rng.uniform(0.05, 0.85))


def _own(rng: random.Random, call: FrozenCall, away_s: float) -> None:
    """Stop once more, at least so far from the change."""
    changed_s = rng.uniform(4.5, 11)
    call.shrink(changed_s, 1, rng, chokes=rng.random() < 0.5)
    call.stops.append(changed_s + rng.choice((-1, 1)) * rng.uniform(away_s, 3.5))


def _two_readings_away(rng: random.Random, call: FrozenCall) -> None:
    """A change comes two readings later, or came two readings before."""
    _own(rng, call, 2.2)


def _three_beside_one(rng: random.Random, call: FrozenCall) -> None:
    """A change explains two at most: here the picture stops three times and more around it."""
    changed_s = rng.uniform(4, 11)
    call.shrink(changed_s, 1, rng)
    call.stops += [changed_s + rng.uniform(-0.8, 0.8) for _ in range(rng.randint(1, 3))]


def _asked_for(rng: random.Random, call: FrozenCall) -> None:
    """Pictures are lost, whole ones are asked for, and it stops; the size stays."""
    for _ in range(rng.randint(1, 4)):
        at_s = rng.uniform(2, 14)
        call.asked.append(at_s)
        call.stops.append(at_s + rng.uniform(0.1, 0.6))


def _before_it_grows(rng: random.Random, call: FrozenCall) -> None:
    """No line stops because it has room for more."""
    call.sizes.append((0.5, 1))
    grown_s = rng.uniform(5, 11)
    call.sizes.append((grown_s, 0))
    call.stops += [grown_s - rng.uniform(0.1, 0.8), grown_s + rng.uniform(0.1, 0.8)]
    # The second is the key picture's; the first, and one in the same second, are not.
    call.stops.append(grown_s - rng.uniform(0.1, 0.8))


def cases() -> Iterator[Case]:
    """Yield them."""
    yield from cases_of(
        "media.video_stuck",
        SEED,
        (
            ("it stops before it shrinks", _played(_chokes)),
            ("two sizes within 1.5 s", _played(_two_within(0.3, 1.5))),
            ("two sizes between two readings", _played(_two_within(0.05, 0.3))),
            ("it grows", _played(_grows)),
        ),
        (
            ("two readings from a change", WARNED, _played(_two_readings_away)),
            ("three beside one change", WARNED, _played(_three_beside_one)),
            ("whole pictures asked for", WARNED, _played(_asked_for)),
            ("before it grows", WARNED, _played(_before_it_grows)),
        ),
        each_half=HALF,
    )
