"""The call's rules: coming in and starting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_api.errors import ErrorCode, Refused, ReportFault
from client_api.stream_events import StatusChanged
from client_api.wire import (
    Problem,
    ReadinessState,
    Role,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.machine import step
from desktop.call.refusals import failure_of
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    Ended,
    EndReason,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
)
from tests.fakes.call_walks import FIRST, SECOND, SETUP, kinds, walk
from tests.fakes.calls import (
    CUSTOMER,
    MECHANIC,
    NO_MEDIA,
    NOW,
    clock,
    setup,
    talk,
    talk_in_room,
    ticket,
)

REFUSED = ev.ServiceFault.REFUSED


def test_a_call_begins_by_asking_for_the_way_in() -> None:
    state, effects = step(Idle(), ev.JoinRequested(SETUP))

    assert isinstance(state, FetchingToken)
    assert effects == (
        fx.OpenStream(SETUP.session),
        fx.FetchTicket(SETUP.session, FIRST, SETUP.report),
    )


def test_the_way_in_leads_into_the_room_with_the_wishes_of_the_preflight() -> None:
    muted = MediaWishes(microphone_on=False)

    state, effects = walk(
        Idle(), ev.JoinRequested(setup(wishes=muted)), ev.TicketFetched(FIRST, ticket(FIRST))
    )

    assert isinstance(state, Joining)
    assert fx.JoinRoom(FIRST, ticket(FIRST), NO_MEDIA, muted) in effects


def test_an_open_room_without_the_other_side_does_not_start_the_session() -> None:
    state, effects = step(Joining(talk()), ev.RoomJoined(FIRST, (), 200.0))

    assert isinstance(state, InCall)
    assert fx.StartSession not in kinds(effects)
    assert fx.ReadClock(SETUP.session, FIRST) in effects


def test_a_mute_during_the_joining_is_told_to_the_room_once_it_is_open() -> None:
    _, effects = walk(Joining(talk()), ev.MicrophoneWished(False), ev.RoomJoined(FIRST, (), 200.0))

    assert fx.SendTrack(FIRST, ev.TrackKind.MICROPHONE, False) in effects


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ev.Failure(REFUSED, ErrorCode.AUTH_EXPIRED), EndReason.SIGN_IN_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.PREFLIGHT_REQUIRED), EndReason.PREFLIGHT_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE), EndReason.PREFLIGHT_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.SESSION_ENDED), EndReason.SESSION_ENDED),
        (ev.Failure(REFUSED, ErrorCode.SFU_UNAVAILABLE), EndReason.ROOM_UNREACHABLE),
        (ev.Failure(REFUSED, ErrorCode.SESSION_NOT_PARTICIPANT), EndReason.SERVICE_REFUSED),
        (ev.Failure(ev.ServiceFault.UNREACHABLE), EndReason.SERVICE_UNREACHABLE),
        (ev.Failure(ev.ServiceFault.BROKEN), EndReason.FAULT),
    ],
)
def test_a_refused_way_in_ends_with_its_own_reason(failure: ev.Failure, reason: EndReason) -> None:
    state, effects = step(FetchingToken(talk()), ev.TicketFailed(FIRST, failure))

    assert isinstance(state, Ended)
    assert state.reason is reason
    assert state.code is failure.code
    # Who goes on to nowhere is not ready any more; the others say how far they are themselves.
    gone = fx.TellReadiness(SETUP.session, ReadinessState.ABSENT)
    goes_on = reason in (
        EndReason.SIGN_IN_NEEDED,
        EndReason.PREFLIGHT_NEEDED,
        EndReason.SESSION_ENDED,
    )
    ending = (fx.StopTimers(), fx.CloseStream())
    assert effects == (ending if goes_on else (gone, *ending))


@pytest.mark.parametrize("fault", ReportFault)
def test_why_the_report_was_not_taken_stands_in_the_end(fault: ReportFault) -> None:
    problem = Problem(
        code=ErrorCode.PREFLIGHT_REQUIRED.value, title="no", status=428, reason=fault.value
    )

    state, _ = step(FetchingToken(talk()), ev.TicketFailed(FIRST, failure_of(Refused(problem))))

    assert isinstance(state, Ended)
    assert (state.reason, state.report_fault) == (EndReason.PREFLIGHT_NEEDED, fault)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ev.JoinFault.UNREACHABLE, EndReason.ROOM_UNREACHABLE),
        (ev.JoinFault.TOKEN_REFUSED, EndReason.ROOM_REFUSED),
        (ev.JoinFault.ROOM_MISSING, EndReason.ROOM_REFUSED),
    ],
)
def test_a_first_room_that_does_not_open_gets_one_more_try(
    fault: ev.JoinFault, reason: EndReason
) -> None:
    again, effects = walk(
        Joining(talk()),
        ev.RoomJoinFailed(FIRST, fault),
        ev.TimerFired(SECOND, ev.Timer.JOIN_RETRY),
        ev.TicketFetched(SECOND, ticket(SECOND)),
    )
    assert isinstance(again, Joining)
    assert fx.FetchTicket(SETUP.session, SECOND, SETUP.report) in effects

    state, _ = walk(again, ev.RoomJoinFailed(SECOND, fault), ev.RoomLeft(SECOND))

    assert isinstance(state, Ended)
    assert state.reason is reason


def test_a_room_that_takes_too_long_ends_the_try_and_is_left() -> None:
    state, effects = step(Joining(talk()), ev.TimerFired(FIRST, ev.Timer.JOIN_DEADLINE))

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.ROOM_TIMED_OUT
    assert fx.LeaveRoom(FIRST) in effects


def test_a_room_that_opens_after_the_user_left_is_closed_again() -> None:
    """Joining cannot be cancelled safely, so a late success must not bring the user back."""
    state, _ = walk(Joining(talk()), ev.LeaveRequested(), ev.RoomLeft(FIRST))
    assert isinstance(state, Ended)

    after, effects = step(state, ev.RoomJoined(FIRST, (), 200.0))

    assert after is state
    assert effects == (fx.LeaveRoom(FIRST),)


def test_the_session_starts_once_when_both_are_seen() -> None:
    state, effects = walk(
        InCall(talk_in_room()),
        ev.PeerJoined(FIRST, MECHANIC),
        ev.PeerMediaChanged(FIRST, MECHANIC, ev.TrackKind.CAMERA, True),
        ev.StartAnswered(FIRST, clock()),
        ev.SessionEventArrived(StatusChanged(NOW, SessionStatus.LIVE)),
        ev.ClockRead(FIRST, clock()),
    )

    assert kinds(effects).count(fx.StartSession) == 1
    assert kinds(effects).count(fx.AnnounceBothJoined) == 1
    assert isinstance(state, InCall)
    assert state.talk.is_started


def test_an_own_double_or_a_stranger_does_not_start_the_session() -> None:
    _, effects = walk(
        InCall(talk_in_room()), ev.PeerJoined(FIRST, CUSTOMER), ev.PeerJoined(FIRST, "probe-a")
    )

    assert effects == []


def test_a_mechanic_waits_for_the_customer() -> None:
    _, effects = step(InCall(talk_in_room(Role.MECHANIC)), ev.PeerJoined(FIRST, CUSTOMER))

    assert fx.StartSession in kinds(effects)


def test_a_start_that_came_too_early_is_tried_again_soon() -> None:
    early = ev.Failure(REFUSED, ErrorCode.SESSION_NOT_BOTH_PRESENT)

    waiting, effects = walk(
        InCall(talk_in_room()), ev.PeerJoined(FIRST, MECHANIC), ev.StartFailed(FIRST, early)
    )
    assert fx.StartTimer(FIRST, ev.Timer.START_RETRY, 1.0) in effects

    _, again = step(waiting, ev.TimerFired(FIRST, ev.Timer.START_RETRY))

    assert kinds(again) == [fx.StartSession]


def test_a_start_that_is_refused_otherwise_is_tried_again_later() -> None:
    refused = ev.Failure(REFUSED, ErrorCode.SESSION_ILLEGAL_TRANSITION)

    _, effects = step(InCall(talk_in_room()), ev.StartFailed(FIRST, refused))

    assert effects == (fx.StartTimer(FIRST, ev.Timer.START_RETRY, 5.0),)


def test_a_start_of_a_session_that_is_over_leaves() -> None:
    over = ev.Failure(REFUSED, ErrorCode.SESSION_ENDED)

    state, _ = step(InCall(talk_in_room()), ev.StartFailed(FIRST, over))

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.SESSION_ENDED


def test_the_peer_that_left_before_the_retry_is_not_started_for() -> None:
    _, effects = walk(
        InCall(replace(talk_in_room(), start_asked=True)),
        ev.TimerFired(FIRST, ev.Timer.START_RETRY),
    )

    assert effects == []
