"""The fake room and the real one tell the same story: what is tested with one holds for the other.

Each test runs against `tests.fakes.room.FakeRoom` and against `LiveKitRoom` on a real server.
"""

from collections.abc import AsyncIterator

import pytest

from desktop.call.events import JoinFault
from desktop.call.setup import MediaWishes
from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.gateway_worlds import (
    FIRST,
    NO_MEDIA,
    PEER,
    SECOND,
    FakeWorld,
    LiveKitWorld,
    World,
    hear,
    story,
)

pytestmark = pytest.mark.timeout(120)

BOTH_OWN_ON = ["own camera on", "own microphone on"]
BOTH_THEIRS_ON = ["their camera on", "their microphone on"]
BOTH_THEIRS_OFF = ["their camera off", "their microphone off"]


async def make_world(kind: str, server: LiveKitServer) -> World:
    if kind == "fake":
        return FakeWorld()
    world = LiveKitWorld(server)
    await world.open()
    return world


async def let_both_in(world: World) -> None:
    """Both are in the room, and everything about that was told."""
    await world.join()
    await hear(world, 3)
    await world.peer_comes()
    await hear(world, 3)


@pytest.fixture(params=["fake", "livekit"])
async def world(request: pytest.FixtureRequest, server: LiveKitServer) -> AsyncIterator[World]:
    made = await make_world(request.param, server)
    yield made
    await made.close()


@pytest.fixture
async def with_peer(world: World) -> World:
    await let_both_in(world)
    return world


@pytest.fixture(params=["fake", "livekit"])
async def mortal(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Both are in a room of a server that a test may kill."""
    with LiveKitServer() as server:
        made = await make_world(request.param, server)
        await let_both_in(made)
        yield made
        await made.close()


async def test_an_empty_room_is_joined(world: World) -> None:
    await world.join()

    assert await hear(world, 3) == ["joined", *BOTH_OWN_ON]


async def test_whoever_is_there_already_is_named_and_their_tracks_follow(world: World) -> None:
    await world.peer_comes()

    await world.join()

    assert await hear(world, 5) == [f"joined {PEER}", *BOTH_OWN_ON, *BOTH_THEIRS_ON]


async def test_who_joins_muted_is_muted_from_the_start(world: World) -> None:
    await world.join(wishes=MediaWishes(microphone_on=False))

    assert await hear(world, 3) == ["joined", "own camera on", "own microphone off"]


async def test_without_devices_nothing_is_sent_and_a_wish_fails(world: World) -> None:
    await world.join(media=NO_MEDIA)
    joined = await hear(world, 1)

    await world.gateway.set_microphone(FIRST, True)
    await world.gateway.set_camera(FIRST, False)

    assert joined == ["joined"]
    assert await hear(world, 2) == [
        "own camera failed: device",
        "own microphone failed: device",
    ]


async def test_each_wish_is_answered(world: World) -> None:
    await world.join()
    await hear(world, 3)
    told = []

    for is_on in (False, False, True):
        await world.gateway.set_microphone(FIRST, is_on)
        told.append(await hear(world, 1))
    await world.gateway.set_camera(FIRST, False)
    told.append(await hear(world, 1))

    assert told == [
        ["own microphone off"],
        ["own microphone off"],
        ["own microphone on"],
        ["own camera off"],
    ]


async def test_a_peer_that_comes_is_told_before_its_tracks(world: World) -> None:
    await world.join()
    await hear(world, 3)

    await world.peer_comes()

    assert await hear(world, 3) == ["peer joined", *BOTH_THEIRS_ON]


async def test_a_peer_that_mutes_is_told_once_each_time(with_peer: World) -> None:
    await with_peer.peer_mutes(True)
    off = await hear(with_peer, 1)
    await with_peer.peer_mutes(False)

    assert off == ["their microphone off"]
    assert await hear(with_peer, 1) == ["their microphone on"]


async def test_the_tracks_of_a_peer_that_leaves_go_first(with_peer: World) -> None:
    await with_peer.peer_goes()

    assert await hear(with_peer, 3) == [*BOTH_THEIRS_OFF, "peer left"]


async def test_a_peer_that_returns_is_there_as_at_first(with_peer: World) -> None:
    await with_peer.peer_mutes(True)
    await with_peer.peer_goes()
    await hear(with_peer, 4)

    await with_peer.peer_comes()

    assert await hear(with_peer, 3) == ["peer joined", *BOTH_THEIRS_ON]


async def test_a_leave_of_ours_tells_nothing_however_often(with_peer: World) -> None:
    await with_peer.gateway.leave(FIRST)
    await with_peer.gateway.leave(FIRST)
    await with_peer.peer_mutes(True)
    await with_peer.gateway.set_camera(FIRST, False)
    await with_peer.quiet()

    assert story(with_peer.heard) == []


async def test_leaving_a_room_that_was_never_joined_does_nothing(world: World) -> None:
    await world.gateway.leave(FIRST)

    assert await hear(world, 0) == []


async def test_who_left_may_join_again_with_the_same_devices(with_peer: World) -> None:
    await with_peer.gateway.leave(FIRST)

    await with_peer.join(SECOND)
    told = await hear(with_peer, 5)
    await with_peer.gateway.set_microphone(FIRST, False)

    assert told == [f"joined {PEER}", *BOTH_OWN_ON, *BOTH_THEIRS_ON]
    assert await hear(with_peer, 0) == []


async def test_who_is_taken_out_hears_so_and_may_leave_all_the_same(world: World) -> None:
    await world.join()
    await hear(world, 3)

    await world.remove_me()
    told = await hear(world, 1)
    await world.gateway.set_camera(FIRST, False)
    await world.gateway.leave(FIRST)

    assert told == ["disconnected: participant_removed"]
    assert await hear(world, 0) == []


async def test_a_deleted_room_is_told(world: World) -> None:
    await world.join()
    await hear(world, 3)

    await world.delete_room()

    assert await hear(world, 1) == ["disconnected: room_deleted"]


async def test_a_server_that_dies_is_given_up_after_a_try_to_repair(mortal: World) -> None:
    await mortal.die()

    assert await hear(mortal, 5) == [
        "reconnecting",
        *BOTH_THEIRS_OFF,
        "peer left",
        "disconnected: unknown",
    ]


@pytest.mark.parametrize(
    "fault", [JoinFault.TOKEN_REFUSED, JoinFault.ROOM_MISSING, JoinFault.UNREACHABLE]
)
async def test_a_join_that_fails_is_answered_once_and_the_next_may_succeed(
    world: World, fault: JoinFault
) -> None:
    await world.join_refused(fault)
    told = await hear(world, 1)
    await world.gateway.leave(FIRST)
    await world.join(SECOND)

    assert told == [f"not joined: {fault.value}"]
    assert await hear(world, 3) == ["joined", *BOTH_OWN_ON]


async def test_a_success_after_the_deadline_is_closed_again(world: World) -> None:
    await world.join_too_late()
    told = await hear(world, 1)
    await world.peer_comes()

    assert told == ["not joined: timed_out"]
    assert await hear(world, 0) == []


async def test_leaving_while_joining_is_answered_and_nobody_stays(world: World) -> None:
    await world.leave_while_joining()
    told = await hear(world, 1)
    await world.peer_comes()

    assert told == ["not joined: abandoned"]
    assert await hear(world, 0) == []
