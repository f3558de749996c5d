"""C16, blind: lamps that pulse before a rolling shutter, and what only looks like one.

Written from the catalogue's words without a look at the check. Rows are exposed one after the
other, each for a while, so that a lamp's pulse is averaged over the exposure and stands, or walks,
as bands; a pulse is a sum of waves (a rectified sine, a LED's ripple, a tube's), which is averaged
exactly. How deep the bands are is measured in luma, behind the tone curve, and lies far from the
limit of 1 %: amplitudes of 2.5 % and more, or of 0.25 % and less. The picture is a scene of
`blind_pictures` behind the sensor and the codecs of `blind_sensor`.

Healthy are also pictures in which something else changes: hands, people, a fan, hazard lights,
exposure, a screen's glow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from preflight.devices.frames import CameraFrame
from preflight.devices.opencv import cv2
from tests.accuracy.blind_pictures import Linear, Random, Size, any_scene, leaves
from tests.accuracy.blind_sensor import Filmed, Light, Sensor, Shot, in_hand, lit, played, still
from tests.accuracy.blind_sensor import some_sensor as usual_sensor
from tests.accuracy.kinds import HEALTHY, UNKNOWN, WARNED, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 9_250_600
MARGIN = 16
SIZES: Sequence[Size] = ((320, 240), (320, 180), (480, 270))
PULSES: Sequence[Sequence[float]] = ((1.0, 0.2, 0.09), (1.0, 0.0, 0.0), (1.0, 0.35, 0.2))
"""Waves at the lamp's rate, twice and three times it: a bulb's rectified sine, a smooth ripple,
a tube or a cheap LED."""
RATES: Sequence[tuple[float, float]] = (
    (100, 30.0),
    (100, 29.97),
    (100, 28.0),
    (100, 27.0),
    (120, 25.0),
    (120, 28.0),
    (120, 27.0),
)
"""Lamp and frame rates whose alias lies well off 0 Hz and off movement."""
DEEP, FAINT = (0.028, 0.1), (0.0003, 0.0025)


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp that pulses, and how the camera's rows meet it.

    Attributes:
        rate_hz: how often it pulses; twice the mains' rate.
        waves: strengths of the wave at that rate, twice it, ...; the whole is scaled.
        exposure_s, readout_s: how long a row is exposed; from the first row to the last.
        phase: where the pulse stands when the film begins, in turns.
    """

    rate_hz: float
    waves: Sequence[float]
    exposure_s: float
    readout_s: float
    phase: float

    def rows(self, at_s: float, height: int) -> Linear:
        """Return how much brighter than usual every row is, as an unscaled part."""
        middle = at_s + self.exposure_s / 2 + np.arange(height) / height * self.readout_s
        light = np.zeros(height)
        for number, wave in enumerate(self.waves, 1):
            rate = number * self.rate_hz
            light += (
                wave
                * np.sinc(rate * self.exposure_s)
                * np.cos(6.283185307 * (rate * middle + number * self.phase))
            )
        return light.astype(np.float32)


def _lamp(random: Random, rate_hz: float, fps: float) -> Lamp:
    """Return a lamp of which 1.2 to 3.2 bands are seen, in an exposure that does not even it."""
    pulses = random.uniform(1.2, min(3.2, 0.95 * rate_hz / fps))
    turns = random.choice((0.35, 0.6, 1.4, 1.5)) + random.uniform(-0.1, 0.1)
    return Lamp(
        rate_hz,
        PULSES[int(random.integers(len(PULSES)))],
        turns / rate_hz,
        pulses / rate_hz,
        random.uniform(),
    )


def _sensor(random: Random, **more: Any) -> Sensor:
    made = usual_sensor(random, SIZES[int(random.integers(len(SIZES)))])
    still_enough = min(made.row_e, 0.0004 * made.electrons)
    return replace(made, row_e=still_enough, jitter_ms=float(random.uniform(0.1, 2.5)), **more)


def _banded(
    sensor: Sensor, light: Light, lamp: Lamp, depth: float, share: Linear | None = None
) -> Light:
    """Return the light with the lamp's bands in it, of such an amplitude in luma.

    Args:
        share: of the light of each pixel the lamp's part, (height, width, 1); None: all.
    """
    height = sensor.size[1]
    largest = max(
        float(np.abs(lamp.rows(at_s, height)).max()) for at_s in np.linspace(0, 1 / 3, 97)
    )
    part = np.ones((1, 1, 1), np.float32) if share is None else share
    # Luma goes by a root of the light, and rows are averaged over what the lamp does not reach.
    scale = np.float32(depth * sensor.gamma / largest / float(part.mean()))

    def at(at_s: float) -> Linear:
        rows = lamp.rows(at_s, height)[:, np.newaxis, np.newaxis]
        seen: Linear = light(at_s) * (1 + scale * rows * part)
        return seen

    return at


def _room(random: Random, sensor: Sensor, margin: int = 0) -> Linear:
    size = (sensor.size[0] + 2 * margin, sensor.size[1] + 2 * margin)
    return lit(sensor, any_scene(random, size), random.uniform(70, 140)).clip(0, 0.85)


def _thing(random: Random, size: Size) -> tuple[Linear, Linear]:
    """Return a hand-sized thing and where it is seen in its own frame."""
    width, height = int(size[0] * random.uniform(0.1, 0.16)), int(size[1] * 0.3)
    skin = 0.25 + 0.05 * leaves(random, (max(width, 24), max(height, 24)))[:height, :width]
    down, right = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    seen = cv2.GaussianBlur((down**2 + right**2 < 0.8).astype(np.float32), (0, 0), 1.5)
    return skin, seen[..., np.newaxis]


def _moving(random: Random, linear: Linear, size: Size, quick: float) -> Light:
    """A hand-sized thing goes to and fro, ``quick`` times a second."""
    thing, seen = _thing(random, size)
    rows, columns = seen.shape[:2]
    room = ((size[1] - rows) / 2, (size[0] - columns) / 2)
    turns = quick * random.uniform(0.7, 1.3, 2)
    begins, reach = random.uniform(0, 6.28, 2), random.uniform(0.15, 0.45, 2)

    def at(at_s: float) -> Linear:
        place = [
            int(half * (1 + far * np.sin(6.28 * turn * at_s + begin)))
            for half, far, turn, begin in zip(room, reach, turns, begins, strict=True)
        ]
        shown = linear.copy()
        there = shown[place[0] : place[0] + rows, place[1] : place[1] + columns]
        there[:] = there * (1 - seen) + thing * seen
        return shown

    return at


def _plain(random: Random, sensor: Sensor) -> Light:
    return still(_room(random, sensor))


def _gesture(random: Random, sensor: Sensor) -> Light:
    return _moving(random, _room(random, sensor), sensor.size, random.uniform(0.4, 1.6))


def _handheld(random: Random, sensor: Sensor) -> Light:
    room = _room(random, sensor, MARGIN)
    return in_hand(random, room, sensor.size, random.uniform(0.5, 2), (0.3, 1.2))


def _passed_by(random: Random, sensor: Sensor) -> Light:
    """The camera is moved past the scene."""
    width, height = sensor.size
    wide = lit(sensor, leaves(random, (4 * width, height)), 100).clip(0, 0.85)
    speed = random.uniform(0.05, 0.5) * width

    def at(at_s: float) -> Linear:
        seen: Linear = wide[:, int(speed * at_s) : int(speed * at_s) + width]
        return seen

    return at


def _exposure(random: Random, sensor: Sensor) -> Light:
    """Automatic exposure: a jump, and then steps of a few percent every few pictures."""
    room = _room(random, sensor)
    jump_s, far = random.uniform(0.5, 1.5), random.choice((0.6, 1.4))
    every_s = random.uniform(0.2, 0.4)

    def at(at_s: float) -> Linear:
        steps = max(0, int((at_s - jump_s) / every_s)) if at_s > jump_s else 99
        return room * np.float32(1 + (far - 1) * 0.6**steps)

    return at


def _screen(random: Random, sensor: Sensor) -> Light:
    """A screen shines on the scene: its picture changes with every cut and a little between."""
    room = _room(random, sensor)
    _, right = np.mgrid[0 : 1 : sensor.size[1] * 1j, 0 : 1 : sensor.size[0] * 1j]
    near = np.exp(-(right**2) / random.uniform(0.1, 0.5))[..., np.newaxis].astype(np.float32)
    cuts = np.cumsum(random.uniform(0.4, 1.6, 20))
    glow = random.uniform(0.0, 0.5, 21)
    drift = random.uniform(0.2, 0.7)

    def at(at_s: float) -> Linear:
        now = glow[int(np.searchsorted(cuts, at_s))] * (1 + 0.2 * np.sin(6.28 * drift * at_s))
        seen: Linear = room * (1 + np.float32(now) * near)
        return seen

    return at


def _hazard(random: Random, sensor: Sensor) -> Light:
    """A car's hazard lights: on and off one and a half times a second, at one place."""
    room = _room(random, sensor)
    down, right = np.mgrid[-1 : 1 : sensor.size[1] * 1j, -1 : 1 : sensor.size[0] * 1j]
    middle = random.uniform(-0.6, 0.6, 2)
    away = (down - middle[0]) ** 2 + (right - middle[1]) ** 2
    glow = (0.5 * np.exp(-away / 0.03))[..., np.newaxis] * np.array((0.05, 0.5, 1.0))
    glow = glow.astype(np.float32)
    turns, begin = random.uniform(1.0, 1.5), random.uniform()
    return lambda at_s: room + glow * np.float32((turns * at_s + begin) % 1 < 0.5)


def _fan(random: Random, sensor: Sensor) -> Light:
    """A cooling fan runs down in the picture: blades pass two or three times a second."""
    room = _room(random, sensor)
    width, height = sensor.size
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = (height * random.uniform(0.35, 0.65), width * random.uniform(0.3, 0.7))
    angle = np.arctan2(down - middle[0], right - middle[1])
    inside = np.hypot(down - middle[0], right - middle[1]) < 0.3 * height
    blades, turns = 5, random.uniform(0.35, 0.65)

    def at(at_s: float) -> Linear:
        blade = 0.5 + 0.5 * np.tanh(3 * np.cos(blades * (angle - 6.28 * turns * at_s)))
        shown = np.where(inside, 0.04 + 0.2 * blade, 1.0)[..., np.newaxis]
        seen: Linear = np.where(inside[..., np.newaxis], shown, room)
        return seen.astype(np.float32)

    return at


def _one_lamp_of_two(random: Random, size: Size) -> Linear:
    """Return the lamp's part of the light: one side is lit by a window."""
    right = np.linspace(-1, 1, size[0], dtype=np.float32)
    side = 1 / (1 + np.exp(random.choice((-1, 1)) * (right - random.uniform(-0.3, 0.3)) / 0.15))
    return np.broadcast_to(side[np.newaxis, :, np.newaxis], (size[1], size[0], 1)).astype(
        np.float32
    )


def _film(
    before: Any,
    depth: tuple[float, float] | None,
    *,
    rates: Sequence[tuple[float, float]] = RATES,
    two: bool = False,
    **more: Any,
) -> Filmed:
    """What is before the camera, with a lamp's bands of such an amplitude or none."""

    def filmed(random: Random) -> Shot:
        rate_hz, fps = rates[int(random.integers(len(rates)))]
        sensor = _sensor(random, fps=fps, **more)
        light = before(random, sensor)
        if depth is not None:
            share = _one_lamp_of_two(random, sensor.size) if two else None
            lamp = _lamp(random, rate_hz, fps)
            light = _banded(sensor, light, lamp, random.uniform(*depth), share)
        return Shot(sensor, random, light)

    return filmed


def _upright(filmed: Filmed) -> Filmed:
    """Let the same camera hang by a quarter turn: its rows run from top to bottom."""

    def turned(random: Random) -> Shot:
        return _Turned.of(filmed(random))

    return turned


class _Turned(Shot):
    """A shot whose pictures were put upright after the sensor."""

    @classmethod
    def of(cls, shot: Shot) -> "_Turned":
        return cls(shot.sensor, shot.random, shot.light)

    def film(self, seconds: float = 5.0) -> Iterator[CameraFrame]:
        for frame in Shot.film(self, seconds):
            pixels = np.ascontiguousarray(np.rot90(frame.pixels))
            pixels.setflags(write=False)
            yield CameraFrame(pixels, frame.captured_ns, quarter_turned=True)


CLIP: Any = {"codec": "XVID clip"}
NOISY: Any = {"electrons": 500.0, "read_e": 3.0}
HEALTHY_KINDS: Sequence[tuple[str, Filmed]] = (
    ("even light", _film(_plain, None)),
    ("even light, clip", _film(_plain, None, **CLIP)),
    ("even light, noisy", _film(_plain, None, **NOISY)),
    ("next to no ripple", _film(_plain, FAINT)),
    ("a hand moves", _film(_gesture, None)),
    ("a hand moves, clip", _film(_gesture, None, **CLIP)),
    ("in the hand", _film(_handheld, None)),
    ("carried past", _film(_passed_by, None)),
    ("automatic exposure", _film(_exposure, None)),
    ("a screen's glow", _film(_screen, None)),
    ("hazard lights", _film(_hazard, None)),
    ("a fan runs down", _film(_fan, None)),
    ("upright, a hand moves", _upright(_film(_gesture, None))),
)
ILL_KINDS: Sequence[tuple[str, frozenset[Any], Filmed]] = tuple(
    (name, WARNED, filmed)
    for name, filmed in (
        ("a lamp", _film(_plain, DEEP)),
        ("a lamp, clip", _film(_plain, (0.035, 0.1), **CLIP)),
        ("a lamp, noisy", _film(_plain, DEEP, **NOISY)),
        ("a lamp and a window", _film(_plain, DEEP, two=True)),
        ("a lamp, in the hand", _film(_handheld, (0.04, 0.1))),
        ("a lamp and a hand", _film(_gesture, (0.035, 0.1))),
        ("a lamp and exposure", _film(_exposure, (0.04, 0.1))),
        ("a lamp and a screen", _film(_screen, (0.04, 0.1))),
        ("a lamp, 60 pictures", _film(_plain, DEEP, rates=((100, 60.0), (120, 50.0)))),
        ("a lamp, upright", _upright(_film(_plain, DEEP))),
    )
)
STANDING: Sequence[tuple[float, float]] = ((100, 25.0), (120, 30.0))
BOTH_STAND: Sequence[tuple[float, float]] = ((100, 20.0), (120, 20.0))
OTHER: Sequence[tuple[str, frozenset[Any], Filmed]] = (
    # The first count had these as unknown, as the catalogue said then, against decision 0020: one
    # mains is hidden at this rate, and of the other there is no sign.
    ("bands that stand", HEALTHY, _film(_plain, DEEP, rates=STANDING)),
    ("both mains' bands stand", UNKNOWN, _film(_plain, DEEP, rates=BOTH_STAND)),
)


def _played(filmed: Filmed) -> Make:
    return played("camera.flicker", filmed)


def cases() -> Iterator[Case]:
    """Yield the blind cases of a lamp."""
    yield from blind_cases_of(
        "camera.flicker",
        SEED,
        [(name, _played(filmed)) for name, filmed in HEALTHY_KINDS],
        [(name, truth, _played(filmed)) for name, truth, filmed in ILL_KINDS],
        [(name, truth, _played(filmed)) for name, truth, filmed in OTHER],
    )
