"""What a running call does about what it hears, in whichever state it is.

`hear` answers the person's wishes, the room's and the service's facts; `settle` draws the
conclusions that hold only inside the room: send what is wanted, start the session, tell that
both are there. Pure functions for `machine.step`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from client_api.errors import ErrorCode, ReportFault
from client_api.stream_events import SessionEnded, StatusChanged
from client_api.wire import (
    OVER_STATUSES,
    ClockState,
    Role,
    SessionClock,
    SessionEnd,
    SessionEndReason,
)
from desktop.call import events as ev
from desktop.call.effects import (
    AnnounceBothJoined,
    Effect,
    OpenStream,
    SendEnd,
    SendTrack,
    StartSession,
    StartTimer,
    UndoEnd,
    UseMedia,
)
from desktop.call.states import EndProgress, EndReason, Talk
from desktop.call.talk_facts import (
    ROOM_FACTS,
    WISHES,
    RoomFact,
    Wish,
    wish_of,
    with_clock,
    with_room_fact,
    with_session_event,
    with_time_left,
    with_wish,
)

START_RETRY_S = 1.0
START_RETRY_REFUSED_S = 5.0
MOST_REOPENS = 6
"""Refused streams in a row, one for each answered poll: half a minute."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call is to end."""

    reason: EndReason
    code: ErrorCode | None = None
    session_end: SessionEnd | None = None
    report_fault: ReportFault | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What hearing an event led to; with an ``outcome`` the call is over."""

    talk: Talk
    effects: tuple[Effect, ...] = ()
    outcome: Outcome | None = None


ServiceFact: TypeAlias = (
    ev.StartAnswered
    | ev.ClockRead
    | ev.ClockFailed
    | ev.SessionEventArrived
    | ev.SessionStreamFailed
    | ev.ClockTicked
)
EndFact: TypeAlias = (
    ev.UndoEndRequested | ev.EndQueued | ev.EndAnswered | ev.EndFailed | ev.EndUndone
)
_SERVICE_FACTS = (
    ev.StartAnswered,
    ev.ClockRead,
    ev.ClockFailed,
    ev.SessionEventArrived,
    ev.SessionStreamFailed,
    ev.ClockTicked,
)
_END_FACTS = (
    ev.UndoEndRequested,
    ev.EndQueued,
    ev.EndAnswered,
    ev.EndFailed,
    ev.EndUndone,
)
ALWAYS_HEARD = (*WISHES, *ROOM_FACTS, *_SERVICE_FACTS, *_END_FACTS)
"""Events with one meaning in every state between the first ticket and leaving."""


def hear(talk: Talk, event: Wish | RoomFact | ServiceFact | EndFact | ev.EndRequested) -> Heard:
    """Take an event over and say what follows from it alone."""
    if isinstance(event, WISHES):
        return Heard(with_wish(talk, event))
    if isinstance(event, ROOM_FACTS):
        told = with_room_fact(talk, event)
        return Heard(told, _correction(told, event))
    if isinstance(event, _SERVICE_FACTS):
        return _hear_service(talk, event)
    return _hear_end(talk, event)


def settle(talk: Talk) -> tuple[Talk, tuple[Effect, ...]]:
    """Draw the conclusions that hold inside the room. Settling twice does nothing more."""
    effects: list[Effect] = []
    for kind in ev.TrackKind:
        is_on = wish_of(talk.wishes, kind)
        if is_on is not wish_of(talk.asked, kind):
            effects.append(SendTrack(talk.attempt, kind, is_on))
    if effects:
        talk = replace(talk, asked=talk.wishes)
    if talk.given is not talk.setup.media:
        # Changed in the call, or while a room was being opened with the devices of before.
        talk = replace(talk, given=talk.setup.media)
        effects.append(UseMedia(talk.attempt, talk.setup.media))
    if talk.peer.in_room and not talk.is_started and not talk.start_asked:
        talk = replace(talk, start_asked=True)
        effects.append(StartSession(talk.setup.session, talk.attempt))
    if talk.peer.in_room and talk.is_started and not talk.both_announced:
        talk = replace(talk, both_announced=True)
        effects.append(AnnounceBothJoined())
    return talk, tuple(effects)


def resend_tracks(talk: Talk) -> tuple[Effect, ...]:
    """Tell the room all wishes again: nobody comes back unmuted."""
    kinds = [ev.TrackKind.MICROPHONE, ev.TrackKind.CAMERA]
    if talk.wishes.screen_on or talk.own.screen_on:
        kinds.append(ev.TrackKind.SCREEN)
    return tuple(SendTrack(talk.attempt, kind, wish_of(talk.wishes, kind)) for kind in kinds)


def after_start_failed(talk: Talk, failure: ev.Failure) -> Heard:
    """Ask again in a while, unless the session is over."""
    if failure.code is ErrorCode.SESSION_ENDED:
        return Heard(talk, outcome=Outcome(EndReason.SESSION_ENDED, failure.code))
    # The service sees the room a moment after we do: that refusal passes by itself.
    is_soon = (
        failure.fault is not ev.ServiceFault.REFUSED
        or failure.code is ErrorCode.SESSION_NOT_BOTH_PRESENT
    )
    wait_s = START_RETRY_S if is_soon else START_RETRY_REFUSED_S
    return Heard(talk, (StartTimer(talk.attempt, ev.Timer.START_RETRY, wait_s),))


def outcome_of_answer(event: ev.CallEvent) -> Outcome | None:
    """Return that the session is over, if ``event`` says so."""
    match event:
        case ev.EndAnswered(_, answer) if answer.end is not None:
            return Outcome(EndReason.SESSION_ENDED, session_end=answer.end)
        case ev.SessionEventArrived(SessionEnded() as ended):
            return Outcome(EndReason.SESSION_ENDED, session_end=ended.end)
        case ev.SessionEventArrived(StatusChanged() as changed) if changed.status in OVER_STATUSES:
            return Outcome(EndReason.SESSION_ENDED)
        case _:
            return None


def _correction(talk: Talk, fact: RoomFact) -> tuple[Effect, ...]:
    """Stop at once what is sent against the person's wish, whoever turned it on."""
    match fact:
        case ev.OwnMediaChanged(attempt, kind, True) if not wish_of(talk.wishes, kind):
            return (SendTrack(attempt, kind, False),)
        case _:
            return ()


def _hear_service(talk: Talk, event: ServiceFact) -> Heard:
    match event:
        case ev.ClockRead(_, clock):
            return _reopen_stream(_hear_clock(replace(talk, service_ok=True), clock))
        case ev.StartAnswered(_, clock):
            return _hear_clock(talk, clock)
        case ev.ClockFailed():
            return Heard(replace(talk, service_ok=False))
        case ev.SessionEventArrived(happened):
            told = with_session_event(replace(talk, stream_reopens=0), happened)
            return Heard(told, outcome=outcome_of_answer(event))
        case ev.ClockTicked(remaining_seconds):
            warned, warning = with_time_left(talk, remaining_seconds)
            return Heard(warned, () if warning is None else (warning,))
        case ev.SessionStreamFailed():
            # The poll goes on; once it is answered again, the events may be had again as well.
            return Heard(replace(talk, service_ok=False, stream_lost=True))
        case _:
            assert_never(event)


def _reopen_stream(heard: Heard) -> Heard:
    talk = heard.talk
    if heard.outcome is not None or not talk.stream_lost or talk.stream_reopens >= MOST_REOPENS:
        return heard
    reopened = replace(talk, stream_lost=False, stream_reopens=talk.stream_reopens + 1)
    return Heard(reopened, (*heard.effects, OpenStream(talk.setup.session)))


def _hear_clock(talk: Talk, clock: SessionClock) -> Heard:
    told = with_clock(talk, clock)
    if told.clock is clock and clock.state is ClockState.ENDED:
        return Heard(told, outcome=Outcome(EndReason.SESSION_ENDED))
    return Heard(told)


def _hear_end(talk: Talk, event: EndFact | ev.EndRequested) -> Heard:
    attempt = talk.joined or talk.attempt
    session = talk.setup.session
    match event:
        case ev.EndRequested() if talk.end in (EndProgress.NONE, EndProgress.FAILED):
            reason = (
                SessionEndReason.ENDED_BY_MECHANIC
                if talk.setup.role is Role.MECHANIC
                else SessionEndReason.ENDED_BY_CUSTOMER
            )
            effect = SendEnd(session, attempt, reason)
            return Heard(replace(talk, end=EndProgress.SENDING), (effect,))
        case ev.UndoEndRequested() if talk.end is EndProgress.QUEUED:
            return Heard(talk, (UndoEnd(session, attempt),))
        case ev.EndRequested() | ev.UndoEndRequested():
            return Heard(talk)
        case ev.EndQueued():
            return Heard(replace(talk, end=EndProgress.QUEUED))
        case ev.EndUndone(_, is_removed):
            progress = EndProgress.NONE if is_removed else EndProgress.SENDING
            return Heard(replace(talk, end=progress))
        case ev.EndFailed():
            return Heard(replace(talk, end=EndProgress.FAILED))
        case ev.EndAnswered():
            return Heard(replace(talk, end=EndProgress.NONE), outcome=outcome_of_answer(event))
        case _:
            assert_never(event)
