"""The call's way into LiveKit rooms: `RoomGateway` on the SDK, with every rule it needs to live.

One SDK room per attempt (`RoomStay`); devices, audio thread and sources outlive the attempts, so
coming back restarts nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from client_api.clock import Clock
from client_api.tasks import Tasks, spawn
from client_api.wire import AttemptId, RoomTicket
from desktop.call.events import OwnMediaFailed, RoomEvent, TrackKind
from desktop.call.ports import RoomListener
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.media.audio_engine import AudioEngine, AudioProcessing
from desktop.media.join_retries import forbid_join_retries
from desktop.media.media_loop import MediaLoop
from desktop.media.publish_options import camera_options, microphone_options, screen_options
from desktop.media.remote_video import RemoteVideo
from desktop.media.room_stay import MediaPlant, RoomStay
from desktop.media.sdk_log import guard_sdk_log, redact
from desktop.media.video_publisher import VideoPublisher
from desktop.viewmodels.pictures import PictureMailbox

if TYPE_CHECKING:
    from desktop.media.screen_share import ScreenShare

CONNECT_DEADLINE_S = 18.0


class LiveKitRoom:
    """`RoomGateway` on the LiveKit SDK. Made, used and closed on the Qt/asyncio thread.

    ``camera_pictures`` and ``screen_pictures`` receive the other side's newest pictures from a
    media thread. Devices are attached to, never opened or closed.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        camera_pictures: PictureMailbox,
        screen_pictures: PictureMailbox,
        processing: AudioProcessing | None = None,
        connect_deadline_s: float = CONNECT_DEADLINE_S,
    ) -> None:
        guard_sdk_log()
        forbid_join_retries()
        self._media = MediaLoop("liftbay-media")
        self.audio = AudioEngine(self._media, processing)
        self.video = RemoteVideo(self._media)
        self.publisher: VideoPublisher | None = None
        self._plant = MediaPlant(
            self.audio,
            self.video,
            {TrackKind.CAMERA: camera_pictures, TrackKind.SCREEN: screen_pictures},
            clock,
        )
        self._connect_deadline_s = connect_deadline_s
        self._listener: RoomListener | None = None
        self._stay: RoomStay | None = None
        self._kept: RoomStay | None = None
        self._connect: asyncio.Task[None] | None = None
        self._tasks = Tasks()
        self._is_closed = False
        self._share: ScreenShare | None = None
        self._preparing = asyncio.Lock()

    @property
    def stay(self) -> RoomStay | None:
        """The newest stay, for figures; None before the first join."""
        return self._stay

    async def prepare(self) -> None:
        """Start the native library, the media thread and the sources ahead of the join.

        Optional and safe to repeat; saves the first join the start of the library.
        """
        async with self._preparing:
            if self.publisher is not None or self._is_closed:
                return
            self._media.start()
            await self.audio.start()
            self.publisher = VideoPublisher()

    def listen(self, listener: RoomListener) -> None:
        """Send all events to ``listener`` from now on."""
        self._listener = listener

    async def join(
        self, attempt: AttemptId, ticket: RoomTicket, media: LocalMedia, wishes: MediaWishes
    ) -> None:
        """Open the room and publish; see the port."""
        # Known at once: a `leave` that comes while the way is made free must find it.
        before, stay = self._stay, RoomStay(attempt, self._emit, self._plant)
        self._stay = stay
        if before is not None:
            if before.was_joined:
                self._kept = before
            await self._stop_sharing(None)
            await before.leave()
        await self.prepare()
        if stay.is_answered:
            return
        self._set_sending(TrackKind.MICROPHONE, wishes.microphone_on)
        self._set_sending(TrackKind.CAMERA, wishes.camera_on)
        self._add_tracks(stay, media, wishes)
        # Never cancelled, not even with us: see RoomStay.connect.
        self._connect = spawn(stay.connect(ticket, after=self._connect), name="connect")
        self._attach(stay, media)
        await stay.wait_for_answer(self._connect_deadline_s)
        if stay.was_joined:
            # WORKAROUND: not before. The library's runtime outlives a room in which a peer was
            # heard, but its sound ends for good with its last peer connection: the rooms after it
            # would be deaf (docs/livekit.md).
            self._kept = None
        if wishes.screen_on and stay.is_live:
            self._tasks.spawn(self.set_screen_share(attempt, True), name="share the screen")

    async def leave(self, attempt: AttemptId) -> None:
        """Stop sending, leave, free; the devices stay open."""
        stay = self._stay
        if stay is None or stay.attempt != attempt:
            return
        self._detach()
        await self._stop_sharing(None)
        await stay.leave()

    async def set_microphone(self, attempt: AttemptId, is_on: bool) -> None:
        """Send sound or not."""
        self._wish(attempt, TrackKind.MICROPHONE, is_on)

    async def set_camera(self, attempt: AttemptId, is_on: bool) -> None:
        """Send the camera or not."""
        self._wish(attempt, TrackKind.CAMERA, is_on)

    async def set_screen_share(self, attempt: AttemptId, is_on: bool) -> None:
        """Share the screen or not."""
        stay = self._current(attempt)
        if stay is None or is_on == (self._share is not None):
            return
        if not is_on:
            await self._stop_sharing(stay)
            return
        share: ScreenShare | None = None
        try:
            # Only now: QtMultimedia brings FFmpeg into the process, which most calls never need.
            from desktop.media.screen_share import ScreenShare

            share = self._share = ScreenShare(self._media, self._on_share_lost)
            await share.start()
        except Exception as error:
            # Whatever it is, a missing library of QtMultimedia as well: the call goes on.
            if self._share is share:
                self._share = None
                words = redact(str(error)) or type(error).__name__
                self._emit(OwnMediaFailed(attempt, TrackKind.SCREEN, words))
            if share is not None:
                await share.stop()
            return
        if self._share is not share or not stay.is_live:
            await share.stop()
            return
        stay.own.add(TrackKind.SCREEN, share.make_track, screen_options(), is_on=True)
        stay.own.publish_all(stay.room.local_participant)

    async def use_media(self, attempt: AttemptId, media: LocalMedia) -> None:
        """Feed the tracks from these open devices from now on."""
        stay = self._current(attempt)
        if stay is None:
            return
        self._attach(stay, media)
        options = camera_options(media.limits, detail_first=media.detail_first)
        if stay.is_live and not stay.room.remote_participants:
            # The SDK takes other limits for a new track alone; nobody sees this one yet.
            await stay.own.renew(TrackKind.CAMERA, options, stay.room.local_participant)
        self._add_tracks(stay, media, MediaWishes())
        if stay.is_live:
            stay.own.publish_all(stay.room.local_participant)

    async def aclose(self) -> None:
        """Leave, then free sources and thread. Wait half a second before the process exits."""
        if self._is_closed:
            return
        self._is_closed = True
        async with self._preparing:
            self._detach()
        await self._stop_sharing(None)
        if self._stay is not None:
            await self._stay.leave()
        await self._tasks.close()
        await self.audio.aclose()
        if self.publisher is not None:
            await self.publisher.aclose()
        # It waits for a thread, which may be in the middle of a driver's or the SDK's work.
        await asyncio.to_thread(self._media.stop)

    async def _stop_sharing(self, stay: RoomStay | None) -> None:
        share, self._share = self._share, None
        if share is None:
            return
        if stay is not None and stay.is_live:
            await stay.own.drop(TrackKind.SCREEN, stay.room.local_participant)
        await share.stop()

    def _on_share_lost(self, words: str) -> None:
        stay = self._stay
        if stay is not None:
            self._emit(OwnMediaFailed(stay.attempt, TrackKind.SCREEN, words))
        self._tasks.spawn(self._stop_sharing(stay), name="stop sharing")

    def _emit(self, event: RoomEvent) -> None:
        if self._listener is not None:
            self._listener(event)

    def _current(self, attempt: AttemptId) -> RoomStay | None:
        stay = self._stay
        return stay if stay is not None and stay.attempt == attempt else None

    def _wish(self, attempt: AttemptId, kind: TrackKind, is_on: bool) -> None:
        stay = self._current(attempt)
        if stay is not None:
            self._set_sending(kind, is_on)
            stay.own.wish(kind, is_on=is_on)

    def _set_sending(self, kind: TrackKind, is_on: bool) -> None:
        # Closed at the source as well: what must not be sent does not even reach the SDK.
        if kind is TrackKind.MICROPHONE:
            self.audio.set_muted(not is_on)
        elif self.publisher is not None:
            self.publisher.set_off(not is_on)

    def _add_tracks(self, stay: RoomStay, media: LocalMedia, wishes: MediaWishes) -> None:
        assert self.publisher is not None
        if media.microphone is not None and not stay.own.has(TrackKind.MICROPHONE):
            stay.own.add(
                TrackKind.MICROPHONE,
                self.audio.make_track,
                microphone_options(),
                is_on=wishes.microphone_on,
            )
        if media.camera is not None and not stay.own.has(TrackKind.CAMERA):
            stay.own.add(
                TrackKind.CAMERA,
                self.publisher.make_track,
                camera_options(media.limits, detail_first=media.detail_first),
                is_on=wishes.camera_on,
            )

    def _attach(self, stay: RoomStay, media: LocalMedia) -> None:
        assert self.publisher is not None
        stay.devices.use(media)
        self.audio.use_microphone(media.microphone)
        self.publisher.limit(media.limits)
        self.publisher.use_camera(media.camera)
        if media.speaker is not None:
            self._tasks.spawn(self.audio.use_speaker(media.speaker), name="take the speaker")

    def _detach(self) -> None:
        self.audio.use_microphone(None)
        if self.publisher is not None:
            self.publisher.use_camera(None)
