"""What B of a trial call sees and hears. Imports LiveKit: belongs to the probe process alone.

A stream is closed with its track: one that is left open would show the next publication.
"""

import asyncio
import contextlib
import time
from collections import deque

import numpy as np
from livekit import rtc

from client_api.tasks import Tasks
from preflight.analysis.round_trip import SeenPicture
from preflight.analysis.sound import mean_square
from preflight.devices.time_code import read_time_code

_SMALLEST_PX = 16
"""The media server sends pictures of 8x8 when a track ends."""
_KEPT_PICTURES = 2000
"""A minute of pictures: times and two figures, no picture."""
_LOOK_EVERY_PX = 4
_RATE_HZ = 48_000
_BLOCK_MS = 10


class Receiving:
    """Follows whatever picture comes to B; listens when it is asked to."""

    def __init__(self, room: rtc.Room, tasks: Tasks) -> None:
        self._room = room
        self._tasks = tasks
        self._watched: dict[str, asyncio.Task[None]] = {}
        self.pictures: deque[SeenPicture] = deque(maxlen=_KEPT_PICTURES)
        self.squares: list[float] = []
        room.on("track_subscribed", self._on_track)
        room.on("track_unsubscribed", self._on_track_gone)

    def since(self, at_s: float) -> list[SeenPicture]:
        """Return the pictures that came from then on (``time.monotonic()``)."""
        return [each for each in self.pictures if each.at_s >= at_s]

    async def listen(self) -> None:
        """Keep the mean square of each 10 ms of A's sound in `squares`, until cancelled."""
        self.squares = []
        track = self._sound()
        if track is None:
            return
        stream = rtc.AudioStream.from_track(
            track=track, sample_rate=_RATE_HZ, num_channels=1, frame_size_ms=_BLOCK_MS
        )
        try:
            async for event in stream:
                self.squares.append(mean_square(np.frombuffer(event.frame.data, np.int16)))
        finally:
            await stream.aclose()

    def _sound(self) -> rtc.RemoteAudioTrack | None:
        for participant in self._room.remote_participants.values():
            for publication in participant.track_publications.values():
                if isinstance(publication.track, rtc.RemoteAudioTrack):
                    return publication.track
        return None

    def _on_track(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, _who: object
    ) -> None:
        if isinstance(track, rtc.RemoteVideoTrack):
            self._watched[publication.sid] = self._tasks.spawn(self._watch(track), name="watch A")

    def _on_track_gone(
        self, _track: rtc.Track, publication: rtc.RemoteTrackPublication, _who: object
    ) -> None:
        watching = self._watched.pop(publication.sid, None)
        if watching is not None:
            watching.cancel()

    async def _watch(self, track: rtc.RemoteVideoTrack) -> None:
        stream = rtc.VideoStream.from_track(
            track=track, format=rtc.VideoBufferType.I420, capacity=1
        )
        try:
            async for event in stream:
                self._look(event.frame)
        finally:
            with contextlib.suppress(Exception):  # it is over either way
                await stream.aclose()

    def _look(self, frame: rtc.VideoFrame) -> None:
        now_ns = time.monotonic_ns()
        width, height = frame.width, frame.height
        if width < _SMALLEST_PX:
            return
        luma = np.frombuffer(frame.data, np.uint8)[: width * height].reshape(height, width)
        captured_ns = read_time_code(luma, now_ns)
        self.pictures.append(
            SeenPicture(
                now_ns / 1e9,
                float(luma[::_LOOK_EVERY_PX, ::_LOOK_EVERY_PX].mean()),
                None if captured_ns is None else captured_ns // 1000,
            )
        )
