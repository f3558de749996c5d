"""A picture that the USB cable does not carry is made to fit; told is only what does not (C19)."""

import numpy as np
import pytest

from preflight.checks.camera.usb_slow import COMPRESSED, SMALLER
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind, ModeWish
from preflight.model import CheckState, Measured
from preflight.preflight import Preflight
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import FakeCamera
from tests.unit.preflight.conftest import Bench, verdict

CODE = "camera.usb_slow"
PASSED, WARNED, UNKNOWN = CheckState.PASSED, CheckState.WARNED, CheckState.UNKNOWN
_NOISE = np.random.default_rng(8).integers(40, 210, (1280, 1280, 3), dtype=np.uint8)


def noise(width: int, height: int) -> np.ndarray:
    """A picture that is never the same twice, cheaply."""
    picture = _NOISE[:height, :width].copy()
    picture[0] = np.random.default_rng().integers(0, 255, 3)
    return picture


def uncompressed(camera: FakeCamera, fps: float = 9.0) -> None:
    """1280x720 without compression over a slow socket."""
    camera.fourcc, camera.period_s = "YUYV", 1 / fps
    camera.picture = lambda: noise(1280, 720)


def figures(preflight: Preflight) -> Measured:
    return next(check.measured for check in preflight.progress.checks if check.code == CODE)


@clears(CODE)
async def test_compressed_pictures_cure_it_on_the_open_camera(bench: Bench) -> None:
    def mood(camera: FakeCamera) -> None:
        uncompressed(camera)

        def obey(wish: ModeWish) -> None:
            if wish == COMPRESSED:
                camera.fourcc, camera.period_s = "MJPG", 1 / 30

        camera.on_wish = obey

    bench.catalogue.camera_mood = mood

    preflight = await bench.run(6)
    found = figures(preflight)

    camera = bench.catalogue.made_cameras[0]
    assert verdict(preflight, CODE) == (PASSED, None)
    assert (found["fourcc"], found["cured"]) == ("YUYV", "compressed")
    assert isinstance(found["fps"], float)
    assert found["fps"] == pytest.approx(9, abs=0.5)
    assert isinstance(found["fps_after"], float)
    assert found["fps_after"] == pytest.approx(30, abs=1)
    assert camera.wishes == [COMPRESSED]
    assert (camera.opened, camera.closed) == (1, 0)
    await bench.clock.advance(4)
    assert verdict(preflight, "camera.fps_low") == (PASSED, None)


async def test_where_there_is_no_compression_a_smaller_picture_does(bench: Bench) -> None:
    def mood(camera: FakeCamera) -> None:
        uncompressed(camera)

        def obey(wish: ModeWish) -> None:
            if wish == SMALLER:
                camera.period_s = 1 / 30
                camera.picture = lambda: noise(640, 480)

        camera.on_wish = obey

    bench.catalogue.camera_mood = mood

    preflight = await bench.run(8)

    assert verdict(preflight, CODE) == (PASSED, None)
    assert figures(preflight)["cured"] == "smaller"
    assert bench.catalogue.made_cameras[0].wishes == [COMPRESSED, SMALLER]
    assert verdict(preflight, "camera.resolution") == (WARNED, None)


@raises(CODE)
async def test_what_nothing_cures_is_told_and_left_as_it_was(bench: Bench) -> None:
    bench.catalogue.camera_mood = uncompressed

    preflight = await bench.run(8)

    assert verdict(preflight, CODE) == (WARNED, None)
    assert bench.catalogue.made_cameras[0].wishes == [COMPRESSED, SMALLER, COMPRESSED]
    assert preflight.progress.gate.passed


@raises(CODE)
@pytest.mark.parametrize(
    ("fourcc", "fps"),
    [("NV12", 9.0), ("BGR3", 9.0), ("YUYV", 1.5), ("RGBP", 9.0), ("XR24", 9.0), ("M420", 9.0)],
)
async def test_other_packings_and_a_trickle_are_the_cables_too(
    bench: Bench, fourcc: str, fps: float
) -> None:
    """NV12 of 1280x720 fills USB 2 as well, and an old hub lets hardly anything through."""

    def mood(camera: FakeCamera) -> None:
        uncompressed(camera, fps)
        camera.fourcc = fourcc

    bench.catalogue.camera_mood = mood

    preflight = await bench.run(8)

    assert verdict(preflight, CODE) == (WARNED, None)
    assert bench.catalogue.made_cameras[0].wishes == [COMPRESSED, SMALLER, COMPRESSED]


async def test_a_camera_that_obeys_and_stays_slow_is_told_too(bench: Bench) -> None:
    def mood(camera: FakeCamera) -> None:
        uncompressed(camera)

        def obey(wish: ModeWish) -> None:
            camera.fourcc = wish.fourcc
            camera.picture = lambda: noise(wish.width, wish.height)

        camera.on_wish = obey

    bench.catalogue.camera_mood = mood

    preflight = await bench.run(8)

    assert verdict(preflight, CODE) == (WARNED, None)


@pytest.mark.parametrize(
    ("fourcc", "fps", "expected"),
    [
        pytest.param("YUYV", 15.5, (PASSED, None), marks=just_misses(CODE)),
        ("MJPG", 9.0, (PASSED, None)),
        ("", 9.0, (UNKNOWN, "no_format")),
        ("", 30.0, (PASSED, None)),
        ("MJPG", 1.5, (PASSED, None)),
        ("H264", 9.0, (PASSED, None)),
    ],
)
async def test_slow_for_another_reason_is_no_matter_of_usb(
    bench: Bench, fourcc: str, fps: float, expected: tuple[CheckState, str | None]
) -> None:
    def mood(camera: FakeCamera) -> None:
        uncompressed(camera, fps)
        camera.fourcc = fourcc

    bench.catalogue.camera_mood = mood

    preflight = await bench.run(8)

    assert verdict(preflight, CODE) == expected
    assert bench.catalogue.made_cameras[0].wishes == []


async def test_a_clip_has_no_cable(bench: Bench) -> None:
    clip = DeviceInfo(DeviceId("file:a.mp4"), "a.mp4", DeviceKind.FILE)
    bench.catalogue.camera_infos = (clip,)
    bench.catalogue.camera_mood = uncompressed

    preflight = await bench.run(5)

    assert verdict(preflight, CODE) == (PASSED, None)


def test_the_row_asks_for_a_yes_or_no() -> None:
    assert judge(CODE, {"usb_slow": True}) is WARNED
    assert judge(CODE, {"usb_slow": False}) is PASSED
    assert judge(CODE, {}) is UNKNOWN
