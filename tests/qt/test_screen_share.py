"""A share of the screen over a grab that the test holds in its hand."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from desktop.media import screen_share
from desktop.media.media_loop import MediaLoop
from desktop.media.screen_share import ScreenShare


class Grab:
    """Stands for the capture: hands out what the test gives it."""

    def __init__(self) -> None:
        self.on_frame: Callable[[QVideoFrame], None] = lambda _: None
        self.stopped = 0

    def start(
        self, on_frame: Callable[[QVideoFrame], None], on_failed: Callable[[str], None]
    ) -> None:
        self.on_frame = on_frame

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def grab(monkeypatch: pytest.MonkeyPatch) -> Grab:
    made = Grab()
    monkeypatch.setattr(screen_share, "QtScreenCapture", lambda: made)
    return made


@pytest.fixture
async def share(grab: Grab) -> AsyncIterator[ScreenShare]:
    media = MediaLoop("test-screen")
    media.start()
    made = ScreenShare(media, lambda words: None)
    yield made
    await made.stop()
    media.stop()


def picture() -> QVideoFrame:
    pixels = QVideoFrameFormat.PixelFormat.Format_BGRX8888
    return QVideoFrame(QVideoFrameFormat(QSize(64, 48), pixels))


async def test_an_empty_frame_is_no_first_picture(grab: Grab, share: ScreenShare) -> None:
    """A source of no size would be published, and nobody would see a screen."""
    starting = asyncio.ensure_future(share.start())
    await asyncio.sleep(0)

    grab.on_frame(QVideoFrame())
    await asyncio.sleep(0)
    waits = not starting.done()
    grab.on_frame(picture())
    await starting

    assert waits
    assert share.make_track().name == "screen"


async def test_a_share_that_is_called_off_while_it_begins_stops_its_grab(
    grab: Grab, share: ScreenShare
) -> None:
    starting = asyncio.ensure_future(share.start())
    await asyncio.sleep(0)

    starting.cancel()
    await asyncio.wait([starting])

    assert grab.stopped == 1
