"""The call's rules: the paid clock and its warnings."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from client_api.stream_events import ClockChanged
from client_api.wire import (
    ClockState,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.machine import step
from desktop.call.states import (
    InCall,
)
from tests.fakes.call_walks import FIRST, SETUP, walk
from tests.fakes.calls import (
    NOW,
    clock,
    talk_running,
)

REFUSED = ev.ServiceFault.REFUSED


def test_each_warning_comes_once_and_not_early() -> None:
    seconds = [301.0, 300.1, 300.0, 299.7, 61.0, 60.0, 59.0, 0.0]

    _, effects = walk(InCall(talk_running()), *(ev.ClockTicked(left) for left in seconds))

    assert effects == [fx.AnnounceTimeLeft(300, 300.0), fx.AnnounceTimeLeft(60, 60.0)]


def test_whoever_comes_back_late_hears_the_last_warning_only() -> None:
    _, effects = walk(InCall(talk_running()), ev.ClockTicked(40.0), ev.ClockTicked(39.7))

    assert effects == [fx.AnnounceTimeLeft(60, 40.0)]


def test_time_that_is_up_is_not_warned_of() -> None:
    _, effects = walk(InCall(talk_running()), ev.ClockTicked(0.0))

    assert effects == []


def test_a_threshold_above_the_whole_session_is_no_warning() -> None:
    short = msgspec.structs.replace(clock(), total_seconds=90, warnings=(300, 60, 30))

    _, effects = walk(
        InCall(replace(talk_running(), clock=short)), ev.ClockTicked(89.0), ev.ClockTicked(59.0)
    )

    assert effects == [fx.AnnounceTimeLeft(60, 59.0)]


def test_an_extension_arms_the_warnings_again() -> None:
    grown = msgspec.structs.replace(clock(revision=4), total_seconds=4500, remaining_seconds=940.0)

    _, effects = walk(
        InCall(talk_running()),
        ev.ClockTicked(50.0),
        ev.ClockTicked(40.0),
        ev.SessionEventArrived(ClockChanged(NOW, grown)),
        ev.ClockTicked(299.0),
    )

    assert effects == [fx.AnnounceTimeLeft(60, 50.0), fx.AnnounceTimeLeft(300, 299.0)]


def test_a_paused_clock_warns_of_nothing() -> None:
    state = InCall(replace(talk_running(), clock=clock(ClockState.PAUSED)))

    _, effects = step(state, ev.ClockTicked(299.0))

    assert effects == ()


def test_an_older_clock_is_not_believed() -> None:
    state, _ = walk(
        InCall(talk_running()),
        ev.ClockRead(FIRST, clock(revision=8)),
        ev.ClockRead(FIRST, clock(ClockState.ENDED, revision=7)),
    )

    assert isinstance(state, InCall)
    assert state.talk.clock == clock(revision=8)


def test_the_poll_goes_on_and_tells_whether_the_service_answers() -> None:
    silent, effects = walk(
        InCall(talk_running()),
        ev.TimerFired(FIRST, ev.Timer.CLOCK_POLL),
        ev.ClockFailed(FIRST, ev.Failure(ev.ServiceFault.UNREACHABLE)),
    )
    assert effects == [
        fx.ReadClock(SETUP.session, FIRST),
        fx.StartTimer(FIRST, ev.Timer.CLOCK_POLL, 5.0),
    ]
    assert isinstance(silent, InCall)
    assert not silent.talk.service_ok

    state, _ = step(silent, ev.ClockRead(FIRST, clock()))

    assert isinstance(state, InCall)
    assert state.talk.service_ok
