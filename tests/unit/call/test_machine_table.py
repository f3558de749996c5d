"""Every state meets every event, and walks of chance meet the rules that always hold."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.machine import attempt_of, step
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
    Rejoining,
)
from desktop.call.talk_facts import wish_of
from tests.fakes.calls import events, setup, states

STATES = states()
FIRST = setup().attempt(1)
STALE = setup().attempt(7)

# From where to where a single event may lead; Ended and Idle begin anew only by a wish to join.
MAY_LEAD_TO: dict[type[CallState], set[type[CallState]]] = {
    Idle: {Idle, FetchingToken},
    FetchingToken: {FetchingToken, Joining, Ended},
    Joining: {Joining, FetchingToken, InCall, Leaving},
    InCall: {InCall, Rejoining, Leaving},
    Rejoining: {Rejoining, InCall, Leaving},
    Leaving: {Leaving, Ended},
    Ended: {Ended, FetchingToken},
}


def test_the_examples_hold_one_of_every_event() -> None:
    """Else the table below would be silent about a new event."""
    shown = {type(event) for event in events(FIRST)}

    assert shown == set(get_args(ev.CallEvent))


def test_the_examples_hold_every_state() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(CallState))


@pytest.mark.parametrize("name", STATES)
def test_a_state_answers_every_event_within_its_ways(name: str) -> None:
    state = STATES[name]

    for event in events(FIRST):
        after, effects = step(state, event)

        assert type(after) in MAY_LEAD_TO[type(state)], event
        _check(state, event, after, effects)


@pytest.mark.parametrize("name", STATES)
def test_what_belongs_to_another_attempt_changes_nothing(name: str) -> None:
    state = STATES[name]

    for event in events(STALE):
        if not hasattr(event, "attempt") or isinstance(event, _SESSION_ANSWERS):
            continue
        after, effects = step(state, event)

        assert after is state, event
        late = isinstance(event, ev.RoomJoined)
        assert effects == ((fx.LeaveRoom(STALE),) if late else ()), event


@pytest.mark.parametrize("name", [name for name in STATES if name.startswith("ended")])
def test_after_the_end_nothing_is_done_but_closing_late_rooms(name: str) -> None:
    for event in events(FIRST):
        after, effects = step(STATES[name], event)

        if isinstance(event, ev.JoinRequested):
            assert isinstance(after, FetchingToken)
        elif isinstance(event, ev.RoomJoined):
            assert effects == (fx.LeaveRoom(FIRST),)
        else:
            assert after is STATES[name]
            assert effects == ()


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3)), max_size=60),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_no_walk_breaks_what_always_holds(walk: list[tuple[int, int]], muted: bool) -> None:
    wishes = MediaWishes(microphone_on=not muted)
    state: CallState = Idle()
    state, _ = step(state, ev.JoinRequested(replace(setup(), wishes=wishes)))

    for choice, staleness in walk:
        present = attempt_of(state)
        attempt = STALE if staleness == 0 or present is None else present
        candidates = events(attempt)
        event = candidates[choice % len(candidates)]
        before, (state, effects) = state, step(state, event)
        _check(before, event, state, effects)


def _check(
    before: CallState,
    event: ev.CallEvent,
    after: CallState,
    effects: tuple[fx.Effect, ...],
) -> None:
    joins = [effect for effect in effects if isinstance(effect, fx.JoinRoom)]
    sends = [effect for effect in effects if isinstance(effect, fx.SendTrack)]
    starts = [effect for effect in effects if isinstance(effect, fx.StartSession)]

    # Nobody is unmuted but by a wish of their own.
    for sent in sends:
        assert isinstance(after, InCall | Rejoining | Joining | FetchingToken), event
        assert sent.is_on is wish_of(after.talk.wishes, sent.kind), event
    for join in joins:
        assert isinstance(after, Joining | Rejoining)
        assert join.wishes == after.talk.wishes == after.talk.asked, event
    if (
        not isinstance(
            event,
            ev.MicrophoneWished | ev.JoinRequested,
        )
        and isinstance(before, InCall | Rejoining)
        and isinstance(after, InCall | Rejoining)
    ):
        assert after.talk.wishes.microphone_on is before.talk.wishes.microphone_on, event
    # A peer that goes never ends anything.
    if isinstance(event, ev.PeerLeft):
        assert type(after) is type(before)
    # One room at a time, one start at a time, and only while somebody is there to talk to.
    assert len(joins) <= 1
    assert len(starts) <= 1
    if starts:
        assert isinstance(after, InCall)
        assert after.talk.peer.in_room
    # A call that is over has no timers and reads no stream.
    if isinstance(after, Ended) and not isinstance(before, Ended):
        assert fx.StopTimers() in effects
        assert fx.CloseStream() in effects
    # Whoever leaves leaves a room; whoever begins anew has a new attempt.
    if isinstance(after, Leaving) and not isinstance(before, Leaving):
        leaves = any(isinstance(effect, fx.LeaveRoom) for effect in effects)
        ends = any(isinstance(effect, fx.SendEnd) for effect in effects)
        assert leaves or ends, event
    if isinstance(before, InCall | Rejoining) and isinstance(after, Rejoining) and joins:
        assert joins[0].attempt == after.talk.attempt


_SESSION_ANSWERS = (
    ev.StartAnswered,
    ev.ClockRead,
    ev.ClockFailed,
    ev.EndQueued,
    ev.EndAnswered,
    ev.EndFailed,
    ev.EndUndone,
)
"""Facts of the session, whichever stay asked for them."""
