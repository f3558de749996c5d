"""A room without a media server: it can drop, delay, refuse and come back on demand.

It says the same as `desktop.media.livekit_room.LiveKitRoom`, in the same order: one suite runs
against both (tests/integration/media/test_gateway_conformance.py).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from client_api.wire import AttemptId, RoomTicket
from desktop.call.events import (
    DisconnectReason,
    JoinFault,
    OwnFault,
    OwnMediaChanged,
    OwnMediaFailed,
    OwnNetworkChanged,
    PeerJoined,
    PeerLeft,
    PeerMediaChanged,
    RoomDisconnected,
    RoomEvent,
    RoomJoined,
    RoomJoinFailed,
    RoomReconnected,
    RoomReconnecting,
    TrackKind,
)
from desktop.call.ports import RoomListener
from desktop.call.setup import LocalMedia, MediaWishes


@dataclass(slots=True)
class FakeRoom:
    """Implements `RoomGateway`. Tests read `calls` and act through the other side's methods.

    Attributes:
        refusals: faults for the next joins, first in first out; an empty list lets people in.
        peers: identities in the room, which the next join finds there, sending what
            ``peer_sending`` says, else camera and microphone.
        is_held: joins wait for `release` (a slow server).
        screen_allowed: False makes a share fail, as a token without that right does.
    """

    refusals: list[JoinFault] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)
    peer_sending: dict[str, dict[TrackKind, bool]] = field(default_factory=dict)
    is_held: bool = False
    screen_allowed: bool = True
    calls: list[str] = field(default_factory=list)
    joined: AttemptId | None = None
    media: LocalMedia | None = None
    sending: dict[TrackKind, bool] = field(default_factory=dict)
    was_sending: list[tuple[TrackKind, bool]] = field(default_factory=list)
    _listener: RoomListener | None = None
    _gate: asyncio.Event = field(default_factory=asyncio.Event)
    _joining: AttemptId | None = None

    # --- RoomGateway -------------------------------------------------------------------------

    def listen(self, listener: RoomListener) -> None:
        self._listener = listener

    async def join(
        self, attempt: AttemptId, ticket: RoomTicket, media: LocalMedia, wishes: MediaWishes
    ) -> None:
        self.calls.append("join")
        self._joining = attempt
        await asyncio.sleep(0)
        if self.is_held:
            await self._gate.wait()
        if attempt != self._joining:
            # Answered meanwhile, by `leave` or the deadline: the late success is closed again.
            return
        self._joining = None
        if self.refusals:
            self._tell(RoomJoinFailed(attempt, self.refusals.pop(0)))
            return
        self.joined = attempt
        self.media = media
        self._tell(RoomJoined(attempt, tuple(self.peers), connect_ms=200.0))
        for kind, is_on in (
            (TrackKind.MICROPHONE, wishes.microphone_on),
            (TrackKind.CAMERA, wishes.camera_on),
        ):
            if self._has(kind):
                self._send(attempt, kind, is_on)
        if wishes.screen_on:
            self._send(attempt, TrackKind.SCREEN, True)
        for identity in self.peers:
            self._tell_peer_media(identity)

    async def leave(self, attempt: AttemptId) -> None:
        self.calls.append("leave")
        await asyncio.sleep(0)
        if attempt == self._joining:
            self._joining = None
            self._tell(RoomJoinFailed(attempt, JoinFault.ABANDONED))
        if attempt == self.joined:
            self.joined = None
            self.sending.clear()

    async def set_microphone(self, attempt: AttemptId, is_on: bool) -> None:
        self.calls.append(f"set_microphone {is_on}")
        self._wish(attempt, TrackKind.MICROPHONE, is_on)

    async def set_camera(self, attempt: AttemptId, is_on: bool) -> None:
        self.calls.append(f"set_camera {is_on}")
        self._wish(attempt, TrackKind.CAMERA, is_on)

    async def set_screen_share(self, attempt: AttemptId, is_on: bool) -> None:
        self.calls.append(f"set_screen_share {is_on}")
        if is_on and not self.screen_allowed:
            self._tell(OwnMediaFailed(attempt, TrackKind.SCREEN, "not allowed"))
            return
        self._send(attempt, TrackKind.SCREEN, is_on)

    async def use_media(self, attempt: AttemptId, media: LocalMedia) -> None:
        self.calls.append("use_media")
        if attempt == self.joined:
            self.media = media

    # --- what the world does -------------------------------------------------------------------

    def release(self) -> None:
        """Let the held joins go on."""
        self.is_held = False
        self._gate.set()

    def pass_deadline(self) -> None:
        """The joins under way take longer than the adapter waits; a late success is closed."""
        attempt, self._joining = self._joining, None
        if attempt is None:
            raise AssertionError("nobody is joining")
        self._tell(RoomJoinFailed(attempt, JoinFault.TIMED_OUT))

    def peer_comes(self, identity: str) -> None:
        """The other side joins with camera and microphone on."""
        self.peers.append(identity)
        self.peer_sending.pop(identity, None)
        if self.joined is not None:
            self._tell(PeerJoined(self.joined, identity))
            self._tell_peer_media(identity)

    def peer_sends(self, identity: str, kind: TrackKind, is_on: bool) -> None:
        """The other side mutes or unmutes what it has published."""
        self._sending_of(identity)[kind] = is_on
        if self.joined is not None:
            self._tell(PeerMediaChanged(self.joined, identity, kind, is_on))

    def peer_goes(self, identity: str) -> None:
        """The other side leaves, is killed or reconnects fully: the room cannot tell which."""
        self.peers.remove(identity)
        if self.joined is not None:
            self._tell_peer_gone(identity)

    def reconnect(self) -> None:
        """The SDK repairs a break fully: the peer goes, we are back, then the peer is back."""
        attempt = self._require_joined()
        for identity in self.peers:
            self._tell_peer_gone(identity)
        self._tell(RoomReconnecting(attempt))
        self._tell(RoomReconnected(attempt, ()))
        for identity in self.peers:
            self._tell(PeerJoined(attempt, identity))
            self._tell_peer_media(identity)

    def die(self) -> None:
        """The server is gone: the SDK tries to repair it, tears down, and gives up."""
        attempt = self._require_joined()
        self._tell(RoomReconnecting(attempt))
        for identity in self.peers:
            self._tell_peer_gone(identity)
        self.peers.clear()
        self._tell(OwnNetworkChanged(attempt, False))
        self.drop(DisconnectReason.UNKNOWN)

    def drop(self, reason: DisconnectReason = DisconnectReason.UNKNOWN) -> None:
        """The SDK gives the room up."""
        attempt = self._require_joined()
        self.joined = None
        self.sending.clear()
        self._tell(RoomDisconnected(attempt, reason))

    def emit(self, event: RoomEvent) -> None:
        """Say any event, also one that a stale attempt might still say."""
        self._tell(event)

    # --- inside --------------------------------------------------------------------------------

    def _send(self, attempt: AttemptId, kind: TrackKind, is_on: bool) -> None:
        if attempt != self.joined:
            return
        self.sending[kind] = is_on
        self.was_sending.append((kind, is_on))
        self._tell(OwnMediaChanged(attempt, kind, is_on))

    def _wish(self, attempt: AttemptId, kind: TrackKind, is_on: bool) -> None:
        if attempt != self.joined or self._has(kind):
            self._send(attempt, kind, is_on)
        else:
            self._tell(OwnMediaFailed(attempt, kind, "there is no such device", OwnFault.DEVICE))

    def _has(self, kind: TrackKind) -> bool:
        media = self.media
        if media is None:
            return False
        device = media.microphone if kind is TrackKind.MICROPHONE else media.camera
        return device is not None

    def _sending_of(self, identity: str) -> dict[TrackKind, bool]:
        both = {TrackKind.MICROPHONE: True, TrackKind.CAMERA: True}
        return self.peer_sending.setdefault(identity, both)

    def _tell_peer_media(self, identity: str) -> None:
        for kind, is_on in self._sending_of(identity).items():
            self._tell(PeerMediaChanged(self._require_joined(), identity, kind, is_on))

    def _tell_peer_gone(self, identity: str) -> None:
        attempt = self._require_joined()
        for kind in self._sending_of(identity):
            self._tell(PeerMediaChanged(attempt, identity, kind, False))
        self._tell(PeerLeft(attempt, identity))

    def _require_joined(self) -> AttemptId:
        if self.joined is None:
            raise AssertionError("nobody is in the room")
        return self.joined

    def _tell(self, event: RoomEvent) -> None:
        if self._listener is None:
            raise AssertionError("nobody listens to the room")
        self._listener(event)
