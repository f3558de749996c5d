"""The call's machine: `step` is the only function that changes a call's state.

It reads no clock and does no I/O; everything it knows is in its arguments.

            JoinRequested               TicketFetched            RoomJoined
    Idle ─────────────────> FetchingToken ───────────> Joining ─────────────> InCall <──────────┐
    Ended ───────^               │  ^                   │   │                 │    │ disconnect │
                                 │  └─ one more try ────┘   │                 │    v            │
                   refused, left │                          │ failed, left    │  Rejoining ─────┘
                                 v        RoomLeft          v                 v    │
                               Ended <──────────────────── Leaving <──────────┴────┘

    Rejoining: REPAIRING (the SDK does it) | WAITING -> ASKING -> OPENING -> failed: WAITING …

| event | means | source | answer |
|---|---|---|---|
| JoinRequested | *Join session* | person | ask for the ticket, read the events |
| TicketFetched, TicketFailed | the way in, or not | service | open the room; end or try again |
| RoomJoined, RoomJoinFailed | the room is open, or not | room | send, start; try again or end |
| PeerJoined | the other side is there | room | start the session, once |
| PeerLeft | a drop, a reconnect, a leave: who knows | room | a fact, never an end |
| RoomReconnecting | the SDK repairs | room | wait, at most a minute |
| RoomReconnected | it did | room | say all wishes again |
| RoomDisconnected | the SDK gave up | room | come back, or end (`refusals`) |
| StartAnswered, StartFailed | paid time runs, or not yet | service | ask again in a while |
| ClockRead, SessionEventArrived | the service's account | service | keep; leave when it is over |
| ClockFailed | no account for now | service | the countdown is an estimate |
| SessionStreamFailed | the events are refused | service | ask again with the next answered poll |
| OwnMediaFailed, SpeakerChanged | a device stopped, or plays again | room | a fact |
| ClockTicked | paid seconds left | actor | warn, once per threshold |
| …Wished, MediaSwitched | what shall be sent | person | keep; tell the room when inside |
| EndRequested | *End session*, confirmed | person | /end while still in the room |
| EndQueued, UndoEndRequested | no answer yet | outbox, person | offer *Undo end*; undo |
| EndAnswered | over, or ignored as too late | service | leave; go on |
| EndFailed, EndUndone | refused; taken back | outbox | go on |
| WindowClosed | out, and over | person | end within 3 s, then leave |
| LeaveRequested | out, not over | person | leave; one may return |
| TimerFired | what `Timer` says | actor | that |
| RoomLeft | the room is closed | actor | end |
| EffectCrashed | a fault of ours | actor | leave, end as FAULT |

What belongs to another attempt than the present one changes nothing; a room that opens late is
left again. After `Ended` the only effects are such a `LeaveRoom`, and those of a new call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from client_api.wire import AttemptId
from desktop.call import events as ev
from desktop.call import moves
from desktop.call.effects import JoinRoom, LeaveRoom, StartTimer
from desktop.call.moves import Step
from desktop.call.refusals import end_reason_of_ticket, is_passing
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
    LeavingFor,
    Rejoining,
    RejoinStage,
)
from desktop.call.talk_rules import (
    ALWAYS_HEARD,
    Heard,
    Outcome,
    after_start_failed,
    hear,
    outcome_of_answer,
)

JOIN_DEADLINE_S = 20.0
REOPEN_DEADLINE_S = 75.0
"""A net below the room's own deadline: a join that comes late would evict the one after it."""
REPAIR_DEADLINE_S = 60.0

_OF_ONE_STAY = (
    ev.RoomJoined,
    ev.RoomJoinFailed,
    ev.PeerJoined,
    ev.PeerLeft,
    ev.PeerMediaChanged,
    ev.OwnMediaChanged,
    ev.OwnMediaFailed,
    ev.SpeakerChanged,
    ev.MediaStalled,
    ev.MediaResumed,
    ev.OwnNetworkChanged,
    ev.RoomReconnecting,
    ev.RoomReconnected,
    ev.RoomDisconnected,
    ev.QualityMeasured,
    ev.RoomLeft,
    ev.TicketFetched,
    ev.TicketFailed,
    ev.StartFailed,
    ev.TimerFired,
)


def step(state: CallState, event: ev.CallEvent) -> Step:
    """Return the state after ``event`` and what is to be done, in order. Never raises."""
    if isinstance(event, _OF_ONE_STAY) and event.attempt != attempt_of(state):
        late = isinstance(event, ev.RoomJoined)
        return state, (LeaveRoom(event.attempt),) if late else ()
    match state:
        case Idle() | Ended():
            return _at_rest(state, event)
        case FetchingToken():
            return _fetching_token(state, event)
        case Joining():
            return _joining(state, event)
        case InCall():
            return _in_call(state, event)
        case Rejoining():
            return _rejoining(state, event)
        case Leaving():
            return _leaving(state, event)
        case _:
            assert_never(state)


def attempt_of(state: CallState) -> AttemptId | None:
    """Return the attempt whose events count now."""
    match state:
        case Idle():
            return None
        case Ended():
            return None if state.talk is None else state.talk.attempt
        case FetchingToken() | Joining() | InCall() | Rejoining() | Leaving():
            return state.talk.attempt
        case _:
            assert_never(state)


# --- one function per state ----------------------------------------------------------------------


def _at_rest(state: Idle | Ended, event: ev.CallEvent) -> Step:
    """No call (any more): nothing happens to it but a new one."""
    if isinstance(event, ALWAYS_HEARD):
        return state, ()
    match event:
        case ev.JoinRequested(setup):
            return moves.begin(setup)
        case ev.RoomJoined(attempt):
            # The join could not be cancelled; it is over now, and nobody wants the room.
            return state, (LeaveRoom(attempt),)
        case ev.EndRequested() | ev.WindowClosed() | ev.LeaveRequested():
            return state, ()
        case ev.TicketFetched() | ev.TicketFailed() | ev.StartFailed():
            return state, ()
        case ev.RoomJoinFailed() | ev.RoomReconnecting() | ev.RoomReconnected():
            return state, ()
        case ev.RoomDisconnected() | ev.RoomLeft() | ev.TimerFired() | ev.EffectCrashed():
            return state, ()
        case _:
            assert_never(event)


def _fetching_token(state: FetchingToken, event: ev.CallEvent) -> Step:
    talk = state.talk
    if isinstance(event, ALWAYS_HEARD):
        return moves.after_hearing(state, hear(talk, event))
    match event:
        case ev.TicketFetched(attempt, ticket):
            return Joining(moves.asked(talk), state.tries), (
                JoinRoom(attempt, ticket, talk.setup.media, talk.wishes),
                StartTimer(attempt, ev.Timer.JOIN_DEADLINE, JOIN_DEADLINE_S),
            )
        case ev.TicketFailed(_, failure):
            return moves.end(talk, _refused(failure))
        case ev.TimerFired(timer=ev.Timer.JOIN_RETRY):
            return state, (moves.fetch_ticket(talk),)
        case ev.LeaveRequested() | ev.EndRequested():
            return moves.end(talk, Outcome(EndReason.USER_LEFT))
        case ev.WindowClosed():
            return moves.end(talk, Outcome(EndReason.WINDOW_CLOSED))
        case ev.EffectCrashed():
            return moves.end(talk, Outcome(EndReason.FAULT))
        case ev.JoinRequested() | ev.StartFailed() | ev.TimerFired():
            return state, ()
        case ev.RoomJoined(attempt):
            return state, (LeaveRoom(attempt),)
        case ev.RoomJoinFailed() | ev.RoomReconnecting() | ev.RoomReconnected():
            return state, ()
        case ev.RoomDisconnected() | ev.RoomLeft():
            return state, ()
        case _:
            assert_never(event)


def _joining(state: Joining, event: ev.CallEvent) -> Step:
    talk = state.talk
    if isinstance(event, ALWAYS_HEARD):
        return moves.after_hearing(state, hear(talk, event))
    match event:
        case ev.RoomJoined(_, peers):
            return moves.enter(talk, peers)
        case ev.RoomJoinFailed(_, fault):
            return moves.first_join_failed(state, fault)
        case ev.RoomDisconnected():
            return moves.first_join_failed(state, ev.JoinFault.OTHER)
        case ev.TimerFired(timer=ev.Timer.JOIN_DEADLINE):
            return moves.leave(talk, Outcome(EndReason.ROOM_TIMED_OUT))
        case ev.LeaveRequested() | ev.EndRequested():
            return moves.leave(talk, Outcome(EndReason.USER_LEFT))
        case ev.WindowClosed():
            return moves.leave(talk, Outcome(EndReason.WINDOW_CLOSED))
        case ev.EffectCrashed():
            return moves.leave(talk, Outcome(EndReason.FAULT))
        case ev.JoinRequested() | ev.TicketFetched() | ev.TicketFailed() | ev.StartFailed():
            return state, ()
        case ev.RoomReconnecting() | ev.RoomReconnected() | ev.RoomLeft() | ev.TimerFired():
            return state, ()
        case _:
            assert_never(event)


def _in_call(state: InCall, event: ev.CallEvent) -> Step:
    talk = state.talk
    if isinstance(event, (*ALWAYS_HEARD, ev.EndRequested)):
        return moves.after_hearing(state, hear(talk, event))
    match event:
        case ev.RoomReconnecting(attempt):
            return Rejoining(talk, RejoinStage.REPAIRING), (
                StartTimer(attempt, ev.Timer.REJOIN, REPAIR_DEADLINE_S),
            )
        case ev.RoomReconnected(_, peers):
            return moves.repaired(talk, peers)
        case ev.RoomDisconnected(_, reason):
            return moves.disconnected(talk, reason)
        case ev.StartFailed(_, failure):
            return moves.after_hearing(state, after_start_failed(talk, failure))
        case ev.TimerFired(_, timer):
            return _timer_in_call(state, timer)
        case ev.WindowClosed():
            return moves.close_window(talk)
        case ev.LeaveRequested():
            return moves.leave(talk, Outcome(EndReason.USER_LEFT))
        case ev.EffectCrashed():
            return moves.leave(talk, Outcome(EndReason.FAULT))
        case ev.JoinRequested() | ev.TicketFetched() | ev.TicketFailed():
            return state, ()
        case ev.RoomJoined() | ev.RoomJoinFailed() | ev.RoomLeft():
            return state, ()
        case _:
            assert_never(event)


def _rejoining(state: Rejoining, event: ev.CallEvent) -> Step:
    talk, stage = state.talk, state.stage
    if isinstance(event, (*ALWAYS_HEARD, ev.EndRequested)):
        return moves.after_hearing(state, hear(talk, event))
    match event:
        case ev.RoomReconnected(_, peers) if stage is RejoinStage.REPAIRING:
            return moves.repaired(talk, peers)
        case ev.RoomDisconnected(_, reason):
            return moves.disconnected(talk, reason)
        case ev.TicketFetched(attempt, ticket) if stage is RejoinStage.ASKING:
            return Rejoining(moves.asked(talk), RejoinStage.OPENING, state.tries), (
                JoinRoom(attempt, ticket, talk.setup.media, talk.wishes),
                StartTimer(attempt, ev.Timer.JOIN_DEADLINE, REOPEN_DEADLINE_S),
            )
        case ev.TicketFailed(_, failure) if stage is RejoinStage.ASKING:
            if is_passing(failure):
                return moves.try_again(talk, state.tries + 1)
            return moves.leave(talk, _refused(failure))
        case ev.RoomJoined(_, peers) if stage is RejoinStage.OPENING:
            return moves.enter(talk, peers)
        case ev.RoomJoined(attempt):
            return state, (LeaveRoom(attempt),)
        case ev.RoomJoinFailed() if stage is RejoinStage.OPENING:
            return moves.try_again(talk, state.tries + 1)
        case ev.TimerFired(_, timer):
            return _timer_in_rejoin(state, timer)
        case ev.WindowClosed():
            return moves.close_window(talk)
        case ev.LeaveRequested():
            return moves.leave(talk, Outcome(EndReason.USER_LEFT))
        case ev.EffectCrashed():
            return moves.leave(talk, Outcome(EndReason.FAULT))
        case ev.JoinRequested() | ev.TicketFetched() | ev.TicketFailed() | ev.StartFailed():
            return state, ()
        case ev.RoomReconnecting() | ev.RoomReconnected() | ev.RoomJoinFailed() | ev.RoomLeft():
            return state, ()
        case _:
            assert_never(event)


def _refused(failure: ev.Failure) -> Outcome:
    return Outcome(end_reason_of_ticket(failure), failure.code, report_fault=failure.report_fault)


def _leaving(state: Leaving, event: ev.CallEvent) -> Step:
    told = outcome_of_answer(event)
    if told is not None and told.session_end is not None:
        state = replace(state, session_end=told.session_end)
    waits_for_end = state.waits_for is LeavingFor.END_ANSWER
    match event:
        case ev.EndAnswered() | ev.EndQueued() | ev.EndFailed() if waits_for_end:
            return moves.leave_room(state)
        case ev.TimerFired(timer=ev.Timer.END_DEADLINE) | ev.EffectCrashed() if waits_for_end:
            return moves.leave_room(state)
        case ev.RoomLeft() | ev.TimerFired(timer=ev.Timer.LEAVE_DEADLINE) if not waits_for_end:
            outcome = Outcome(state.reason, state.code, state.session_end, state.report_fault)
            return moves.end(state.talk, outcome)
        case ev.RoomJoined(attempt):
            return state, (LeaveRoom(attempt),)
        case ev.RoomLeft() | ev.TimerFired() | ev.EffectCrashed():
            return state, ()
        case ev.JoinRequested() | ev.EndRequested() | ev.WindowClosed() | ev.LeaveRequested():
            return state, ()
        case ev.TicketFetched() | ev.TicketFailed() | ev.StartFailed():
            return state, ()
        case ev.RoomJoinFailed() | ev.RoomReconnecting() | ev.RoomReconnected():
            return state, ()
        case ev.RoomDisconnected():
            return state, ()
        case _ if isinstance(event, ALWAYS_HEARD):
            return state, ()
        case _:
            assert_never(event)


def _timer_in_call(state: InCall, timer: ev.Timer) -> Step:
    talk = state.talk
    match timer:
        case ev.Timer.CLOCK_POLL:
            return InCall(replace(talk, drops=0)), moves.poll(talk)
        case ev.Timer.START_RETRY:
            return moves.after_hearing(state, Heard(replace(talk, start_asked=False)))
        case ev.Timer.JOIN_DEADLINE | ev.Timer.JOIN_RETRY | ev.Timer.REJOIN:
            return state, ()
        case ev.Timer.END_DEADLINE | ev.Timer.LEAVE_DEADLINE:
            return state, ()
        case _:
            assert_never(timer)


def _timer_in_rejoin(state: Rejoining, timer: ev.Timer) -> Step:
    talk, stage = state.talk, state.stage
    match timer:
        case ev.Timer.CLOCK_POLL:
            return state, moves.poll(talk)
        case ev.Timer.REJOIN if stage is RejoinStage.REPAIRING:
            return moves.try_again(talk, 0)
        case ev.Timer.REJOIN if stage is RejoinStage.WAITING:
            if talk.end in (EndProgress.SENDING, EndProgress.QUEUED):
                # Coming back would take the end back (the service ignores it then): the person
                # wants out unless they undo it.
                return state, (StartTimer(talk.attempt, timer, moves.REJOIN_WAITS_S[1]),)
            return Rejoining(talk, RejoinStage.ASKING, state.tries), (moves.fetch_ticket(talk),)
        case ev.Timer.JOIN_DEADLINE if stage is RejoinStage.OPENING:
            return moves.try_again(talk, state.tries + 1)
        case ev.Timer.REJOIN | ev.Timer.JOIN_DEADLINE | ev.Timer.JOIN_RETRY:
            return state, ()
        case ev.Timer.START_RETRY | ev.Timer.END_DEADLINE | ev.Timer.LEAVE_DEADLINE:
            return state, ()
        case _:
            assert_never(timer)
