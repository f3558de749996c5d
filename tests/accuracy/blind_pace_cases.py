"""C08 and C20, blind: pictures that come late, twice, in bunches or not at all.

Written from the catalogue and the frames' own fields, without a look at the checks, at what is
worked out of moments, or at the older films. Truth follows from the moments at which pictures come.
Nothing is made within a tenth of a limit; single lost pictures are not made for `camera.drops`,
because their interval is twice the median, which the catalogue had as the limit then. What it says
of the limit changed since, and cases with intervals of 1.4 to 1.6 medians have a quarter more now.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from tests.accuracy.blind_scenes import (
    Film,
    Random,
    Shoot,
    camera_case,
    film,
    in_hand,
    on_tripod,
    paced,
)
from tests.accuracy.kinds import FAILED, WARNED, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 9_200_160

# --- C08 and C20 -------------------------------------------------------------------------------


def _rate(low: float, high: float, *, each: int = 1, jitter_ms: float = 2.0) -> Shoot:
    """So many different pictures a second, each of them given so many times."""

    def shoot(draw: Random) -> Film:
        seen = on_tripod(draw) if draw.random() < 0.5 else in_hand(draw)
        several = itertools.chain.from_iterable([one] * each for one in itertools.cycle(seen))
        fps = each * float(draw.uniform(low, high))
        return film(several, paced(draw, fps, 5, jitter_ms=min(jitter_ms, 120 / fps)))

    return shoot


def _with_stalls(
    fps: Sequence[float],
    every: tuple[int, int] | None,
    *,
    long: tuple[float, float] = (2.8, 5.0),
    bunched: bool = False,
    spread: float = 0.04,
    first: int = 0,
) -> Shoot:
    """After every so many intervals one is so many times as long.

    Args:
        every: fewest and most intervals from one stall to the next; None: ``first`` alone.
        bunched: what was held up comes at once after it; nothing is lost.
        spread: deviation of an ordinary interval, as a share of it.
    """

    def shoot(draw: Random) -> Film:
        interval = 1 / float(draw.choice(fps))
        at, now, next_stall = [0.2], 0.2, first or int(draw.integers(2, every[0] if every else 3))
        behind = 0
        for number in range(round(5 / interval)):
            step = interval * (1 + float(np.clip(draw.normal(0, spread), -3 * spread, 3 * spread)))
            if number == next_stall:
                times = float(draw.uniform(*long))
                step, behind = interval * times, round(times) - 1 if bunched else 0
                next_stall += int(draw.integers(every[0], every[1] + 1)) if every else 10_000
            elif behind:
                step, behind = interval * 0.15, behind - 1
            now += step
            at.append(now)
        return film(itertools.cycle(on_tripod(draw)), at)

    return shoot


def cases() -> Iterator[Case]:
    """Yield the blind cases."""

    def paces(shoot: Shoot) -> Make:
        return camera_case("camera.fps_low", shoot)

    yield from blind_cases_of(
        "camera.fps_low",
        SEED,
        (
            ("30", paces(_rate(29.5, 30.1))),
            ("30, uneven", paces(_rate(29.5, 30.1, jitter_ms=4.0))),
            ("50 to 60", paces(_rate(50, 60))),
            ("each twice, 30 differ", paces(_rate(29.5, 30.1, each=2))),
            ("one in ten is late", paces(_with_stalls((30.0,), (8, 12)))),
        ),
        (
            ("8 to 21", WARNED, paces(_rate(8, 21))),
            ("6 to 8", WARNED, paces(_rate(5.7, 8))),
            ("each twice, 15 differ", WARNED, paces(_rate(12, 16, each=2))),
            ("2 to 4", FAILED, paces(_rate(2, 4.4))),
            ("1", FAILED, paces(_rate(0.8, 1.3))),
            ("each ten times, 3 differ", FAILED, paces(_rate(2.5, 3.2, each=10))),
        ),
    )
    usual = (15.0, 30.0)

    def drops(shoot: Shoot) -> Make:
        return camera_case("camera.drops", shoot)

    yield from blind_cases_of(
        "camera.drops",
        SEED + 40,
        (
            ("even", drops(_rate(10, 30))),
            ("uneven", drops(_with_stalls(usual, (10, 20), long=(1.0, 1.5), spread=0.15))),
            ("a quarter longer", drops(_with_stalls(usual, (4, 9), long=(1.15, 1.33)))),
            ("one stall", drops(_with_stalls((60.0,), None, first=30))),
        ),
        (
            ("some stalls", WARNED, drops(_with_stalls((30.0,), (14, 22)))),
            (
                "some stalls, nothing lost",
                WARNED,
                drops(_with_stalls((30.0,), (16, 22), bunched=True)),
            ),
            ("many stalls", FAILED, drops(_with_stalls(usual, (3, 6)))),
            ("many stalls, long", FAILED, drops(_with_stalls((30.0,), (3, 5), long=(5.0, 9.0)))),
        ),
    )
