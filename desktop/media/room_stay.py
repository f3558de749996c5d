"""One stay in a room: one SDK room, from connect to the last stream closed. Used once."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from livekit import rtc

from client_api.clock import Clock
from client_api.tasks import Tasks, spawn
from client_api.wire import AttemptId, RoomTicket
from desktop.call.events import (
    JoinFault,
    MediaResumed,
    MediaStalled,
    OwnNetworkChanged,
    QualityMeasured,
    RoomDisconnected,
    RoomEvent,
    RoomJoined,
    RoomJoinFailed,
    SpeakerChanged,
    TrackKind,
)
from desktop.media.audio_engine import AudioEngine
from desktop.media.device_watch import Device, DeviceWatch
from desktop.media.looks import Look, Looks
from desktop.media.media_watch import MediaWatch, Resumed, Stalled
from desktop.media.own_tracks import OwnTracks
from desktop.media.publish_options import room_options
from desktop.media.remote_video import RemoteVideo
from desktop.media.room_events import RoomEvents
from desktop.media.room_faults import disconnect_reason, join_fault
from desktop.media.room_stats import Totals, quality_sample, read_totals
from desktop.media.sdk_log import redact
from desktop.viewmodels.pictures import PictureMailbox

_log = logging.getLogger(__name__)

_CONNECT_BEFORE_DEADLINE_S = 8.0
"""A connect is given up after 18 s; what is left of the SDK's own 25 s: two times 5 s for the
signalling and 15 s for the media path (rust-sdks 1.2.1's `signal_client` and `rtc_session`)."""
_DISCONNECT_DEADLINE_S = 2.0
_STREAMS_DEADLINE_S = 2.0
_LOOK_EVERY_S = 0.5
_STATS_EVERY_S = 1.0
_STATS_DEADLINE_S = 2.0


@dataclass(frozen=True, slots=True)
class MediaPlant:
    """The parts that outlive a stay and that every stay feeds."""

    audio: AudioEngine
    video: RemoteVideo
    pictures: Mapping[TrackKind, PictureMailbox]
    clock: Clock


@dataclass(slots=True)
class StayTimes:
    """When things happened, ``time.monotonic()``; None while they have not."""

    connect_called_s: float | None = None
    connected_s: float | None = None


class RoomStay:
    """Connects, maps events, watches the media, and closes everything again.

    Every event carries the attempt. After ``leave()`` nothing is emitted any more, except that a
    join still under way answers `RoomJoinFailed`.
    """

    def __init__(
        self, attempt: AttemptId, emit: Callable[[RoomEvent], None], plant: MediaPlant
    ) -> None:
        self.attempt = attempt
        self.times = StayTimes()
        self._emit_outside = emit
        self._plant = plant
        self._tasks = Tasks()
        self.room = rtc.Room()
        self.own = OwnTracks(attempt, self._emit, self._tasks)
        self._events = RoomEvents(self.room, attempt, self._emit, self)
        self.devices = DeviceWatch()
        self._watch = MediaWatch()
        self._sound_names: dict[str, str] = {}
        self._answered = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None
        self._is_joined = False
        self.totals: Totals | None = None
        """The newest counters, for figures; None before the first second."""
        self._totals_s = 0.0
        self._is_left = False
        self._is_over = False
        self._is_repairing = False
        self._is_network_ok = True

    @property
    def is_live(self) -> bool:
        """True between `RoomJoined` and the end of the stay."""
        return self._is_joined and not self._is_over and not self._is_left

    @property
    def was_joined(self) -> bool:
        """True from `RoomJoined` on, also when the stay is over."""
        return self._is_joined

    @property
    def is_answered(self) -> bool:
        """True once the join has succeeded, failed or been given up."""
        return self._answered.is_set()

    @property
    def camera_published_s(self) -> float | None:
        """When the peer's camera was published, if that was seen happening."""
        return self._events.camera_published_s

    async def connect(self, ticket: RoomTicket, after: asyncio.Task[None] | None = None) -> None:
        """Open the room. Runs in a task of its own that nobody cancels: a cancelled native
        connect makes the SDK end the whole process 15 s later.

        Args:
            ticket: where and as whom.
            after: another stay's connect. One that is given up goes on natively, and should its
                connections be the runtime's last and end while this room opens, this room would
                be deaf (docs/livekit.md): it is waited for, 8 s at the most.
        """
        if after is not None:
            await asyncio.wait({after}, timeout=_CONNECT_BEFORE_DEADLINE_S)
            if self._answered.is_set():
                return
        self.times.connect_called_s = time.monotonic()
        try:
            await self.room.connect(ticket.url, ticket.token.reveal(), room_options())
        except Exception as error:
            text = str(error)
            self.fail(join_fault(text), redact(text))
            return
        if self._answered.is_set():
            # Too late: given up by the deadline or by `leave`. Nobody must stay in the room.
            _log.info("a room that opened too late is closed again")
            await self._disconnect()
            return
        # No await between the SDK's return and here, so no event can overtake RoomJoined.
        self.times.connected_s = time.monotonic()
        connect_ms = (self.times.connected_s - self.times.connect_called_s) * 1000
        self._is_joined = True
        self._answered.set()
        # Before the news: who hears it draws the call, and the tracks would wait for that.
        self.own.publish_all(self.room.local_participant)
        self._emit(RoomJoined(self.attempt, self._events.peers, connect_ms))
        self._watch_room()

    async def wait_for_answer(self, deadline_s: float) -> None:
        """Return when the join has succeeded or failed, at the deadline at the latest."""
        try:
            async with asyncio.timeout(deadline_s):
                await self._answered.wait()
        except TimeoutError:
            self.fail(JoinFault.TIMED_OUT, f"not connected after {deadline_s:.0f} s")

    def fail(self, fault: JoinFault, detail: str) -> None:
        """Answer the join with a failure, once."""
        if not self._answered.is_set():
            self._answered.set()
            self._emit_outside(RoomJoinFailed(self.attempt, fault, detail))

    async def leave(self) -> None:
        """Unpublish, disconnect, close the streams. The caller has stopped the capture.

        Repeated, it waits for the first one.
        """
        if self._leaving is None:
            self._leaving = spawn(self._leave(), name="leave the room")
        await asyncio.shield(self._leaving)

    # --- what the room reports (RoomHost) ----------------------------------------------------

    def on_track(self, kind: TrackKind, identity: str, track: rtc.Track, *, is_muted: bool) -> None:
        """Show or play a track of the peer."""
        if not self.is_live:
            # A room that is being left still tells of tracks; nobody would close their streams,
            # and an open one delivers the next call's pictures and sound.
            return
        now_s = time.monotonic()
        if isinstance(track, rtc.RemoteVideoTrack):
            self._plant.video.show(track, self._plant.pictures[kind])
        elif isinstance(track, rtc.RemoteAudioTrack):
            self._plant.audio.play(identity, track)
            self._sound_names[track.sid] = identity
        # A still screen sends nothing, which is no fault.
        if not is_muted and kind is not TrackKind.SCREEN:
            self._watch.watch(track.sid, now_s)

    def on_track_gone(self, kind: TrackKind, identity: str, track_sid: str) -> None:
        """Close what showed or played a track."""
        self._watch.forget(track_sid)
        if self._sound_names.pop(track_sid, None) is not None:
            self._plant.audio.stop_playing(identity, track_sid)
        else:
            self._plant.video.hide(track_sid)

    def on_peer_muted(self, kind: TrackKind, track_sid: str, *, is_muted: bool) -> None:
        """A muted track owes us nothing."""
        if is_muted:
            self._watch.forget(track_sid)
        elif kind is not TrackKind.SCREEN:
            self._watch.watch(track_sid, time.monotonic())

    def on_own_muted(self, kind: TrackKind, *, is_muted: bool) -> None:
        """Pass on what the SDK says of our own flag."""
        self.own.on_muted(kind, is_muted=is_muted)

    def on_permission(self) -> None:
        """Look at what we may publish now."""
        self._tasks.spawn(
            self.own.on_permission(self.room.local_participant), name="look at permissions"
        )

    def on_repair(self, *, is_done: bool) -> None:
        """The SDK begins or ends to repair the connection by itself."""
        self._is_repairing = not is_done
        if is_done:
            self.own.apply_wishes()
            # A publish that failed while the connection was away is nobody else's to repeat.
            self.own.publish_all(self.room.local_participant)

    def on_disconnected(self, reason: int) -> None:
        """The room is over. A new attempt makes a new one."""
        if self._is_over:
            return
        self._is_over = True
        self.own.close()
        self._emit(RoomDisconnected(self.attempt, disconnect_reason(reason)))
        self._tasks.spawn(self._close_streams(), name="close streams")

    # -----------------------------------------------------------------------------------------

    def _emit(self, event: RoomEvent) -> None:
        # A join that was given up was answered: what becomes of a late success is nobody's news.
        if self._is_joined and not self._is_left:
            self._emit_outside(event)

    async def _leave(self) -> None:
        self._is_left = True
        self.own.close()
        self.fail(JoinFault.ABANDONED, "left while joining")
        if self._is_joined and not self._is_over and not self._is_repairing:
            await self.own.unpublish_all(self.room.local_participant)
        await self._disconnect()
        await self._close_streams()
        await self._tasks.close()

    def _watch_room(self) -> None:
        # The statistics on their own: in an outage they hang, just when the media must be watched.
        watched = {"the media": self._look_at_media, "the devices": self._look_at_devices}
        self._tasks.spawn(self._keep_looking(watched, _LOOK_EVERY_S), name="watch the room")
        read = {"the statistics": self._look_at_statistics}
        self._tasks.spawn(self._keep_looking(read, _STATS_EVERY_S), name="read the statistics")

    async def _keep_looking(self, looks: Mapping[str, Look], every_s: float) -> None:
        steady = Looks(looks)
        while self.is_live:
            await asyncio.sleep(every_s)
            await steady.take()

    async def _look_at_statistics(self) -> None:
        totals = await self._read_totals()
        now_s = time.monotonic()
        self._tell_network(totals)
        if totals is None or not self.is_live:
            return
        before, before_s = self.totals, self._totals_s
        self.totals, self._totals_s = totals, now_s
        if before is not None and totals.audio_packets != before.audio_packets:
            for name in self._sound_names:
                self._watch.came(name, now_s)
        sample = quality_sample(
            before, totals, seconds=now_s - before_s, at=self._plant.clock.now()
        )
        self._emit(QualityMeasured(self.attempt, sample))

    async def _look_at_devices(self) -> None:
        for device, fault in self.devices.look():
            self._on_device(device, fault)

    def _on_device(self, device: Device, fault: str | None) -> None:
        match device:
            case Device.CAMERA:
                self.own.on_device(TrackKind.CAMERA, fault)
            case Device.MICROPHONE:
                self.own.on_device(TrackKind.MICROPHONE, fault)
            case Device.SPEAKER:
                self._emit(SpeakerChanged(self.attempt, fault is None, fault or ""))

    async def _look_at_media(self) -> None:
        for track_sid, last_s in self._plant.video.last_pictures():
            self._watch.came(track_sid, last_s)
        if self._is_repairing:
            return
        match self._watch.look(time.monotonic()):
            case Stalled(age_ms):
                self._emit(MediaStalled(self.attempt, age_ms))
            case Resumed():
                self._emit(MediaResumed(self.attempt))
            case None:
                pass

    async def _read_totals(self) -> Totals | None:
        try:
            async with asyncio.timeout(_STATS_DEADLINE_S):
                return read_totals(await self.room.get_rtc_stats())
        except (TimeoutError, RuntimeError) as error:
            _log.info("no statistics: %s", redact(str(error)) or "no answer in time")
            return None

    def _tell_network(self, totals: Totals | None) -> None:
        is_ok = totals is not None and totals.is_transport_ok
        if is_ok != self._is_network_ok and self.is_live:
            self._is_network_ok = is_ok
            self._emit(OwnNetworkChanged(self.attempt, is_ok))

    async def _disconnect(self) -> None:
        try:
            async with asyncio.timeout(_DISCONNECT_DEADLINE_S):
                await self.room.disconnect()
        except Exception as error:
            _log.warning("the room was not left in order: %s", redact(str(error)) or "no answer")

    async def _close_streams(self) -> None:
        self._watch.forget_all()
        self._sound_names.clear()
        video, audio = self._plant.video.hide_all(), self._plant.audio.stop_playing_all()
        try:
            async with asyncio.timeout(_STREAMS_DEADLINE_S):
                outcomes = await asyncio.gather(video, audio, return_exceptions=True)
        except TimeoutError:
            # They go on closing on the media loop; whoever leaves has waited long enough.
            _log.warning("the streams of a room did not close in %.0f s", _STREAMS_DEADLINE_S)
            return
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                _log.error("the streams of a room did not close: %s", type(outcome).__name__)
