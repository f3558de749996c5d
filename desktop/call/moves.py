"""The moves of the call's machine: where a decision of `machine.step` leads, and with what effects.

Each returns the next state and the effects in order. Nobody but `machine` calls them. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from client_api.wire import ReadinessState, SessionEndReason
from desktop.call import events as ev
from desktop.call.effects import (
    CloseStream,
    Effect,
    FetchTicket,
    LeaveRoom,
    OpenStream,
    ReadClock,
    SendEnd,
    StartTimer,
    StopTimers,
    TellReadiness,
)
from desktop.call.refusals import end_reason_of_disconnect, end_reason_of_join
from desktop.call.setup import CallSetup
from desktop.call.states import (
    CallState,
    Ended,
    EndReason,
    FetchingToken,
    InCall,
    Joining,
    Leaving,
    LeavingFor,
    Rejoining,
    RejoinStage,
    Talk,
)
from desktop.call.talk_facts import with_peers, without_room
from desktop.call.talk_rules import Heard, Outcome, resend_tracks, settle

FIRST_TRIES = 2
JOIN_RETRY_S = 0.5
REJOIN_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
MAX_REJOINS = 110
"""With the waits above a quarter of an hour: longer than the service bears an absence."""
CLOCK_POLL_S = 5.0
END_DEADLINE_S = 3.0
LEAVE_DEADLINE_S = 6.0

_SAYS_NO_GOODBYE = (
    EndReason.SESSION_ENDED,
    EndReason.OPENED_ELSEWHERE,
    EndReason.PREFLIGHT_NEEDED,
    EndReason.SIGN_IN_NEEDED,
)
"""Nobody is waited for, the other device says it, the checks begin again, or nobody may say it."""

Step: TypeAlias = tuple[CallState, tuple[Effect, ...]]


def begin(setup: CallSetup) -> Step:
    talk = Talk(setup, number=1, wishes=setup.wishes, asked=setup.wishes)
    return FetchingToken(talk), (OpenStream(setup.session), fetch_ticket(talk))


def fetch_ticket(talk: Talk) -> FetchTicket:
    return FetchTicket(talk.setup.session, talk.attempt, talk.setup.report)


def asked(talk: Talk) -> Talk:
    """Note what a room that is opened now is told."""
    return replace(talk, asked=talk.wishes, given=talk.setup.media)


def after_hearing(state: FetchingToken | Joining | InCall | Rejoining, heard: Heard) -> Step:
    if heard.outcome is not None:
        if isinstance(state, FetchingToken):
            return end(heard.talk, heard.outcome)
        return leave(heard.talk, heard.outcome)
    talk, effects = heard.talk, heard.effects
    if isinstance(state, InCall):
        talk, more = settle(talk)
        effects = (*effects, *more)
    return (state if talk is state.talk else replace(state, talk=talk)), effects


def enter(talk: Talk, peers: tuple[str, ...]) -> Step:
    inside = with_peers(replace(talk, joined=talk.attempt), peers)
    settled, effects = settle(inside)
    session = talk.setup.session
    return InCall(settled), (
        TellReadiness(session, ReadinessState.IN_CALL, talk.setup.rung),
        ReadClock(session, talk.attempt),
        StartTimer(talk.attempt, ev.Timer.CLOCK_POLL, CLOCK_POLL_S),
        *effects,
    )


def repaired(talk: Talk, peers: tuple[str, ...]) -> Step:
    settled, effects = settle(with_peers(talk, peers))
    return InCall(settled), (*resend_tracks(settled), *effects)


def first_join_failed(state: Joining, fault: ev.JoinFault) -> Step:
    outcome = Outcome(end_reason_of_join(fault))
    tries = state.tries + 1
    if tries >= FIRST_TRIES or outcome.reason is EndReason.ROOM_TIMED_OUT:
        return leave(state.talk, outcome)
    talk = without_room(state.talk)
    return FetchingToken(talk, tries), (
        LeaveRoom(state.talk.attempt),
        StartTimer(talk.attempt, ev.Timer.JOIN_RETRY, JOIN_RETRY_S),
    )


def disconnected(talk: Talk, reason: ev.DisconnectReason) -> Step:
    """Come back, the later the more often it happened in short order, or end for good."""
    final = end_reason_of_disconnect(reason)
    if final is not None:
        return leave(talk, Outcome(final))
    return try_again(replace(talk, drops=talk.drops + 1), talk.drops)


def try_again(talk: Talk, tries: int) -> Step:
    """Wait, then ask for a new ticket and open a new room as a new attempt."""
    if tries >= MAX_REJOINS:
        return leave(talk, Outcome(EndReason.CONNECTION_LOST))
    wait_s = REJOIN_WAITS_S[min(tries, len(REJOIN_WAITS_S) - 1)]
    following = without_room(talk)
    return Rejoining(following, RejoinStage.WAITING, tries), (
        LeaveRoom(talk.attempt),
        StartTimer(following.attempt, ev.Timer.REJOIN, wait_s, jitter=True),
        StartTimer(following.attempt, ev.Timer.CLOCK_POLL, CLOCK_POLL_S),
    )


def poll(talk: Talk) -> tuple[Effect, ...]:
    return (
        ReadClock(talk.setup.session, talk.attempt),
        StartTimer(talk.attempt, ev.Timer.CLOCK_POLL, CLOCK_POLL_S),
    )


def close_window(talk: Talk) -> Step:
    """End a started session, but let the window go after 3 s: the queue keeps the end."""
    outcome = Outcome(EndReason.WINDOW_CLOSED)
    if not talk.is_started:
        return leave(talk, outcome)
    effect = SendEnd(
        talk.setup.session, talk.joined or talk.attempt, SessionEndReason.WINDOW_CLOSED
    )
    return Leaving(talk, LeavingFor.END_ANSWER, outcome.reason), (
        effect,
        StartTimer(talk.attempt, ev.Timer.END_DEADLINE, END_DEADLINE_S),
    )


def leave(talk: Talk, outcome: Outcome) -> Step:
    state = Leaving(
        talk,
        LeavingFor.ROOM_CLOSED,
        outcome.reason,
        outcome.code,
        outcome.session_end,
        outcome.report_fault,
    )
    left, effects = leave_room(state)
    return left, (*_goodbye(talk, outcome), *effects)


def leave_room(state: Leaving) -> Step:
    attempt = state.talk.attempt
    return replace(state, waits_for=LeavingFor.ROOM_CLOSED), (
        StopTimers(),
        LeaveRoom(attempt),
        StartTimer(attempt, ev.Timer.LEAVE_DEADLINE, LEAVE_DEADLINE_S),
    )


def end(talk: Talk, outcome: Outcome) -> Step:
    """End a call that has no room to leave."""
    state = Ended(outcome.reason, talk, outcome.code, outcome.session_end, outcome.report_fault)
    return state, (*_goodbye(talk, outcome), StopTimers(), CloseStream())


def _goodbye(talk: Talk, outcome: Outcome) -> tuple[Effect, ...]:
    """The session goes on: the other side must not take us for ready, or for being in the call."""
    if outcome.reason in _SAYS_NO_GOODBYE:
        return ()
    return (TellReadiness(talk.setup.session, ReadinessState.ABSENT),)
