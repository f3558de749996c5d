"""Generator A: the pictures that constants were chosen on; nothing reported comes from them.

Drawn scenes (shapes, tools, a wall with little on it) behind a sensor with shot, read and
fixed-pattern noise in linear light, a gamma, and JPEG 85: the model of the catalogue, section 16.

    python -m tests.accuracy.tuning_pictures     prints the figures that the constants rest on
"""

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from preflight.analysis.flicker import flicker, row_means
from preflight.analysis.sharpness import pair_sharpness, sharp_plane
from preflight.devices.opencv import cv2
from preflight.devices.pattern_camera import draw_scene

WIDTH, HEIGHT = 1280, 720
GAMMA = 2.2

Scene = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Random = np.random.Generator


def bench(random: Random) -> Scene:
    """The demo's tool wall."""
    return draw_scene(random).astype(np.float32)


def sparse(random: Random) -> Scene:
    """A plain wall with a few large things before it: nothing but long edges."""
    scene = np.full((HEIGHT, WIDTH, 3), random.uniform(90, 190), np.float32)
    for _ in range(int(random.integers(3, 8))):
        x, y = int(random.integers(WIDTH)), int(random.integers(HEIGHT))
        size = random.integers(150, 420, 2)
        colour = tuple(map(float, random.uniform(15, 230, 3)))
        cv2.rectangle(scene, (x, y), (x + int(size[0]), y + int(size[1])), colour, -1)
    return scene


def busy(random: Random) -> Scene:
    """Lines and rings of all sizes."""
    scene = np.full((HEIGHT, WIDTH, 3), random.uniform(90, 190), np.float32)
    for _ in range(120):
        x, y = int(random.integers(WIDTH)), int(random.integers(HEIGHT))
        colour = tuple(map(float, random.uniform(15, 230, 3)))
        size = int(random.integers(4, 120))
        if random.random() < 0.5:
            cv2.circle(scene, (x, y), size, colour, int(random.integers(-1, 6)) or 1, cv2.LINE_AA)
        else:
            end = (x + size, y + int(random.integers(-size, size)))
            cv2.line(scene, (x, y), end, colour, int(random.integers(1, 9)), cv2.LINE_AA)
    return scene


SCENES: Sequence[Callable[[Random], Scene]] = (bench, sparse, busy)


class Sensor:
    """Shot, read and fixed-pattern noise in linear light.

    Args:
        full: electrons at full light; fewer mean more noise.
        read: electrons in the dark.
    """

    def __init__(self, random: Random, *, full: float = 4000.0, read: float = 8.0) -> None:
        self._random = random
        self._full, self._read = full, read
        self._pattern = 1 + random.normal(0, 0.01, (HEIGHT, WIDTH, 1)).astype(np.float32)

    def see(self, picture: Scene, light: float = 1.0) -> Pixels:
        """Return one picture with new noise."""
        linear = light * (np.clip(picture, 0, 255) / 255) ** GAMMA * self._pattern
        electrons = linear * self._full
        strength = np.sqrt(electrons + self._read**2)
        noise = self._random.standard_normal(picture.shape, dtype=np.float32)
        seen = np.clip((electrons + strength * noise) / self._full, 0, 1) ** (1 / GAMMA)
        pixels = np.round(255 * seen).astype(np.uint8)
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def sharpness_figures(seed: int = 1) -> Iterator[str]:
    """Sharpness by scene and blur, with little and with much noise."""
    for make in SCENES:
        for full in (4000.0, 400.0):
            line = []
            for blur_px in (0.0, 1.0, 2.0, 3.0, 5.0, 8.0):
                random = np.random.default_rng(seed)
                scene = make(random)
                blurred = cv2.GaussianBlur(scene, (0, 0), blur_px) if blur_px else scene
                sensor = Sensor(random, full=full)
                pair = [sharp_plane(sensor.see(np.asarray(blurred))) for _ in range(2)]
                look = pair_sharpness(*pair)
                line.append(look.why if look.ratio is None else f"{look.ratio:.2f}")
            yield f"sharpness {make.__name__:<7} full {full:>5.0f}  " + "  ".join(map(str, line))


def flicker_figures(seed: int = 2, fps: float = 30.0) -> Iterator[str]:
    """Share and depth by depth of the lamp, standing still and with a moving thing."""
    rows_from_top = np.arange(HEIGHT)[:, np.newaxis, np.newaxis] / HEIGHT
    for moving in (False, True):
        for depth in (0.0, 0.005, 0.01, 0.02, 0.05):
            random = np.random.default_rng(seed)
            scene, sensor = bench(random), Sensor(random)
            rows = []
            for index in range(60):
                picture = np.roll(scene, 6 * index, axis=1) if moving else scene
                phase = 2 * np.pi * 100 * (index / fps + 0.03 * rows_from_top)
                lit = picture * (1 + depth * np.cos(phase)).astype(np.float32)
                rows.append(row_means(sensor.see(lit)))
            found = flicker(rows, fps)
            told = "none" if found is None else f"share {found.share:.3f} depth {found.depth:.4f}"
            yield f"flicker   {'moving' if moving else 'still':<7} lamp {depth:.3f}  {told}"


if __name__ == "__main__":
    for text in (*sharpness_figures(), *flicker_figures()):
        sys.stdout.write(text + "\n")
