"""Pictures through the SDK and back, without a server: a local track is watched like a remote."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, cast
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from livekit import rtc

from desktop.media import video_publisher
from desktop.media.media_loop import MediaLoop
from desktop.media.publish_options import camera_options
from desktop.media.remote_video import RemoteVideo
from desktop.media.scaled_picture import PictureScaler
from desktop.media.video_publisher import VideoPublisher, sdk_frame
from desktop.viewmodels.pictures import PictureMailbox, PixelFormat, VideoPicture
from preflight.devices.frames import CameraFrame
from preflight.devices.taps import TapList
from preflight.verdicts.recommendation import UNLIMITED, Recommendation
from tests.conftest import ExpectedLogs

BLUE, GREEN, RED = (200, 30, 20), (20, 180, 40), (10, 20, 220)


class Rig:
    """A publisher whose track is shown in a mailbox."""

    def __init__(self) -> None:
        self.media = MediaLoop("test-video")
        self.media.start()
        self.publisher = VideoPublisher(320, 180)
        self.remote = RemoteVideo(self.media)
        self.pictures = PictureMailbox()
        self.track = cast(Any, self.publisher.make_track())
        self.remote.show(self.track, self.pictures)

    async def send_until(
        self, colour: tuple[int, int, int], is_it: Callable[[VideoPicture], bool], **size: int
    ) -> VideoPicture:
        """Send a colour until a picture comes that is wanted."""
        async with asyncio.timeout(10):
            while True:
                self.publisher.tap(frame_of(colour, **size))
                await asyncio.sleep(0.03)
                picture = self.pictures.take()
                if picture is not None and is_it(picture):
                    return picture

    async def close(self) -> None:
        await self.remote.hide_all()
        await self.publisher.aclose()
        self.media.stop()


def frame_of(colour: tuple[int, int, int], width: int = 320, height: int = 180) -> CameraFrame:
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = colour
    return CameraFrame(pixels, 0)


def pixel(picture: VideoPicture) -> npt.NDArray[np.int16]:
    """The middle pixel as B, G, R."""
    whole = np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, 4)
    return whole[picture.height // 2, picture.width // 2, :3].astype(np.int16)


def is_near(picture: VideoPicture, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel(picture) - np.array(colour)).max() < 12)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    yield made
    await made.close()


@pytest.mark.parametrize("colour", [BLUE, GREEN, RED])
async def test_colours_arrive_as_they_were_sent(rig: Rig, colour: tuple[int, int, int]) -> None:
    picture = await rig.send_until(colour, lambda each: is_near(each, colour))

    assert picture.pixels is PixelFormat.BGRA
    assert picture.bytes_per_line == 320 * 4
    assert picture.rotation_degrees == 0


async def test_a_camera_of_another_size_needs_no_new_source(rig: Rig) -> None:
    await rig.send_until(GREEN, lambda each: each.width == 320)

    picture = await rig.send_until(
        RED, lambda each: each.width == 640 and is_near(each, RED), width=640, height=360
    )

    assert (picture.width, picture.height) == (640, 360)


async def test_black_pictures_of_eight_pixels_are_ignored(rig: Rig) -> None:
    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))
    before = rig.pictures.put_count
    for _ in range(10):
        rig.publisher.tap(frame_of((0, 0, 0), 8, 8))
        await asyncio.sleep(0.03)
    after = rig.pictures.put_count
    # What was sent before may still be under way, one picture of it.
    assert after - before <= 1


async def test_a_camera_that_is_off_sends_nothing(rig: Rig) -> None:
    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))
    sent = rig.publisher.sent

    rig.publisher.set_off(True)
    rig.publisher.tap(frame_of(RED))

    assert rig.publisher.sent == sent


async def test_showing_again_and_hiding_leave_no_stream_behind(rig: Rig) -> None:
    rig.remote.show(rig.track, rig.pictures)
    rig.remote.show(rig.track, rig.pictures)
    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))
    shown = rig.remote.open_streams

    rig.remote.hide("a SID of long ago")
    rig.remote.hide(rig.track.sid)
    await rig.remote.hide_all()

    assert shown == 1
    assert rig.remote.open_streams == 0
    assert rig.pictures.take() is None


async def test_the_feed_knows_its_newest_picture(rig: Rig) -> None:
    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))

    feed = rig.remote.feed(rig.track.sid)

    assert feed is not None
    assert feed.size == (320, 180)
    assert feed.pictures >= 1
    assert rig.remote.last_pictures() == [(rig.track.sid, feed.last_s)]


async def test_a_picture_that_cannot_be_converted_is_left_out_and_the_next_one_shown(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("a remote picture could not be shown")
    good = PictureScaler.to_screen
    refused: list[int] = []

    def throws_twice(self: PictureScaler, *args: Any) -> Any:
        if len(refused) < 2:
            refused.append(1)
            raise ValueError("3 bytes are too few for 320x180")
        return good(self, *args)

    monkeypatch.setattr(PictureScaler, "to_screen", throws_twice)

    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))

    assert len(refused) == 2


async def test_a_stream_that_cannot_be_closed_leaves_no_other_one_open(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    """One left open would show the peer's next publication as well."""
    expected_logs.allow("a remote video stream did not close")
    second = cast(Any, rig.publisher.make_track())
    # Tracks that were never published have no SID to tell them apart.
    second._info.sid = "TR_second"
    rig.remote.show(second, PictureMailbox())
    await rig.send_until(GREEN, lambda each: is_near(each, GREEN))
    good = rtc.VideoStream.aclose
    closed: list[rtc.VideoStream] = []

    async def throws_once(self: rtc.VideoStream) -> None:
        await good(self)
        closed.append(self)
        if len(closed) == 1:
            raise AssertionError

    monkeypatch.setattr(rtc.VideoStream, "aclose", throws_once)

    await rig.remote.hide_all()

    assert len(closed) == 2
    assert rig.remote.open_streams == 0


async def test_a_picture_that_the_sdk_refuses_does_not_take_the_camera_off(
    monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    """What a tap raises detaches it for good: the peer would see the last picture from then on."""
    expected_logs.allow("a picture was not sent")
    publisher = VideoPublisher(320, 180)
    good = rtc.VideoSource.capture_frame
    refused: list[int] = []

    def throws_once(self: rtc.VideoSource, frame: rtc.VideoFrame) -> None:
        if not refused:
            refused.append(1)
            raise AssertionError
        good(self, frame)

    monkeypatch.setattr(rtc.VideoSource, "capture_frame", throws_once)
    camera: TapList[CameraFrame] = TapList("camera")
    camera.attach(publisher.tap)

    camera.deliver(frame_of(GREEN))
    camera.deliver(frame_of(GREEN))
    await publisher.aclose()

    assert publisher.sent == 1


@pytest.mark.parametrize(
    "shape", [(180, 320), (179, 320, 3), (180, 319, 3), (180, 320, 4), (0, 320, 3)]
)
def test_a_buffer_of_another_size_is_never_given_to_the_sdk(shape: tuple[int, ...]) -> None:
    """Refused by an error that `python -O` does not take away: the SDK would read beyond it."""
    with pytest.raises(ValueError, match="no RGB picture of 320x180"):
        sdk_frame(np.zeros(shape, np.uint8), 320, 180)


async def test_the_publisher_sends_nothing_that_was_refused(
    monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("a picture was not sent: ValueError")
    publisher = VideoPublisher(320, 180)

    def one_row_short(rgb: npt.NDArray[np.uint8], width: int, height: int) -> rtc.VideoFrame:
        return sdk_frame(rgb[1:], width, height)

    monkeypatch.setattr(video_publisher, "sdk_frame", one_row_short)
    publisher.tap(frame_of(GREEN))
    await publisher.aclose()

    assert publisher.sent == 0


def limited(**changed: Any) -> Recommendation:
    return replace(UNLIMITED, **changed)


class Sent:
    """Stands where the SDK's source stands; remembers sizes."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def capture_frame(self, frame: rtc.VideoFrame) -> None:
        self.sizes.append((frame.width, frame.height))


def publisher_into(sent: Sent, limits: Recommendation) -> VideoPublisher:
    with patch.object(rtc, "VideoSource", lambda *_: sent):
        made = VideoPublisher()
    made.limit(limits)
    return made


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ((1280, 720), (960, 540), (960, 540)),
        ((720, 1280), (960, 540), (540, 960)),
        ((640, 480), (960, 540), (640, 480)),
        ((1280, 960), (640, 360), (480, 360)),
        ((1920, 1080), (320, 180), (320, 180)),
    ],
)
def test_a_picture_is_sent_no_larger_than_the_limit_and_keeps_its_shape(
    size: tuple[int, int], limit: tuple[int, int], expected: tuple[int, int]
) -> None:
    sent = Sent()
    publisher = publisher_into(sent, limited(width=limit[0], height=limit[1]))

    publisher.tap(frame_of(BLUE, width=size[0], height=size[1]))

    assert sent.sizes == [expected]


@pytest.mark.parametrize(
    ("fps", "camera_fps", "expected"),
    [(30, 30, 300), (20, 30, 200), (25, 30, 250), (15, 30, 150), (20, 15, 150)],
)
def test_no_more_pictures_are_sent_than_the_limit_says(
    fps: int, camera_fps: int, expected: int
) -> None:
    sent = Sent()
    publisher = publisher_into(sent, limited(fps=fps))
    uneven = np.random.default_rng(3).integers(-2_000_000, 2_000_000, 10 * camera_fps)

    for number in range(10 * camera_fps):
        at_ns = round(number * 1e9 / camera_fps) + int(uneven[number])
        publisher.tap(replace(frame_of(GREEN), captured_ns=1_000_000_000 + at_ns))

    assert abs(len(sent.sizes) - expected) <= expected * 0.02


def test_a_gap_is_not_made_up_for() -> None:
    sent = Sent()
    publisher = publisher_into(sent, limited(fps=15))
    for at_s in (0.0, 5.0, 5.01, 5.02, 5.07):
        publisher.tap(replace(frame_of(RED), captured_ns=round((1 + at_s) * 1e9)))

    assert len(sent.sizes) == 3


def test_what_is_published_is_no_more_than_the_limit() -> None:
    options = camera_options(limited(bitrate_kbps=450, fps=20))

    assert options.video_encoding.max_bitrate == 450_000
    assert options.video_encoding.max_framerate == 20
    assert camera_options(limited(bitrate_kbps=0)).video_encoding.max_bitrate == 160_000
    assert camera_options().video_encoding.max_bitrate == 1_700_000
