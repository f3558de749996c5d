"""Cases for time and size: no frames, frozen, slow, uneven, small.

Truth is when the pictures were shown, which of them were new ones, and how large they were:

- ``camera.no_frames``: passed when the first picture came within 1.85 s of the open, warned within
  2.15 to 4.7 s, failed when none did, only what is no picture (2x2, grey, too small), or later.
- ``camera.frozen``: failed when the very same picture stood for 5.3 s and more, from the start or
  after a living one; healthy when pictures change, or do so again after at most 4.5 s.
- ``camera.fps_low``: new pictures a second, 3 to 60. Passed from 25, warned 5.5 to 22.5, failed to
  4.6. Times are uneven by up to 12 % of the interval; single pictures are missing; some drivers
  repeat pictures up to 30 a second.
- ``camera.drops``: passed when none or one of 60 and more is missing, however uneven (late ones
  catch up), warned when 4 to 7 % are, failed from 14 %; below 22 a second, where a look is too
  short to tell 4 % from 10 %, either is right for 20 %.
- ``camera.resolution``: the size of the pictures, upright or turned. 1280x720 and more, down to
  320x240, less.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from preflight.devices.frames import CameraFrame
from preflight.model import CheckState, Measured
from tests.accuracy.other_pictures import Pixels, Random
from tests.accuracy.played import SECOND_NS, camera_figures
from tests.accuracy.stock import pictures, some_stock, timed
from tests.accuracy.tally import FAULTY, HEALTHY, Case

WARNED = frozenset({CheckState.WARNED})
FAILED = frozenset({CheckState.FAILED})
PER_KIND = 50

Truth = frozenset[CheckState]
Film = Iterator[CameraFrame]
Kind = tuple[str, Truth, Callable[[Random], Film]]


def _cases(
    code: str,
    first_seed: int,
    kinds: Sequence[Kind],
    *,
    from_the_open: bool = False,
    live_after_s: float = 0.0,
) -> Iterator[Case]:
    for number, (name, truth, make) in enumerate(kinds):
        for index in range(PER_KIND):
            seed = first_seed + 1000 * number + index

            def measure(seed: int = seed, make: Callable[[Random], Film] = make) -> Measured:
                return camera_figures(
                    code,
                    make(np.random.default_rng(seed)),
                    from_the_open=from_the_open,
                    live_after_s=live_after_s,
                )

            yield Case(code, f"{name}, seed {seed}", truth, measure)


def uneven(
    random: Random, fps: float, length_s: float, *, jitter: float = 0.0, missing: float = 0.0
) -> list[float]:
    """Times of pictures around an even beat; each is late or early by itself, or missing."""
    beats = np.arange(1, round(length_s * fps))
    beats = beats[random.random(beats.size) >= missing]
    off = np.clip(random.normal(0, jitter, beats.size), -0.4, 0.4)
    return [0.0, *((beats + off) / fps).tolist()]


# --- no frames -------------------------------------------------------------------------------


def _first_at(low_s: float, high_s: float) -> Callable[[Random], Film]:
    def make(random: Random) -> Film:
        first_s = random.uniform(low_s, high_s)
        yield from _no_pictures(random, first_s)
        yield from timed(pictures(random), [first_s + 0.04 * index for index in range(200)])

    return make


def _no_pictures(random: Random, until_s: float) -> Film:
    """What some drivers give while they start or are in trouble."""
    what: Pixels = (
        np.zeros((2, 2, 3), np.uint8),
        np.zeros((480, 640, 1), np.uint8),
        np.zeros((119, 300, 3), np.uint8),
    )[int(random.integers(3))]
    if random.random() < 0.5:
        for at_s in np.arange(0.05, until_s - 0.02, 0.1).tolist():
            yield CameraFrame(what, SECOND_NS + round(at_s * SECOND_NS))


def _never(random: Random) -> Film:
    if random.random() < 0.3:
        yield from _first_at(5.2, 7.0)(random)
    else:
        yield from _no_pictures(random, 8.0)


# --- frozen ----------------------------------------------------------------------------------


def _one_picture(random: Random) -> Iterator[Pixels]:
    made = some_stock(random)
    one = made[int(random.integers(len(made)))]
    while True:
        yield one


def _frozen(random: Random) -> Film:
    yield from timed(_one_picture(random), uneven(random, random.uniform(5, 60), 14.0, jitter=0.1))


def _freezes(random: Random) -> Film:
    """Lives for a while, and stands from then on."""
    times = uneven(random, random.uniform(5, 30), 14.0, jitter=0.1)
    alive_s = random.uniform(0.4, 2.0)
    alive = [at for at in times if at < alive_s]
    yield from timed(pictures(random), alive)
    yield from timed(_one_picture(random), times[len(alive) :])


def _lives(random: Random) -> Film:
    yield from timed(pictures(random), uneven(random, random.uniform(5, 60), 14.0, jitter=0.1))


def _thaws(random: Random) -> Film:
    """Stands for at most 4.5 s, and lives from then on."""
    times = uneven(random, random.uniform(10, 30), 14.0, jitter=0.1)
    frozen = [at for at in times if at < random.uniform(0.3, 4.5)]
    yield from timed(_one_picture(random), frozen)
    yield from timed(pictures(random), times[len(frozen) :])


# --- frame rate ------------------------------------------------------------------------------


def _at_rate(low: float, high: float) -> Callable[[Random], Film]:
    def make(random: Random) -> Film:
        fps = random.uniform(low, high)
        if random.random() < 0.3 and fps < 15:
            yield from _repeated(random, fps)
            return
        missing = 0.03 if random.random() < 0.3 else 0.0
        times = uneven(random, fps, 6.0, jitter=random.uniform(0, 0.12), missing=missing)
        yield from timed(pictures(random), times)

    return make


def _repeated(random: Random, fps: float) -> Film:
    """The driver keeps up 30 a second by showing pictures again."""
    living = pictures(random)
    shown, pixels = -1, next(living)
    for index in range(180):
        number = int(index * fps / 30)
        if number != shown:
            shown, pixels = number, next(living)
        yield CameraFrame(pixels, SECOND_NS + round(index * SECOND_NS / 30))


# --- missing pictures ------------------------------------------------------------------------


def _every(low: int, high: int, fps: tuple[float, float]) -> Callable[[Random], Film]:
    """One picture of so many is missing."""

    def make(random: Random) -> Film:
        period, phase = int(random.integers(low, high + 1)), int(random.integers(low))
        rate = random.uniform(*fps)
        beats = np.arange(round(8 * rate))
        beats = beats[(beats + phase) % period != 0]
        off = np.clip(random.normal(0, random.uniform(0, 0.1), beats.size), -0.25, 0.25)
        times = (beats - beats[0] + off - off[0]) / rate
        yield from timed(pictures(random), times.tolist())

    return make


def _late_ones(random: Random) -> Film:
    """None is missing; some come late by up to nine tenths of a beat, the next ones in time."""
    rate = random.uniform(24, 60)
    beats = np.arange(round(8 * rate)).astype(float)
    late = random.random(beats.size) < random.uniform(0, 0.25)
    late[1:] &= ~late[:-1]
    beats[late] += random.uniform(0.3, 0.9, int(late.sum()))
    yield from timed(pictures(random), (beats / rate).tolist())


def _at_most_one(random: Random) -> Film:
    rate = random.uniform(28, 60)
    beats = np.delete(np.arange(round(8 * rate)), int(random.integers(20, 80)))
    yield from timed(pictures(random), (beats / rate).tolist())


# --- size ------------------------------------------------------------------------------------


def _sized(draw: Callable[[Random], tuple[int, int]]) -> Callable[[Random], Film]:
    def make(random: Random) -> Film:
        width, height = draw(random)
        shape = (width, height, 3) if random.random() < 0.3 else (height, width, 3)
        pixels = np.empty(shape, np.uint8)
        pixels[:] = random.integers(0, 255, (shape[0], 1, 3), np.uint8)
        yield from timed(iter([pixels, pixels[::-1].copy()]), [0.0, 0.04])

    return make


def _large(random: Random) -> tuple[int, int]:
    known = ((1280, 720), (1920, 1080), (1280, 960), (1600, 1200), (2560, 1440))
    if random.random() < 0.5:
        return known[int(random.integers(len(known)))]
    return int(random.integers(1280, 2000)), int(random.integers(720, 1200))


def _middle(random: Random) -> tuple[int, int]:
    known = ((640, 480), (640, 360), (800, 600), (960, 540), (1024, 576), (320, 240), (1279, 719))
    if random.random() < 0.5:
        return known[int(random.integers(len(known)))]
    return int(random.integers(320, 1280)), int(random.integers(240, 320))


def _small(random: Random) -> tuple[int, int]:
    known = ((160, 120), (176, 144), (320, 180), (319, 239), (240, 180))
    if random.random() < 0.5:
        return known[int(random.integers(len(known)))]
    return int(random.integers(180, 600)), int(random.integers(120, 180))


def cases() -> Iterator[Case]:
    """Yield all of them, check by check."""
    yield from _cases(
        "camera.no_frames",
        310_000,
        (
            ("no picture", FAILED, _never),
            ("first after 2.15 to 4.7 s", WARNED, _first_at(2.15, 4.7)),
            ("first after 0.05 to 1 s", HEALTHY, _first_at(0.05, 1.0)),
            ("first after 1 to 1.85 s", HEALTHY, _first_at(1.0, 1.85)),
        ),
        from_the_open=True,
    )
    yield from _cases(
        "camera.frozen",
        320_000,
        (
            ("stands from the start", FAILED, _frozen),
            ("lives", HEALTHY, _lives),
            ("thaws within 4.5 s", HEALTHY, _thaws),
        ),
    )
    yield from _cases(
        "camera.frozen", 325_000, (("stands after a while", FAILED, _freezes),), live_after_s=9.0
    )
    yield from _cases(
        "camera.fps_low",
        330_000,
        (
            ("3 to 4.6 a second", FAILED, _at_rate(3, 4.6)),
            ("5.5 to 14 a second", WARNED, _at_rate(5.5, 14)),
            ("14 to 22.5 a second", WARNED, _at_rate(14, 22.5)),
            ("25 to 31 a second", HEALTHY, _at_rate(25, 31)),
            ("31 to 60 a second", HEALTHY, _at_rate(31, 60)),
        ),
    )
    yield from _cases(
        "camera.drops",
        340_000,
        (
            ("one of 4 to 7 is missing", FAILED, _every(4, 7, (24, 60))),
            ("one of 15 to 22 is missing", WARNED, _every(15, 22, (24, 60))),
            ("one of 5 is missing, slow", FAULTY, _every(5, 5, (12, 22))),
            ("late ones", HEALTHY, _late_ones),
            ("at most one is missing", HEALTHY, _at_most_one),
        ),
    )
    yield from _cases(
        "camera.resolution",
        350_000,
        (
            ("below 320x240", FAILED, _sized(_small)),
            ("below 1280x720", WARNED, _sized(_middle)),
            ("1280x720 and more", HEALTHY, _sized(_large)),
            ("1280x720 and more, again", HEALTHY, _sized(_large)),
        ),
    )
