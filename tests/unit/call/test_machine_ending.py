"""The call's rules: every way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_api.errors import ErrorCode
from client_api.stream_events import SessionEnded
from client_api.wire import (
    ClockState,
    EndedSession,
    Role,
    SessionEndReason,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.machine import step
from desktop.call.states import (
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    InCall,
    Leaving,
    LeavingFor,
    Rejoining,
    RejoinStage,
)
from tests.fakes.call_walks import FIRST, SETUP, kinds, walk
from tests.fakes.calls import (
    NOW,
    clock,
    ended_session,
    session_end,
    talk,
    talk_in_room,
    talk_running,
)

REFUSED = ev.ServiceFault.REFUSED


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (Role.CUSTOMER, SessionEndReason.ENDED_BY_CUSTOMER),
        (Role.MECHANIC, SessionEndReason.ENDED_BY_MECHANIC),
    ],
)
def test_an_end_is_sent_while_still_in_the_room(role: Role, reason: SessionEndReason) -> None:
    state, effects = step(InCall(talk_running(role)), ev.EndRequested())

    assert isinstance(state, InCall)
    assert effects == (fx.SendEnd(SETUP.session, FIRST, reason),)


def test_an_end_that_is_answered_leaves_and_then_is_over() -> None:
    leaving, effects = walk(
        InCall(talk_running()), ev.EndRequested(), ev.EndAnswered(FIRST, ended_session())
    )
    assert isinstance(leaving, Leaving)
    assert fx.LeaveRoom(FIRST) in effects

    state, _ = step(leaving, ev.RoomLeft(FIRST))

    assert state == Ended(EndReason.SESSION_ENDED, leaving.talk, session_end=ended_session().end)


def test_pressing_end_twice_is_one_end() -> None:
    _, effects = walk(InCall(talk_running()), ev.EndRequested(), ev.EndRequested())

    assert kinds(effects) == [fx.SendEnd]


def test_an_end_without_an_answer_keeps_the_two_talking_and_can_be_undone() -> None:
    queued, _ = walk(InCall(talk_running()), ev.EndRequested(), ev.EndQueued(FIRST))
    assert isinstance(queued, InCall)
    assert queued.talk.end is EndProgress.QUEUED

    state, effects = walk(queued, ev.UndoEndRequested(), ev.EndUndone(FIRST, True))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.NONE
    assert effects == [fx.UndoEnd(SETUP.session, FIRST)]


def test_an_end_that_was_on_its_way_cannot_be_undone() -> None:
    queued = InCall(replace(talk_running(), end=EndProgress.QUEUED))

    state, _ = walk(queued, ev.UndoEndRequested(), ev.EndUndone(FIRST, False))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.SENDING


def test_an_end_that_the_service_ignored_lets_the_call_go_on() -> None:
    ignored = EndedSession(SessionStatus.LIVE, None, None)

    state, _ = walk(InCall(talk_running()), ev.EndRequested(), ev.EndAnswered(FIRST, ignored))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.NONE


def test_a_refused_end_may_be_pressed_again() -> None:
    refused = ev.Failure(REFUSED, ErrorCode.SESSION_NOT_FOUND)

    state, effects = walk(
        InCall(talk_running()), ev.EndRequested(), ev.EndFailed(FIRST, refused), ev.EndRequested()
    )

    assert isinstance(state, InCall)
    assert kinds(effects) == [fx.SendEnd, fx.SendEnd]


def test_whoever_wants_out_is_not_brought_back_into_the_room() -> None:
    """A rejoin after the press would make the service ignore the end."""
    waiting = Rejoining(replace(talk_running(), end=EndProgress.QUEUED), RejoinStage.WAITING)

    state, effects = step(waiting, ev.TimerFired(FIRST, ev.Timer.REJOIN))

    assert state is waiting
    assert effects == (fx.StartTimer(FIRST, ev.Timer.REJOIN, 1.0),)


def test_an_end_in_a_rejoin_names_the_stay_that_really_was() -> None:
    lost, _ = step(InCall(talk_running()), ev.RoomDisconnected(FIRST, ev.DisconnectReason.UNKNOWN))

    _, effects = step(lost, ev.EndRequested())

    assert effects == (fx.SendEnd(SETUP.session, FIRST, SessionEndReason.ENDED_BY_CUSTOMER),)


def test_the_services_end_leaves_the_room_whatever_the_state() -> None:
    ended = ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.COMPLETED, session_end()))

    for state in (InCall(talk_running()), Rejoining(talk_running(), RejoinStage.WAITING)):
        after, effects = step(state, ended)

        assert isinstance(after, Leaving)
        assert after.session_end == session_end()
        assert fx.LeaveRoom in kinds(effects)


def test_the_services_end_before_the_room_ends_the_call_at_once() -> None:
    ended = ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.CANCELLED, session_end()))

    state, _ = step(FetchingToken(talk()), ended)

    assert isinstance(state, Ended)
    assert state.reason is EndReason.SESSION_ENDED


def test_a_clock_that_ended_leaves_even_if_the_event_was_missed() -> None:
    state, _ = step(InCall(talk_running()), ev.ClockRead(FIRST, clock(ClockState.ENDED, 9)))

    assert isinstance(state, Leaving)


def test_closing_the_window_ends_a_running_session_and_waits_three_seconds() -> None:
    closing, first = step(InCall(talk_running()), ev.WindowClosed())
    assert isinstance(closing, Leaving)
    assert first == (
        fx.SendEnd(SETUP.session, FIRST, SessionEndReason.WINDOW_CLOSED),
        fx.StartTimer(FIRST, ev.Timer.END_DEADLINE, 3.0),
    )

    state, effects = walk(closing, ev.TimerFired(FIRST, ev.Timer.END_DEADLINE), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.WINDOW_CLOSED
    assert fx.LeaveRoom(FIRST) in effects


def test_closing_the_window_before_the_start_only_leaves() -> None:
    """An end would cancel a session that the other side still waits for."""
    state, effects = step(InCall(talk_in_room()), ev.WindowClosed())

    assert isinstance(state, Leaving)
    assert state.waits_for is LeavingFor.ROOM_CLOSED
    assert fx.SendEnd not in kinds(effects)


def test_leaving_does_not_end_the_session() -> None:
    state, effects = walk(InCall(talk_running()), ev.LeaveRequested(), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.USER_LEFT
    assert fx.SendEnd not in kinds(effects)


def test_a_room_that_does_not_let_go_is_left_behind() -> None:
    leaving, _ = step(InCall(talk_running()), ev.LeaveRequested())

    state, _ = step(leaving, ev.TimerFired(FIRST, ev.Timer.LEAVE_DEADLINE))

    assert isinstance(state, Ended)


def test_how_the_session_ended_is_kept_even_if_it_is_told_while_leaving() -> None:
    leaving, _ = step(
        InCall(talk_running()), ev.RoomDisconnected(FIRST, ev.DisconnectReason.ROOM_DELETED)
    )

    state, _ = walk(
        leaving,
        ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.COMPLETED, session_end())),
        ev.RoomLeft(FIRST),
    )

    assert isinstance(state, Ended)
    assert state.session_end == session_end()


def test_a_fault_of_ours_ends_the_call_in_words() -> None:
    state, _ = walk(InCall(talk_running()), ev.EffectCrashed("bug"), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.FAULT
