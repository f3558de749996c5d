"""The fake room keeps to its port: a fake that lies proves nothing."""

from __future__ import annotations

import pytest

from client_api.tasks import spawn
from desktop.call import events as ev
from desktop.call.ports import RoomGateway
from desktop.call.setup import MediaWishes
from tests.fakes.calls import MECHANIC, MEDIA, NO_MEDIA, setup, ticket
from tests.fakes.clock import settle
from tests.fakes.room import FakeRoom

FIRST = setup().attempt(1)


def as_port(room: FakeRoom) -> RoomGateway:
    """mypy checks here that the fake has the shape of its port."""
    return room


@pytest.fixture
def heard() -> list[ev.RoomEvent]:
    return []


@pytest.fixture
def room(heard: list[ev.RoomEvent]) -> FakeRoom:
    room = FakeRoom()
    room.listen(heard.append)
    return room


async def join(room: FakeRoom, wishes: MediaWishes | None = None) -> None:
    await room.join(FIRST, ticket(FIRST), MEDIA, wishes or MediaWishes())


async def test_a_join_tells_its_outcome_before_anything_else(
    room: FakeRoom, heard: list[ev.RoomEvent]
) -> None:
    room.peers.append(MECHANIC)

    await join(room, MediaWishes(microphone_on=False, screen_on=True))

    assert heard == [
        ev.RoomJoined(FIRST, (MECHANIC,), 200.0),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.MICROPHONE, False),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.CAMERA, True),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.SCREEN, True),
        ev.PeerMediaChanged(FIRST, MECHANIC, ev.TrackKind.MICROPHONE, True),
        ev.PeerMediaChanged(FIRST, MECHANIC, ev.TrackKind.CAMERA, True),
    ]


async def test_a_room_refuses_as_often_as_it_is_told(
    room: FakeRoom, heard: list[ev.RoomEvent]
) -> None:
    room.refusals.append(ev.JoinFault.TOKEN_REFUSED)

    await join(room)
    await join(room)

    assert heard[:2] == [
        ev.RoomJoinFailed(FIRST, ev.JoinFault.TOKEN_REFUSED),
        ev.RoomJoined(FIRST, (), 200.0),
    ]


async def test_a_join_that_was_left_meanwhile_is_abandoned(
    room: FakeRoom, heard: list[ev.RoomEvent]
) -> None:
    room.is_held = True
    joining = spawn(join(room), name="join")
    await settle()

    await room.leave(FIRST)
    room.release()
    await joining

    assert heard == [ev.RoomJoinFailed(FIRST, ev.JoinFault.ABANDONED)]
    assert room.joined is None


async def test_a_reconnect_shows_the_peer_as_gone_and_back(
    room: FakeRoom, heard: list[ev.RoomEvent]
) -> None:
    await join(room)
    room.peer_comes(MECHANIC)
    heard.clear()

    room.reconnect()
    room.peer_goes(MECHANIC)

    presence = [event for event in heard if not isinstance(event, ev.PeerMediaChanged)]
    assert presence == [
        ev.PeerLeft(FIRST, MECHANIC),
        ev.RoomReconnecting(FIRST),
        ev.RoomReconnected(FIRST, ()),
        ev.PeerJoined(FIRST, MECHANIC),
        ev.PeerLeft(FIRST, MECHANIC),
    ]
    camera = [
        event.is_on
        for event in heard
        if isinstance(event, ev.PeerMediaChanged) and event.kind is ev.TrackKind.CAMERA
    ]
    assert camera == [False, True, False]


async def test_what_is_asked_of_a_room_that_is_not_joined_does_nothing(
    room: FakeRoom, heard: list[ev.RoomEvent]
) -> None:
    await room.set_microphone(FIRST, True)
    await room.set_camera(FIRST, True)
    await room.set_screen_share(FIRST, True)
    await room.use_media(FIRST, NO_MEDIA)
    room.peer_comes(MECHANIC)
    room.peer_goes(MECHANIC)
    await room.leave(FIRST)

    assert heard == []
    with pytest.raises(AssertionError):
        room.drop()
    with pytest.raises(AssertionError):
        room.pass_deadline()


async def test_a_share_may_be_forbidden(room: FakeRoom, heard: list[ev.RoomEvent]) -> None:
    room.screen_allowed = False
    await join(room)

    await room.set_screen_share(FIRST, True)

    assert heard[-1] == ev.OwnMediaFailed(FIRST, ev.TrackKind.SCREEN, "not allowed")


async def test_a_room_nobody_listens_to_is_a_mistake_of_the_test() -> None:
    with pytest.raises(AssertionError, match="listens"):
        await join(FakeRoom())
