"""The fake service keeps to its port: a fake that lies proves nothing."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from client_api.api import ServiceApi
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
from tests.fakes.calls import NOW, setup
from tests.fakes.clock import settle
from tests.fakes.service import FakeService, refusal
from tests.fakes.wire_samples import answer

FIRST = setup().attempt(1)
KEY = IdempotencyKey("k")


def as_port(service: FakeService) -> ServiceApi:
    """mypy checks here that the fake has the shape of its port."""
    return service


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
        rest = [await anext(events), await anext(events)]

    assert [type(one).__name__ for one in (event, *rest)] == [
        "StreamBegan",
        "AccountSessionChanged",
        "AccountReadinessChanged",
    ]


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
