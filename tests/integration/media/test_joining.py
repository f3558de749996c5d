"""Joining a real LiveKit server: what can go wrong, and what must never be left behind."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from livekit import api

from client_api.tasks import spawn
from client_api.wire import AttemptId
from desktop.call.events import (
    DisconnectReason,
    JoinFault,
    OwnMediaFailed,
    RoomDisconnected,
    RoomJoined,
    RoomJoinFailed,
    TrackKind,
)
from desktop.call.setup import LocalMedia
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.desk import ATTEMPT, Desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    yield made
    await made.room.aclose()


async def people_in(server: LiveKitServer, room: str) -> list[str]:
    async with api.LiveKitAPI(server.http_url, server.key, server.secret) as rooms:
        found = await rooms.room.list_participants(api.ListParticipantsRequest(room=room))
        return [each.identity for each in found.participants]


async def test_an_empty_room_is_joined_and_left(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    answer = await desk.join(server.url, server.token(room, "customer-1"))
    inside = await people_in(server, room)
    await desk.room.leave(ATTEMPT)
    await desk.room.leave(ATTEMPT)

    assert isinstance(answer, RoomJoined)
    assert answer.peers == ()
    assert 0 < answer.connect_ms < 5000
    assert inside == ["customer-1"]
    assert await people_in(server, room) == []
    assert not [each for each in desk.events if isinstance(each, RoomDisconnected)]


async def test_preparing_twice_at_once_and_joining_meanwhile_is_fine(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    first = spawn(desk.room.prepare(), name="prepare")
    second = spawn(desk.room.prepare(), name="prepare again")

    answer = await desk.join(server.url, server.token(room, "customer-1"))
    await asyncio.gather(first, second)

    assert isinstance(answer, RoomJoined)


async def test_a_refused_token_is_told_without_quoting_it(
    server: LiveKitServer, room: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = server.token(room, "customer-1")[:-6] + "AAAAAA"

    answer = await desk.join(server.url, token)

    assert isinstance(answer, RoomJoinFailed)
    assert answer.fault is JoinFault.TOKEN_REFUSED
    assert "eyJ" not in repr(answer)
    assert "eyJ" not in caplog.text


async def test_a_room_that_does_not_exist_is_told(server: LiveKitServer, desk: Desk) -> None:
    answer = await desk.join(server.url, server.token("nowhere", "customer-1"))

    assert isinstance(answer, RoomJoinFailed)
    assert answer.fault is JoinFault.ROOM_MISSING


async def test_a_server_that_is_not_there_is_told(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    answer = await desk.join("ws://127.0.0.1:9", server.token(room, "customer-1"))

    assert isinstance(answer, RoomJoinFailed)
    assert answer.fault is JoinFault.UNREACHABLE


async def test_leaving_while_joining_leaves_nobody_in_the_room(room: str) -> None:
    with LiveKitServer() as server:
        await server.create_room(room)
        desk = Desk()
        server.freeze()
        joining = spawn(desk.join(server.url, server.token(room, "customer-1")), name="join")
        await asyncio.sleep(0.5)

        await desk.room.leave(ATTEMPT)
        answer = await joining
        server.thaw()
        await asyncio.sleep(2)

        assert isinstance(answer, RoomJoinFailed)
        assert answer.fault is JoinFault.ABANDONED
        assert await people_in(server, room) == []
        assert len(desk.events) == 1
        await desk.room.aclose()


async def test_the_own_deadline_answers_and_a_late_success_is_closed(room: str) -> None:
    with LiveKitServer() as server:
        await server.create_room(room)
        desk = Desk(connect_deadline_s=0.5)
        server.freeze()
        answer = await desk.join(server.url, server.token(room, "customer-1"))
        server.thaw()
        await asyncio.sleep(2)

        assert isinstance(answer, RoomJoinFailed)
        assert answer.fault is JoinFault.TIMED_OUT
        assert await people_in(server, room) == []
        await desk.room.aclose()


async def test_a_deleted_room_ends_the_stay_with_its_reason(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    await desk.join(server.url, server.token(room, "customer-1"))

    await server.delete_room(room)
    event = await desk.until(RoomDisconnected)

    assert isinstance(event, RoomDisconnected)
    assert event.reason is DisconnectReason.ROOM_DELETED


async def test_the_same_identity_elsewhere_takes_the_place(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    await desk.join(server.url, server.token(room, "customer-1"))
    other = Desk()

    await other.join(server.url, server.token(room, "customer-1"))
    event = await desk.until(RoomDisconnected)
    await other.room.aclose()

    assert isinstance(event, RoomDisconnected)
    assert event.reason is DisconnectReason.DUPLICATE_IDENTITY


async def test_a_new_attempt_uses_the_same_open_microphone(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    microphone = tone_microphone(440, OpenGuard())
    microphone.open()
    media = LocalMedia(None, microphone, None)
    await desk.join(server.url, server.token(room, "customer-1"), media)
    await desk.room.leave(ATTEMPT)

    answer = await desk.join(
        server.url, server.token(room, "customer-1"), media, AttemptId("attempt-2")
    )
    before = desk.room.audio.counters.captured
    await asyncio.sleep(0.5)
    after = desk.room.audio.counters.captured
    await desk.room.aclose()
    microphone.close()

    assert isinstance(answer, RoomJoined)
    assert after > before


async def test_a_source_that_the_token_forbids_is_told_and_the_call_goes_on(
    server: LiveKitServer, room: str, desk: Desk
) -> None:
    microphone = tone_microphone(440, OpenGuard())
    microphone.open()
    media = LocalMedia(None, microphone, None)

    await desk.join(server.url, server.token(room, "customer-1", sources=("camera",)), media)
    event = await desk.until(OwnMediaFailed)
    inside = await people_in(server, room)
    await desk.room.aclose()
    microphone.close()

    assert isinstance(event, OwnMediaFailed)
    assert event.kind is TrackKind.MICROPHONE
    assert inside == ["customer-1"]
