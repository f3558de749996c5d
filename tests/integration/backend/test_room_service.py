"""One suite for the `RoomService` port, against the fake and against a real LiveKit server."""

import asyncio
import base64
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from livekit import api, rtc

from liftbay_backend.domain.ids import AttemptId, SessionId
from liftbay_backend.domain.roles import Side
from liftbay_backend.rooms.livekit_rooms import LiveKitRooms
from liftbay_backend.rooms.ports import (
    JoinGrant,
    RoomPolicy,
    RoomService,
    RoomsUnavailable,
    WebhookRefused,
    participant_metadata,
    session_room,
)
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.rooms import SIGNATURE, FakeRooms

POLICY = RoomPolicy(max_participants=4, empty_timeout_seconds=60, departure_timeout_seconds=60)
ATTEMPT = AttemptId("b1c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d08")


@dataclass
class Bench:
    """A service under test, and the means to join a room of it."""

    rooms: RoomService
    join: Callable[[str], Awaitable[Callable[[], Awaitable[None]]]]
    take_down: Callable[[], None]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveKitServer]:
    with LiveKitServer() as running:
        yield running


@pytest.fixture(params=["fake", "livekit"])
async def bench(request: pytest.FixtureRequest, server: LiveKitServer) -> AsyncIterator[Bench]:
    if request.param == "fake":
        fake = FakeRooms(lambda: datetime.now(UTC))

        async def join_fake(token: str) -> Callable[[], Awaitable[None]]:
            fake.join_with(token)
            grant = fake.grants[token]

            async def leave() -> None:
                fake.leave(grant.room, grant.identity)

            return leave

        yield Bench(fake, join_fake, lambda: setattr(fake, "is_down", True))
        return
    adapters = [LiveKitRooms(server.url, server.key, server.secret)]

    async def join_real(token: str) -> Callable[[], Awaitable[None]]:
        room = rtc.Room()
        await room.connect(server.url, token)
        return room.disconnect

    bench = Bench(adapters[0], join_real, lambda: None)

    def take_down() -> None:
        adapters.append(LiveKitRooms("ws://127.0.0.1:9", server.key, server.secret))
        bench.rooms = adapters[-1]

    bench.take_down = take_down
    yield bench
    for adapter in adapters:
        await adapter.close()


def grant(room: str) -> JoinGrant:
    return JoinGrant(
        room=room,
        identity="customer-u1",
        ttl_seconds=120,
        name="Sam",
        metadata=participant_metadata(Side.CUSTOMER, ATTEMPT),
    )


def fresh_room() -> str:
    return session_room(SessionId(str(uuid.uuid4())))


async def until_empty(rooms: RoomService, room: str) -> None:
    """Wait for the server to hear of a leave: `disconnect` returns before that."""
    async with asyncio.timeout(10):
        while await rooms.participants(room) != ():
            await asyncio.sleep(0.05)


async def test_a_room_nobody_made_is_none(bench: Bench) -> None:
    assert await bench.rooms.participants(fresh_room()) is None


async def test_making_a_room_twice_is_one_room(bench: Bench) -> None:
    room = fresh_room()

    await bench.rooms.ensure_room(room, POLICY)
    await bench.rooms.ensure_room(room, POLICY)

    assert await bench.rooms.participants(room) == ()


async def test_a_room_lets_pictures_be_shown_as_they_come(
    server: LiveKitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[api.CreateRoomRequest] = []

    async def create_room(_service: object, request: api.CreateRoomRequest) -> api.Room:
        asked.append(request)
        return api.Room()

    monkeypatch.setattr("livekit.api.room_service.RoomService.create_room", create_room)
    rooms = LiveKitRooms(server.url, server.key, server.secret)

    await rooms.ensure_room(fresh_room(), POLICY)
    await rooms.close()

    # Without any bound the server sends none; in its unit of 10 ms both must be 0, or it moves
    # the lower one and the pictures stop.
    bounds = asked[0].min_playout_delay, asked[0].max_playout_delay
    assert max(bounds) > 0
    assert [each // 10 for each in bounds] == [0, 0]


async def test_deleting_a_room_that_is_gone_succeeds(bench: Bench) -> None:
    room = fresh_room()
    await bench.rooms.ensure_room(room, POLICY)

    await bench.rooms.delete_room(room)
    await bench.rooms.delete_room(room)

    assert await bench.rooms.participants(room) is None


async def test_somebody_in_the_room_is_seen_with_identity_and_attempt(bench: Bench) -> None:
    room = fresh_room()
    await bench.rooms.ensure_room(room, POLICY)

    leave = await bench.join(bench.rooms.join_token(grant(room)).value)
    seen = await bench.rooms.participants(room)
    await leave()

    assert seen is not None
    assert [(one.identity, one.attempt) for one in seen] == [("customer-u1", ATTEMPT)]
    assert abs(seen[0].joined_at - datetime.now(UTC)) < timedelta(seconds=10)
    await until_empty(bench.rooms, room)


async def test_a_server_that_does_not_answer_is_unavailable(bench: Bench) -> None:
    bench.take_down()

    with pytest.raises(RoomsUnavailable):
        await bench.rooms.participants(fresh_room())
    with pytest.raises(RoomsUnavailable):
        await bench.rooms.ensure_room(fresh_room(), POLICY)
    with pytest.raises(RoomsUnavailable):
        await bench.rooms.delete_room(fresh_room())


async def test_a_webhook_of_a_stranger_is_refused(bench: Bench) -> None:
    with pytest.raises(WebhookRefused):
        bench.rooms.read_webhook('{"event": "room_finished"}', "Bearer nobody")


KEY, SECRET = "devkey", "a-secret-of-at-least-32-characters-for-tests"


def signed(body: str, secret: str = SECRET) -> str:
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    return api.AccessToken(KEY, secret).with_sha256(digest).to_jwt()


BODY = json.dumps(
    {
        "event": "participant_left",
        "id": "EV_1",
        "createdAt": "1795348800",
        "room": {"name": "session-s1", "turnPassword": "never kept"},
        "participant": {"identity": "customer-u1"},
    }
)


def test_a_signed_webhook_is_read_without_its_secrets() -> None:
    event = LiveKitRooms("ws://x", KEY, SECRET).read_webhook(BODY, signed(BODY))

    assert (event.id, event.kind, event.room) == ("EV_1", "participant_left", "session-s1")
    assert event.identity == "customer-u1"
    assert event.created_at == datetime.fromtimestamp(1795348800, UTC)
    assert "never kept" not in repr(event)


@pytest.mark.parametrize(
    ("body", "authorization"),
    [
        (BODY + " ", signed(BODY)),
        (BODY, signed(BODY, "another-secret-of-at-least-32-characters")),
        (BODY, ""),
        ("not json", signed("not json")),
    ],
    ids=["changed body", "other secret", "no signature", "no webhook"],
)
def test_a_changed_or_unsigned_webhook_is_refused(body: str, authorization: str) -> None:
    with pytest.raises(WebhookRefused):
        LiveKitRooms("ws://x", KEY, SECRET).read_webhook(body, authorization)


def test_a_token_grants_one_room_and_the_call_sources_only() -> None:
    token = LiveKitRooms("ws://x", KEY, SECRET).join_token(grant("session-s1")).value

    claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=KEY)

    assert claims["sub"] == "customer-u1"
    assert claims["exp"] - claims["nbf"] == 120
    assert json.loads(claims["metadata"])["role"] == "customer"
    video = claims["video"]
    assert video["room"] == "session-s1"
    assert video["roomJoin"] is True
    sources = ["camera", "microphone", "screen_share", "screen_share_audio"]
    assert video["canPublishSources"] == sources
    assert not any(video.get(grant) for grant in ("roomAdmin", "roomCreate", "roomList", "hidden"))


def test_the_fakes_webhook_reads_back() -> None:
    fake = FakeRooms(lambda: datetime.now(UTC))

    event = fake.read_webhook(fake.webhook("EV_2", "participant_joined", "session-s1"), SIGNATURE)

    assert (event.id, event.kind, event.room) == ("EV_2", "participant_joined", "session-s1")


def test_the_fake_refuses_a_join_without_a_room() -> None:
    fake = FakeRooms(lambda: datetime.now(UTC))

    with pytest.raises(LookupError):
        fake.join("session-s1", "customer-u1")
