"""The fakes keep to their ports: a fake that lies proves nothing."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ErrorCode, Refused, Unreachable
from client_api.records import NotesDraft, Rating
from client_api.stream_events import SessionEnded
from client_api.tasks import spawn
from client_api.wire import (
    ClientMessageId,
    ClockState,
    IdempotencyKey,
    Intake,
    PreflightTrigger,
    ReadinessState,
    ReportId,
    Role,
    RunId,
    SessionEndReason,
    SessionId,
    SessionStatus,
)
from desktop.call import events as ev
from desktop.call.ports import RoomGateway
from desktop.call.setup import MediaWishes
from tests.fakes.calls import MECHANIC, MEDIA, NO_MEDIA, NOW, setup, ticket
from tests.fakes.clock import FakeClock, settle
from tests.fakes.fixtures import answer
from tests.fakes.room import FakeRoom
from tests.fakes.service import FakeService, refusal

FIRST = setup().attempt(1)
KEY = IdempotencyKey("k")


def as_ports(room: FakeRoom, service: FakeService, clock: FakeClock) -> tuple[object, ...]:
    """mypy checks here that the fakes have the shape of their ports."""
    gateway: RoomGateway = room
    api: ServiceApi = service
    port: Clock = clock
    return gateway, api, port


# --- the clock -----------------------------------------------------------------------------------


async def test_sleepers_wake_at_their_own_moment_and_in_order() -> None:
    clock = FakeClock()
    woken: list[tuple[str, int]] = []
    begin_ns = clock.monotonic_ns()

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, (clock.monotonic_ns() - begin_ns) // 1_000_000))

    tasks = [spawn(sleep("late", 2), name="late"), spawn(sleep("soon", 0.5), name="soon")]
    await clock.advance(1)
    assert woken == [("soon", 500)]
    assert clock.sleeping == 1
    await clock.advance(minutes=1)
    await asyncio.gather(*tasks)

    assert woken == [("soon", 500), ("late", 2000)]


async def test_a_cancelled_sleeper_holds_nobody_up() -> None:
    clock = FakeClock()
    task = spawn(clock.sleep(1), name="sleep")
    await settle()

    task.cancel()
    await clock.advance(2)

    assert clock.sleeping == 0


def test_the_wall_clock_may_be_changed_alone() -> None:
    clock = FakeClock()
    before = clock.monotonic_ns()

    clock.set_wall_clock(datetime(2031, 1, 1, tzinfo=UTC))
    clock.move(1)

    assert clock.monotonic_ns() - before == 1_000_000_000
    assert clock.now() == datetime(2031, 1, 1, tzinfo=UTC) + timedelta(seconds=1)


# --- the room ------------------------------------------------------------------------------------


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


# --- the service ---------------------------------------------------------------------------------


async def test_a_session_lives_from_intake_to_summary() -> None:
    service = FakeService()
    started = await service.start_intake(answer_intake())
    session = started.session.id

    live = await service.start_session(session)
    again = await service.start_session(session)
    over = await service.end_session(
        session, SessionEndReason.ENDED_BY_CUSTOMER, pressed_at=NOW, attempt=None, key=KEY
    )
    twice = await service.end_session(
        session, SessionEndReason.ENDED_BY_CUSTOMER, pressed_at=NOW, attempt=None, key=KEY
    )

    assert live.clock == again.clock
    assert live.clock.state is ClockState.RUNNING
    assert over == twice
    assert over.end is not None
    assert (await service.session(session)).status is SessionStatus.COMPLETED
    assert (await service.summary(session)).session_id == session
    assert (await service.rate(session, Rating(5, None))).stars == 5
    assert (await service.summary_pdf(session)).startswith(b"%PDF")
    assert await service.upsells(session)


async def test_refusals_are_those_of_the_service() -> None:
    service = FakeService()
    session = service.add_session().id
    service.both_present = False

    for call, code in (
        (service.start_session(session), ErrorCode.SESSION_NOT_BOTH_PRESENT),
        (service.session(SessionId("?")), ErrorCode.SESSION_NOT_FOUND),
        (service.summary(session), ErrorCode.SESSION_NOT_ENDED),
        (service.rate(session, Rating(1, None)), ErrorCode.SESSION_NOT_ENDED),
        (
            service.session_token(session, report=None, attempt=FIRST),
            ErrorCode.PREFLIGHT_REQUIRED,
        ),
        (
            service.put_notes(session, NotesDraft((), ""), version=9),
            ErrorCode.NOTES_VERSION_CONFLICT,
        ),
    ):
        with pytest.raises(Refused) as caught:
            await call
        assert caught.value.code is code


async def test_an_end_of_an_earlier_stay_is_ignored() -> None:
    service = FakeService()
    session = service.add_session().id
    report = ReportId("r")
    await service.session_token(session, report=report, attempt=FIRST)
    await service.session_token(session, report=report, attempt=setup().attempt(2))

    late = await service.end_session(
        session, SessionEndReason.ENDED_BY_CUSTOMER, pressed_at=NOW, attempt=FIRST, key=KEY
    )

    assert late.end is None


async def test_an_ended_session_cannot_be_joined_or_cancelled_live() -> None:
    service = FakeService()
    session = service.add_session().id
    await service.start_session(session)
    with pytest.raises(Refused):
        await service.cancel_session(session, "x")
    service.end_by_service(session)

    with pytest.raises(Refused) as caught:
        await service.session_token(session, report=ReportId("r"), attempt=FIRST)

    assert caught.value.code is ErrorCode.SESSION_ENDED


async def test_a_waiting_session_can_be_cancelled() -> None:
    service = FakeService()
    session = service.add_session().id

    assert (await service.cancel_session(session, "x")).status is SessionStatus.CANCELLED


async def test_one_mechanic_wins_a_request() -> None:
    service = FakeService(Role.MECHANIC)
    request = service.add_request()
    assert await service.requests() == (request,)

    won = await service.accept_request(request.id)

    assert won.my_role is Role.MECHANIC
    with pytest.raises(Refused) as caught:
        await service.accept_request(request.id)
    assert caught.value.code is ErrorCode.REQUEST_ALREADY_ACCEPTED


async def test_lists_are_filtered() -> None:
    service = FakeService()
    service.add_session()

    assert len((await service.sessions(statuses=(SessionStatus.WAITING,))).sessions) == 1
    assert len((await service.sessions(statuses=(SessionStatus.LIVE,))).sessions) == 0
    assert len((await service.sessions(query="SQUEAL")).sessions) == 1


async def test_a_message_is_stored_once() -> None:
    service = FakeService()
    session = service.add_session().id
    client_id = ClientMessageId("c")

    first = await service.send_message(session, "hello", client_id=client_id)
    again = await service.send_message(session, "hello", client_id=client_id)

    assert first == again
    assert await service.messages(session) == (first,)
    assert await service.messages(session, after=first.id) == ()


async def test_a_service_that_is_down_answers_nobody() -> None:
    service = FakeService(is_down=True)

    with pytest.raises(Unreachable):
        await service.health()


async def test_streams_tell_and_are_cut() -> None:
    service = FakeService()
    session = service.add_session().id
    heard: list[object] = []
    keep = heard.append

    async def listen() -> ErrorCode | None:
        try:
            async with aclosing(service.session_events(session)) as events:
                async for event in events:
                    keep(event)
        except Refused as refused:
            return refused.code
        return None

    task = spawn(listen(), name="listen")
    await settle()
    service.end_by_service(session)
    await settle()
    service.cut_streams(refusal(ErrorCode.SESSION_NOT_FOUND, 404))

    assert await task is ErrorCode.SESSION_NOT_FOUND

    assert isinstance(heard[0], SessionEnded)
    assert service.open_streams == 0


async def test_the_account_hears_of_its_sessions() -> None:
    service = FakeService()
    session = service.add_session().id

    async with aclosing(service.account_events()) as events:
        first = spawn(anext(events), name="first")
        await settle()
        await service.put_readiness(session, ReadinessState.READY, rung=6)
        event = await first
        rest = [await anext(events)]

    assert {type(one).__name__ for one in (event, *rest)} == {
        "AccountSessionChanged",
        "AccountReadinessChanged",
    }


async def test_the_rest_answers_as_the_fixtures_do() -> None:
    service = FakeService(Role.MECHANIC)
    session = service.add_session().id

    assert (await service.me()).mechanic_id is not None
    assert await service.set_available(True)
    assert await service.plans()
    assert (await service.health()).version
    assert (await service.readiness(session)).mechanic.state is ReadinessState.READY
    run = await service.begin_preflight(session=session, trigger=PreflightTrigger.JOIN)
    assert (await service.submit_report(run.run_id or RunId(""), {"a": 1})).passed
    assert service.reports == [{"a": 1}]
    assert (await service.notes(session)).version == 0
    assert (await service.put_notes(session, NotesDraft((), "x"), version=0)).version == 1
    assert (await service.earnings()).settled_cents > 0


def answer_intake() -> Intake:
    from client_api.wire import IntakeStarted

    session = answer("intake_start", IntakeStarted).session
    return Intake(session.plan, session.vehicle, session.concern, session.urgency)
