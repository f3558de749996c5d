"""Turns the callbacks of one SDK room into the call's typed events.

The SDK swallows what a handler raises and stalls all room events while one runs, so each is
short and reports its own failure.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from livekit import rtc

from client_api.wire import AttemptId
from desktop.call.events import (
    PeerJoined,
    PeerLeft,
    PeerMediaChanged,
    RoomEvent,
    RoomReconnected,
    RoomReconnecting,
    TrackKind,
)

_log = logging.getLogger(__name__)

_KINDS: dict[int, TrackKind] = {
    rtc.TrackSource.SOURCE_CAMERA: TrackKind.CAMERA,
    rtc.TrackSource.SOURCE_MICROPHONE: TrackKind.MICROPHONE,
    rtc.TrackSource.SOURCE_SCREENSHARE: TrackKind.SCREEN,
}


class RoomHost(Protocol):
    """What a stay does about the callbacks that are not only news."""

    def on_track(
        self, kind: TrackKind, identity: str, track: rtc.Track, *, is_muted: bool
    ) -> None: ...
    def on_track_gone(self, kind: TrackKind, identity: str, track_sid: str) -> None: ...
    def on_peer_muted(self, kind: TrackKind, track_sid: str, *, is_muted: bool) -> None: ...
    def on_own_muted(self, kind: TrackKind, *, is_muted: bool) -> None: ...
    def on_permission(self) -> None: ...
    def on_repair(self, *, is_done: bool) -> None: ...
    def on_disconnected(self, reason: int) -> None: ...


def kind_of(publication: rtc.TrackPublication) -> TrackKind | None:
    """What a publication is; None for kinds that a call does not know (screen sound)."""
    return _KINDS.get(publication.source)


class RoomEvents:
    """Listens to one room for one attempt.

    Attributes:
        camera_published_s: ``time.monotonic()`` of the peer's newest camera publication that was
            seen happening; None for one that was there before us.
    """

    def __init__(
        self, room: rtc.Room, attempt: AttemptId, emit: Callable[[RoomEvent], None], host: RoomHost
    ) -> None:
        self.camera_published_s: float | None = None
        self._room = room
        self._attempt = attempt
        self._emit = emit
        self._host = host
        self._on("participant_connected", self._on_peer_joined)
        self._on("participant_disconnected", self._on_peer_left)
        self._on("track_published", self._on_published)
        self._on("track_subscribed", self._on_subscribed)
        self._on("track_unsubscribed", self._on_unsubscribed)
        self._on("track_subscription_failed", self._on_subscription_failed)
        self._on("track_muted", functools.partial(self._on_mute, is_muted=True))
        self._on("track_unmuted", functools.partial(self._on_mute, is_muted=False))
        self._on("participant_permissions_changed", self._on_permissions)
        self._on("reconnecting", self._on_reconnecting)
        self._on("reconnected", self._on_reconnected)
        self._on("disconnected", host.on_disconnected)

    @property
    def peers(self) -> tuple[str, ...]:
        """Identities in the room now, without our own."""
        return tuple(self._room.remote_participants)

    def _on(self, name: Any, handler: Callable[..., None]) -> None:
        def guarded(*args: Any) -> None:
            try:
                handler(*args)
            except Exception:
                _log.exception("the handler of %s failed", name)

        self._room.on(name, guarded)

    def _on_peer_joined(self, peer: rtc.RemoteParticipant) -> None:
        self._emit(PeerJoined(self._attempt, peer.identity))

    def _on_peer_left(self, peer: rtc.RemoteParticipant) -> None:
        self._emit(PeerLeft(self._attempt, peer.identity))

    def _on_published(
        self, publication: rtc.RemoteTrackPublication, peer: rtc.RemoteParticipant
    ) -> None:
        if kind_of(publication) is TrackKind.CAMERA:
            self.camera_published_s = time.monotonic()

    def _on_subscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        peer: rtc.RemoteParticipant,
    ) -> None:
        kind = kind_of(publication)
        if kind is None:
            return
        self._host.on_track(kind, peer.identity, track, is_muted=publication.muted)
        self._emit(PeerMediaChanged(self._attempt, peer.identity, kind, not publication.muted))

    def _on_unsubscribed(
        self,
        track: rtc.Track | None,
        publication: rtc.RemoteTrackPublication,
        peer: rtc.RemoteParticipant,
    ) -> None:
        kind = kind_of(publication)
        if kind is None:
            return
        self._host.on_track_gone(kind, peer.identity, publication.sid)
        self._emit(PeerMediaChanged(self._attempt, peer.identity, kind, False))

    def _on_subscription_failed(
        self, peer: rtc.RemoteParticipant, track_sid: str, error: object
    ) -> None:
        _log.warning("a track of the peer could not be subscribed")

    def _on_mute(
        self, participant: rtc.Participant, publication: rtc.TrackPublication, *, is_muted: bool
    ) -> None:
        kind = kind_of(publication)
        if kind is None:
            return
        if participant.identity == self._room.local_participant.identity:
            self._host.on_own_muted(kind, is_muted=is_muted)
            return
        self._host.on_peer_muted(kind, publication.sid, is_muted=is_muted)
        self._emit(PeerMediaChanged(self._attempt, participant.identity, kind, not is_muted))

    def _on_permissions(self, participant: rtc.Participant, permissions: object) -> None:
        if participant.identity == self._room.local_participant.identity:
            self._host.on_permission()

    def _on_reconnecting(self) -> None:
        self._host.on_repair(is_done=False)
        self._emit(RoomReconnecting(self._attempt))

    def _on_reconnected(self) -> None:
        self._host.on_repair(is_done=True)
        self._emit(RoomReconnected(self._attempt, self.peers))
