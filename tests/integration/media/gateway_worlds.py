"""The world behind a room gateway, made by a fake or by a real server, moved by the same words.

A test of the conformance suite sees only `World`; what it asserts is the `story` of what the
gateway told.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Protocol

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.tasks import spawn
from client_api.wire import AttemptId, Role, RoomTicket
from desktop.call import events as ev
from desktop.call.ports import RoomGateway
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.media.livekit_room import LiveKitRoom
from desktop.viewmodels.pictures import PictureMailbox
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.pattern_camera import pattern_camera
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from tests.fakes.calls import MEDIA
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.room import FakeRoom

ME = "customer-1"
PEER = "mechanic-1"
FIRST = AttemptId("attempt-1")
SECOND = AttemptId("attempt-2")
NO_MEDIA = LocalMedia(None, None, None)

_MEASURES = (ev.QualityMeasured, ev.MediaStalled, ev.MediaResumed, ev.OwnNetworkChanged)
_PATIENCE_S = 45.0
_numbers = itertools.count(1)


class World(Protocol):
    """What the suite can do to a gateway, and what it heard of it."""

    heard: list[ev.RoomEvent]
    media: LocalMedia

    @property
    def gateway(self) -> RoomGateway:
        """The gateway under test."""

    async def join(
        self,
        attempt: AttemptId = FIRST,
        media: LocalMedia | None = None,
        wishes: MediaWishes = MediaWishes(),  # noqa: B008 - frozen
    ) -> None:
        """Join with a good ticket, with ``self.media`` if not told otherwise."""

    async def join_refused(self, fault: ev.JoinFault) -> None:
        """Join with what brings this fault: a forged token, no room, no server."""

    async def join_too_late(self) -> None:
        """Join a server that answers after the adapter's deadline; return after its answer."""

    async def leave_while_joining(self) -> None:
        """Leave while the server does not answer; return after it answered."""

    async def peer_comes(self) -> None:
        """The peer joins with camera and microphone on."""

    async def peer_mutes(self, is_muted: bool) -> None:
        """The peer's microphone goes off or on."""

    async def peer_goes(self) -> None:
        """The peer leaves."""

    async def remove_me(self) -> None:
        """The service takes this side out of the room."""

    async def delete_room(self) -> None:
        """The service deletes the room."""

    async def die(self) -> None:
        """The server is killed and stays away."""

    async def quiet(self) -> None:
        """Return when nothing more is to be expected."""

    async def close(self) -> None:
        """Leave nothing behind."""


def story(heard: list[ev.RoomEvent]) -> list[str]:
    """Tell what was heard in words, without measurements and what differs from run to run.

    Tracks are published and subscribed at once, so the order within a run of media words means
    nothing: each run is sorted.
    """
    told: list[str] = []
    words = (_words(event) for event in heard if not isinstance(event, _MEASURES))
    for is_media, run in itertools.groupby(words, key=_is_media):
        said = list(run)
        told += sorted(said) if is_media else said
    return told


def _is_media(words: str) -> bool:
    return words.startswith(("own ", "their "))


def _words(event: ev.RoomEvent) -> str:
    match event:
        case ev.RoomJoined(peers=peers):
            return " ".join(("joined", *peers))
        case ev.RoomJoinFailed(fault=fault):
            return f"not joined: {fault.value}"
        case ev.PeerJoined():
            return "peer joined"
        case ev.PeerLeft():
            return "peer left"
        case ev.PeerMediaChanged(kind=kind, is_on=is_on):
            return f"their {kind.value} {'on' if is_on else 'off'}"
        case ev.OwnMediaChanged(kind=kind, is_on=is_on):
            return f"own {kind.value} {'on' if is_on else 'off'}"
        case ev.OwnMediaFailed(kind=kind, fault=fault):
            return f"own {kind.value} failed: {fault.value}"
        case ev.RoomReconnecting():
            return "reconnecting"
        case ev.RoomReconnected():
            return "reconnected"
        case ev.RoomDisconnected(reason=reason):
            return f"disconnected: {reason.value}"
        case _:
            return type(event).__name__


async def hear(world: World, count: int) -> list[str]:
    """Wait for a story of so many words, and whether more comes; start a new one then."""
    async with asyncio.timeout(_PATIENCE_S):
        while len(story(world.heard)) < count:
            await asyncio.sleep(0.02)
    await world.quiet()
    told = story(world.heard)
    world.heard.clear()
    return told


def _ticket(attempt: AttemptId, url: str, token: str) -> RoomTicket:
    return RoomTicket(
        url=url,
        token=Secret(token),
        room="a room",
        identity=ME,
        role=Role.CUSTOMER,
        attempt=attempt,
    )


class FakeWorld:
    """The world that `FakeRoom` plays."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        self.heard: list[ev.RoomEvent] = []
        self.media = MEDIA
        self.room.listen(self.heard.append)

    @property
    def gateway(self) -> RoomGateway:
        return self.room

    async def join(
        self,
        attempt: AttemptId = FIRST,
        media: LocalMedia | None = None,
        wishes: MediaWishes = MediaWishes(),  # noqa: B008 - frozen
    ) -> None:
        await self.room.join(attempt, _ticket(attempt, "", ""), media or self.media, wishes)

    async def join_refused(self, fault: ev.JoinFault) -> None:
        self.room.refusals.append(fault)
        await self.join()

    async def join_too_late(self) -> None:
        await self._join_held(self._pass_deadline)

    async def leave_while_joining(self) -> None:
        await self._join_held(lambda: self.room.leave(FIRST))

    async def peer_comes(self) -> None:
        self.room.peer_comes(PEER)

    async def peer_mutes(self, is_muted: bool) -> None:
        self.room.peer_sends(PEER, ev.TrackKind.MICROPHONE, not is_muted)

    async def peer_goes(self) -> None:
        self.room.peer_goes(PEER)

    async def remove_me(self) -> None:
        self.room.drop(ev.DisconnectReason.PARTICIPANT_REMOVED)

    async def delete_room(self) -> None:
        self.room.drop(ev.DisconnectReason.ROOM_DELETED)

    async def die(self) -> None:
        self.room.die()

    async def quiet(self) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        return

    async def _pass_deadline(self) -> None:
        self.room.pass_deadline()

    async def _join_held(self, meanwhile: Callable[[], object]) -> None:
        self.room.is_held = True
        joining = spawn(self.join(), name="join")
        await asyncio.sleep(0.01)
        done = meanwhile()
        if asyncio.iscoroutine(done):
            await done
        self.room.release()
        await joining


class LiveKitWorld:
    """A real server, `LiveKitRoom` on this side and another one as the peer."""

    def __init__(self, server: LiveKitServer) -> None:
        self._server = server
        self._room = f"conformance-{next(_numbers)}"
        self._guard = OpenGuard()
        self._open: list[LocalMedia] = []
        self.heard: list[ev.RoomEvent] = []
        self.media = self._open_media()
        self._peer = _livekit_room()
        self._peer.listen(lambda _event: None)
        self._peer_attempts = itertools.count(1)
        self._peer_attempt = AttemptId("none")
        self._mine = self._listen(_livekit_room())

    @property
    def gateway(self) -> RoomGateway:
        return self._mine

    async def open(self) -> None:
        """Make the room."""
        await self._server.create_room(self._room)

    async def join(
        self,
        attempt: AttemptId = FIRST,
        media: LocalMedia | None = None,
        wishes: MediaWishes = MediaWishes(),  # noqa: B008 - frozen
    ) -> None:
        ticket = _ticket(attempt, self._server.url, self._server.token(self._room, ME))
        await self._mine.join(attempt, ticket, media or self.media, wishes)

    async def join_refused(self, fault: ev.JoinFault) -> None:
        url, token = self._server.url, self._server.token(self._room, ME)
        match fault:
            case ev.JoinFault.TOKEN_REFUSED:
                # Older than the minute that the server forgives.
                token = self._server.token(self._room, ME, ttl_s=-120)
            case ev.JoinFault.ROOM_MISSING:
                token = self._server.token("nowhere", ME)
            case ev.JoinFault.UNREACHABLE:
                url = "ws://127.0.0.1:9"
            case _:
                raise AssertionError(f"nothing brings {fault}")
        await self._mine.join(FIRST, _ticket(FIRST, url, token), self.media, MediaWishes())

    async def join_too_late(self) -> None:
        await self._mine.aclose()
        self._mine = self._listen(_livekit_room(connect_deadline_s=0.5))
        self._server.freeze()
        await self.join()
        self._server.thaw()
        await self._late_success()

    async def leave_while_joining(self) -> None:
        self._server.freeze()
        joining = spawn(self.join(), name="join")
        await asyncio.sleep(0.5)
        await self._mine.leave(FIRST)
        self._server.thaw()
        await joining
        await self._late_success()

    async def peer_comes(self) -> None:
        attempt = self._peer_attempt = AttemptId(f"peer-{next(self._peer_attempts)}")
        ticket = _ticket(attempt, self._server.url, self._server.token(self._room, PEER))
        await self._peer.join(attempt, ticket, self._open_media(), MediaWishes())

    async def peer_mutes(self, is_muted: bool) -> None:
        await self._peer.set_microphone(self._peer_attempt, not is_muted)

    async def peer_goes(self) -> None:
        await self._peer.leave(self._peer_attempt)

    async def remove_me(self) -> None:
        await self._server.remove_participant(self._room, ME)

    async def delete_room(self) -> None:
        await self._server.delete_room(self._room)

    async def die(self) -> None:
        self._server.kill()

    async def quiet(self) -> None:
        # Events of one step arrive within some hundredths of a second of each other.
        await asyncio.sleep(0.5)

    async def close(self) -> None:
        await self._mine.aclose()
        await self._peer.aclose()
        for media in self._open:
            for device in (media.camera, media.microphone, media.speaker):
                assert device is not None
                device.close()

    async def _late_success(self) -> None:
        # The server lets the late one in about a second after it thaws; then it has to go.
        await asyncio.sleep(2.0)

    def _listen(self, room: LiveKitRoom) -> LiveKitRoom:
        room.listen(self.heard.append)
        return room

    def _open_media(self) -> LocalMedia:
        camera, microphone = pattern_camera(self._guard), tone_microphone(440, self._guard)
        camera.open()
        microphone.open()
        media = LocalMedia(camera, microphone, NullSpeaker())
        self._open.append(media)
        return media


def _livekit_room(connect_deadline_s: float = 15.0) -> LiveKitRoom:
    return LiveKitRoom(
        clock=SystemClock(),
        camera_pictures=PictureMailbox(),
        screen_pictures=PictureMailbox(),
        connect_deadline_s=connect_deadline_s,
    )
