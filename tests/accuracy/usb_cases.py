"""C19: cameras on made sockets and hubs, behind the program's own capture reader.

A made camera offers packings and sizes, and sends as many pictures as its socket carries: 8 to
45 MB/s on USB 2, of which other devices of a hub take their part, 300 and more on USB 3. It takes
the packing that was asked for at the start or only later, and the nearest size that it has. Truth
is what the model says, written down from the catalogue before it was tried: an uncompressed picture
of 1280x720 and more that comes less than 15 times a second, and that neither compressed pictures
nor 640x480 bring to 15. Where one of them does, the camera must send so afterwards.

Not made: rates of 13.2 to 17, large uncompressed pictures in little light (the rate alone does not
tell it from a cable), and small pictures that are slow as well.
"""

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.group import camera_group
from preflight.devices import opencv_camera
from preflight.devices.camera_backends import CameraBackends
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo, DeviceKind, ModeWish
from preflight.devices.opencv import cv2
from preflight.devices.opencv_camera import CaptureReader
from preflight.devices.turned import put_upright
from preflight.model import CheckState
from tests.accuracy.kinds import UNKNOWN, WARNED, Found, Make, asked, cases_of
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera, FakeCatalogue, FakeSystem
from tests.fakes.offload import at_once

CODE, SEED = "camera.usb_slow", 1_600_000
ENOUGH, SLOW = 17.0, 13.2
_BYTES = {
    "YUYV": 2.0,
    "YUY2": 2.0,
    "UYVY": 2.0,
    "YVYU": 2.0,
    "NV12": 1.5,
    "NV21": 1.5,
    "YU12": 1.5,
    "I420": 1.5,
    "YV12": 1.5,
    "RGB3": 3.0,
    "BGR3": 3.0,
    "MJPG": 0.2,
    "H264": 0.05,
    "HEVC": 0.04,
}
"""Of a pixel."""
_UNCOMPRESSED = [name for name, size in _BYTES.items() if size >= 1]
_LARGE = ((1280, 720), (1920, 1080), (1280, 960), (1600, 1200))
_SMALL = ((640, 480), (640, 360), (320, 240))
Size = tuple[int, int]


@dataclass
class UsbCamera:
    """A camera and its cable.

    Attributes:
        carries_mb: of megabytes a second what the cable leaves to it.
        most_fps: what it sends at best, e.g. in little light.
        packing, size: what it is in.
        obeys_from: from which wish on it changes its packing; the first is that of the opening.
        stuck: no wish changes anything.
        tells: whether the driver tells the packing.
    """

    packings: Sequence[str]
    sizes: Sequence[Size]
    carries_mb: float
    most_fps: float = 30.0
    packing: str = ""
    size: Size = (0, 0)
    obeys_from: int = 2
    stuck: bool = False
    tells: bool = True
    wishes: int = 0

    def fps(self, packing: str | None = None, size: Size | None = None) -> float:
        """Return how many pictures a second come through, in another mode if that is given."""
        width, height = size or self.size
        carried = self.carries_mb * 1e6 / (width * height * _BYTES[packing or self.packing])
        return min(self.most_fps, carried)

    def start(self, _target: object, _backend: int, _wishes: list[int]) -> "UsbCamera":
        """Stand for ``cv2.VideoCapture``: open in its own mode, unless it obeys at once."""
        self.packing, self.size = self.packings[0], self.sizes[0]
        self.wishes = 1
        if self.obeys_from <= 1 and "MJPG" in self.packings:
            self.packing = "MJPG"
        return self

    def isOpened(self) -> bool:
        return True

    def get(self, what: int) -> float:
        if what == cv2.CAP_PROP_FPS:
            return 30.0
        return float(cv2.VideoWriter.fourcc(*self.packing)) if self.tells else 0.0

    def set(self, what: int, value: float) -> bool:
        if what == cv2.CAP_PROP_FOURCC:
            self.wishes += 1
            found = [each for each in self.packings if cv2.VideoWriter.fourcc(*each) == int(value)]
            if found and not self.stuck and self.wishes >= self.obeys_from:
                self.packing = found[0]
        if what == cv2.CAP_PROP_FRAME_WIDTH and not self.stuck:
            self.size = min(self.sizes, key=lambda each: abs(each[0] - value))
        return True

    def grab(self) -> bool:
        return True

    def retrieve(self) -> tuple[bool, npt.NDArray[np.uint8]]:
        pictures = _pictures(self.size)
        self._at = (getattr(self, "_at", 0) + 1) % len(pictures)
        return True, pictures[self._at]

    def release(self) -> None:
        """Nothing is behind it."""


@cache
def _pictures(size: Size) -> list[npt.NDArray[np.uint8]]:
    random_ = np.random.default_rng(size[0])
    return [random_.integers(40, 210, (size[1], size[0], 3), dtype=np.uint8) for _ in range(3)]


class ReadCamera(FakeCamera):
    """A `CameraSource` that reads a made capture through `CaptureReader`, in made time."""

    def __init__(self, clock: Clock, info: DeviceInfo, camera: UsbCamera) -> None:
        super().__init__(clock, info)
        self._camera = camera
        self._stop = threading.Event()
        self._reader = CaptureReader(
            info.id, FakeSystem(), CameraBackends("darwin"), start=camera.start
        )
        self._reader.open()
        self.period_s = 1 / camera.fps()

    def ask_mode(self, wish: ModeWish) -> None:
        self._reader.ask_mode(wish)

    def emit(self) -> None:
        seen = self._reader.read(self._stop)
        assert seen is not None
        self.period_s = 1 / self._camera.fps()
        frame = put_upright(seen, self.orientation)
        height, width = frame.pixels.shape[:2]
        self.mode = CameraMode(width, height, self._reader.fps, self._reader.fourcc)
        for tap in tuple(self.taps):
            tap(frame)


class _Catalogue(FakeCatalogue):
    def __init__(self, clock: Clock, camera: UsbCamera) -> None:
        super().__init__(clock)
        self._usb = camera
        self.camera_infos = (DeviceInfo(DeviceId("0@usb"), "USB camera", DeviceKind.REAL),)

    def camera(self, choice: DeviceId | None) -> ReadCamera:
        return ReadCamera(self._clock, self.camera_infos[0], self._usb)


def looked_at(camera: UsbCamera, *, must_send: bool = False) -> Found:
    """Return what the check says of a camera.

    Args:
        must_send: it must be quick afterwards, or the verdict counts as a failure.
    """

    async def work(loop: MadeTimeLoop) -> Found:
        bench = CameraBench(_Catalogue(loop, camera), loop, FakeSystem(), at_once)
        check = next(each for each in camera_group(bench).checks if each.code == CODE)
        await bench.begin()
        try:
            await bench.until(lambda: bench.flowing, within_s=5)
            found = await asked(check)
            await loop.sleep(0.5)
        finally:
            await bench.close()
        return CheckState.FAILED if must_send and camera.fps() < ENOUGH else found

    return in_made_time(work, opencv_camera)


def _slow_large(rng: random.Random, packing: str, low: float = 4.0, high: float = SLOW) -> float:
    """Return what a cable carries on which 1280x720 comes this slowly, in MB/s."""
    return rng.uniform(low, high) * 1280 * 720 * _BYTES[packing] / 1e6


def _usual(rng: random.Random) -> str:
    return rng.choice(("YUYV", "YUY2", "UYVY"))


def _other(rng: random.Random) -> str:
    return rng.choice([each for each in _UNCOMPRESSED if each not in ("YUYV", "YUY2", "UYVY")])


def _compressed(*, dark: bool) -> Make:
    def make(rng: random.Random) -> Found:
        packing = rng.choice(("MJPG", "H264"))
        size = rng.choice(_LARGE)
        most = rng.uniform(4, SLOW) if dark else rng.uniform(ENOUGH, 60)
        camera = UsbCamera([packing, "YUYV"], [size, *_SMALL], rng.uniform(35, 400), most)
        return looked_at(camera)

    return make


def _fast_cable(rng: random.Random) -> Found:
    """USB 3: whatever it packs into comes through."""
    packings = [rng.choice(_UNCOMPRESSED), *(["MJPG"] if rng.random() < 0.5 else [])]
    camera = UsbCamera(
        packings, [rng.choice(_LARGE), *_SMALL], rng.uniform(300, 450), rng.uniform(20, 60)
    )
    return looked_at(camera)


def _cured_by_compression(rng: random.Random, packing: str) -> Found:
    size = rng.choice(_LARGE)
    camera = UsbCamera([packing, "MJPG", "H264"][: rng.choice((2, 3))], [size, *_SMALL], 0.0)
    camera.carries_mb = _slow_large(rng, packing) * size[0] * size[1] / (1280 * 720)
    camera.carries_mb = max(camera.carries_mb, 1.15 * ENOUGH * 1280 * 720 * _BYTES["MJPG"] / 1e6)
    return looked_at(camera, must_send=True)


def _cured_by_size(rng: random.Random, packing: str) -> Found:
    pixel = _BYTES[packing] / 1e6
    low, high = 1.1 * ENOUGH * 640 * 480 * pixel, SLOW * 1280 * 720 * pixel
    camera = UsbCamera([packing], [(1280, 720), *_SMALL], rng.uniform(low, high))
    return looked_at(camera, must_send=True)


def _one_size(rng: random.Random, packing: str) -> Found:
    """It has no other size and no other packing."""
    return looked_at(UsbCamera([packing], [(1280, 720)], _slow_large(rng, packing)))


def _stuck(rng: random.Random, packing: str) -> Found:
    """A driver that takes no wish, though the camera could."""
    camera = UsbCamera([packing, "MJPG"], [(1280, 720), *_SMALL], _slow_large(rng, packing))
    camera.stuck = True
    return looked_at(camera)


def _full_hub(rng: random.Random, packing: str) -> Found:
    """The hub's turns are what is scarce: pictures come as seldom in every mode."""
    camera = UsbCamera([packing, "MJPG"], [(1280, 720), *_SMALL], 40.0, rng.uniform(4, SLOW))
    return looked_at(camera)


def _old_hub(rng: random.Random, packing: str) -> Found:
    """USB 1.1: a megabyte a second is left, for whichever picture."""
    camera = UsbCamera([packing, "MJPG"][: rng.choice((1, 2))], [(1280, 720), *_SMALL], 0.0)
    camera.carries_mb = rng.uniform(0.9, 1.1)
    camera.most_fps = rng.uniform(1, 3)
    return looked_at(camera)


def _untold(*, slow: bool) -> Make:
    """Some back ends do not tell the packing."""

    def make(rng: random.Random) -> Found:
        camera = UsbCamera(["YUYV", "MJPG"], [(1280, 720), *_SMALL], 300.0)
        camera.most_fps = rng.uniform(4, SLOW) if slow else rng.uniform(ENOUGH, 60)
        camera.tells = False
        return looked_at(camera)

    return make


def _of(made: Any, pick: Any) -> Make:
    return partial(_picked, made, pick)


def _picked(made: Any, pick: Any, rng: random.Random) -> Found:
    found: Found = made(rng, pick(rng))
    return found


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from cases_of(
        CODE,
        SEED,
        [
            ("compressed", _compressed(dark=False)),
            ("compressed, in little light", _compressed(dark=True)),
            ("a fast cable", _fast_cable),
            ("compression cures it", _of(_cured_by_compression, _usual)),
            ("a smaller picture cures it", _of(_cured_by_size, _usual)),
            ("compression cures another packing", _of(_cured_by_compression, _other)),
            ("a smaller picture cures another packing", _of(_cured_by_size, _other)),
            ("quick, its packing untold", _untold(slow=False)),
        ],
        [
            ("one size alone", WARNED, _of(_one_size, _usual)),
            ("one size of another packing", WARNED, _of(_one_size, _other)),
            ("a driver that takes no wish", WARNED, _of(_stuck, _usual)),
            ("nor of another packing", WARNED, _of(_stuck, _other)),
            ("a full hub", WARNED, _of(_full_hub, _usual)),
            ("an old hub", WARNED, _of(_old_hub, _usual)),
        ],
        [("slow, its packing untold", UNKNOWN, _untold(slow=True))],
    )
