"""The pattern and the clip as cameras."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from preflight.devices.file_camera import ClipReader, file_camera
from preflight.devices.frames import CameraFrame, DeviceKind
from preflight.devices.opencv import cv2
from preflight.devices.pattern_camera import PatternReader, pattern_camera
from preflight.devices.ports import CameraSource, OpenFault, SourceState
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.time_code import read_time_code

CLIP = Path(__file__).resolve().parents[4] / "resources" / "clips" / "demo-customer.mp4"
DEADLINE_S = 10.0


def frames_of(camera: CameraSource, count: int) -> list[CameraFrame]:
    """Open, take frames from a tap, close."""
    seen: list[CameraFrame] = []
    enough = threading.Event()

    def tap(frame: CameraFrame) -> None:
        if len(seen) < count:
            seen.append(frame)
        if len(seen) == count:
            enough.set()

    camera.attach(tap)
    camera.open()
    try:
        assert enough.wait(DEADLINE_S), camera.status
    finally:
        camera.close()
    return seen


def make_pattern(*, time_code: bool) -> CameraSource:
    return pattern_camera(OpenGuard(), time_code=time_code)


def make_clip(*, time_code: bool) -> CameraSource:
    return file_camera(CLIP, OpenGuard(), time_code=time_code)


@pytest.mark.parametrize("make", [make_pattern, make_clip])
def test_frames_are_720p_readonly_contiguous_and_all_different(
    make: Callable[..., CameraSource],
) -> None:
    camera = make(time_code=False)

    frames = frames_of(camera, 6)

    assert {frame.pixels.shape for frame in frames} == {(720, 1280, 3)}
    assert all(frame.pixels.flags.c_contiguous for frame in frames)
    assert not any(frame.pixels.flags.writeable for frame in frames)
    assert len({frame.pixels.tobytes() for frame in frames}) == 6
    assert camera.info.kind.synthetic
    assert camera.mode is not None
    assert camera.mode.fps == 30.0


@pytest.mark.parametrize("make", [make_pattern, make_clip])
def test_the_capture_time_can_be_read_from_the_picture(make: Callable[..., CameraSource]) -> None:
    frames = frames_of(make(time_code=True), 2)

    now_ns = time.monotonic_ns()

    for frame in frames:
        assert read_time_code(frame.pixels, now_ns) == frame.captured_ns // 1000 * 1000


@pytest.mark.parametrize("make", [make_pattern, make_clip])
def test_the_picture_is_lit_and_not_burnt_out(make: Callable[..., CameraSource]) -> None:
    pixels = frames_of(make(time_code=False), 1)[0].pixels

    luma = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)

    assert 60 < float(luma.mean()) < 200
    assert float((luma >= 250).mean()) < 0.15


def test_a_frame_stays_as_it_was_when_the_next_one_comes() -> None:
    reader = PatternReader()
    reader.open()
    first = reader.render(1)
    before = first.pixels.copy()

    reader.render(2)

    assert np.array_equal(first.pixels, before)
    reader.close()


def test_the_word_demo_is_in_the_picture() -> None:
    reader = PatternReader()
    reader.open()
    label = reader.render(1).pixels[24:80, 1088:1256]
    reader.close()

    lettering = (label[:, :, 2] > 200) & (label[:, :, 0] < 140)

    assert 0.05 < float(lettering.mean()) < 0.6


def test_a_clip_starts_again_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "three.avi"
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 100, (320, 240)
    )
    for level in (50, 120, 190):
        writer.write(np.full((240, 320, 3), level, np.uint8))
    writer.release()
    reader = ClipReader(path, mark=False)
    reader.open()
    stop = threading.Event()

    frames = [reader.read(stop) for _ in range(7)]

    reader.close()
    levels = [round(float(frame.pixels.mean()), -1) for frame in frames if frame is not None]
    assert levels == [50, 120, 190, 50, 120, 190, 50]


def test_a_missing_clip_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(OpenFailed) as failed:
        ClipReader(tmp_path / "none.mp4").open()

    assert failed.value.fault is OpenFault.NOT_FOUND


def test_a_file_that_is_no_clip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video at all")

    with pytest.raises(OpenFailed) as failed:
        ClipReader(path).open()

    assert failed.value.fault is OpenFault.REFUSED


def test_a_clip_that_vanishes_in_mid_play_ends_the_source(tmp_path: Path) -> None:
    path = tmp_path / "one.avi"
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 100, (320, 240)
    )
    writer.write(np.full((240, 320, 3), 90, np.uint8))
    writer.release()
    reader = ClipReader(path)
    reader.open()
    stop = threading.Event()
    assert reader.read(stop) is not None
    path.unlink()

    with pytest.raises((DeviceGone, OpenFailed)):
        reader.read(stop)

    reader.close()


def test_a_closed_pattern_is_still_one() -> None:
    camera = pattern_camera(OpenGuard())

    frames_of(camera, 1)

    assert camera.status.state is SourceState.CLOSED
    assert camera.info.kind is DeviceKind.PATTERN
