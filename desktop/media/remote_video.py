"""Brings remote pictures to their mailboxes: one stream and one reader for each track.

The streams live on the media loop: the SDK copies every picture (1.4 MB at 720p) on the loop that
owns the stream, and that must not be the window's.
"""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass, field

import numpy as np
from livekit import rtc

from client_api.tasks import Tasks
from desktop.media.media_loop import MediaLoop
from desktop.media.scaled_picture import PictureScaler
from desktop.viewmodels.pictures import PictureMailbox, PixelFormat, VideoPicture

_log = logging.getLogger(__name__)

_CLOSE_TIMEOUT_S = 1.0
_SMALLEST_PX = 16
"""On an unpublish the SFU sends about 15 black pictures of 8x8."""

_DEGREES: dict[object, int] = {
    rtc.VideoRotation.VIDEO_ROTATION_0: 0,
    rtc.VideoRotation.VIDEO_ROTATION_90: 90,
    rtc.VideoRotation.VIDEO_ROTATION_180: 180,
    rtc.VideoRotation.VIDEO_ROTATION_270: 270,
}


@dataclass(slots=True)
class Feed:
    """One remote track on its way to a mailbox. Written on the media loop, read anywhere.

    Attributes:
        pictures: how many came, the SFU's black ones left out.
        first_s, last_s: ``time.monotonic()`` of the first and the newest picture.
        size: width and height of the newest picture, before rotation.
    """

    track_sid: str
    mailbox: PictureMailbox
    pictures: int = 0
    first_s: float | None = None
    last_s: float | None = None
    size: tuple[int, int] | None = None
    stream: rtc.VideoStream | None = field(default=None, repr=False)
    reader: asyncio.Task[None] | None = field(default=None, repr=False)


class RemoteVideo:
    """Opens and closes streams; the number of open ones equals the subscribed tracks."""

    def __init__(self, media: MediaLoop) -> None:
        self._media = media
        self._feeds: dict[str, Feed] = {}
        self._lock = threading.Lock()
        self._order = asyncio.Lock()
        self._tasks = Tasks()

    @property
    def open_streams(self) -> int:
        """How many streams are open now."""
        with self._lock:
            return len(self._feeds)

    def feed(self, track_sid: str) -> Feed | None:
        """The feed of a track, None when it has none."""
        with self._lock:
            return self._feeds.get(track_sid)

    def last_pictures(self) -> list[tuple[str, float]]:
        """Each track's SID with the time of its newest picture, for those that have one."""
        with self._lock:
            feeds = list(self._feeds.values())
        return [(each.track_sid, each.last_s) for each in feeds if each.last_s is not None]

    def show(self, track: rtc.RemoteVideoTrack, mailbox: PictureMailbox) -> None:
        """Send a track's pictures to a mailbox from now on. Returns at once."""
        self._media.post(self._show(track, mailbox), name="show a track")

    def hide(self, track_sid: str) -> None:
        """Close a track's stream; an open one would deliver the next publication as well.
        Returns at once; orders are obeyed in the order they came."""
        self._media.post(self._hide(track_sid), name="hide a track")

    async def hide_all(self) -> None:
        """Close every stream and wait for it, as after a disconnect."""
        await self._media.run(self._hide_all())

    async def _show(self, track: rtc.RemoteVideoTrack, mailbox: PictureMailbox) -> None:
        async with self._order:
            await self._close(track.sid)
            feed = Feed(track.sid, mailbox)
            feed.stream = rtc.VideoStream.from_track(
                track=track, format=rtc.VideoBufferType.I420, capacity=1
            )
            with self._lock:
                self._feeds[track.sid] = feed
            feed.reader = self._tasks.spawn(self._read(feed, feed.stream), name="remote pictures")

    async def _hide(self, track_sid: str) -> None:
        async with self._order:
            await self._close(track_sid)

    async def _hide_all(self) -> None:
        async with self._order:
            with self._lock:
                sids = list(self._feeds)
            for sid in sids:
                await self._close(sid)

    async def _read(self, feed: Feed, stream: rtc.VideoStream) -> None:
        scaler = PictureScaler()
        is_failing = False
        async for event in stream:
            try:
                _take(feed, scaler, event)
            except Exception as error:
                # A picture is lost, not all that follow it. Told once until one can be shown.
                if not is_failing:
                    _log.error("a remote picture could not be shown: %r", error)
                is_failing = True
            else:
                is_failing = False

    async def _close(self, track_sid: str) -> None:
        with self._lock:
            feed = self._feeds.pop(track_sid, None)
        if feed is not None:
            await self._close_stream(feed)

    async def _close_stream(self, feed: Feed) -> None:
        stream, reader = feed.stream, feed.reader
        feed.stream = feed.reader = None
        if reader is not None:
            reader.cancel()
            await asyncio.wait([reader], timeout=_CLOSE_TIMEOUT_S)
        feed.mailbox.take()
        if stream is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await stream.aclose()
        except Exception as error:
            # The other streams must be closed all the same.
            _log.warning("a remote video stream did not close: %s", type(error).__name__)


def _take(feed: Feed, scaler: PictureScaler, event: rtc.VideoFrameEvent) -> None:
    frame = event.frame
    if frame.width < _SMALLEST_PX or frame.height < _SMALLEST_PX:
        return
    now_ns = time.monotonic_ns()
    size = (frame.width, frame.height)
    planes = np.frombuffer(frame.data, np.uint8)
    pixels, (width, height) = scaler.to_screen(planes, *size, feed.mailbox.wanted_size)
    feed.pictures += 1
    feed.last_s = now_ns / 1e9
    if feed.first_s is None:
        feed.first_s = feed.last_s
    feed.size = size
    feed.mailbox.put(
        VideoPicture(
            data=pixels,
            width=width,
            height=height,
            pixels=PixelFormat.BGRA,
            bytes_per_line=pixels.shape[1] * 4,
            captured_ns=now_ns,
            rotation_degrees=_DEGREES.get(event.rotation, 0),
            sent_size=size,
        )
    )
