"""Walking the machine through several events, for tests."""

from __future__ import annotations

from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.machine import step
from desktop.call.states import CallState
from tests.fakes.calls import setup

SETUP = setup()
FIRST = SETUP.attempt(1)
SECOND = SETUP.attempt(2)


def walk(state: CallState, *events: ev.CallEvent) -> tuple[CallState, list[fx.Effect]]:
    """Apply events one after the other; returns the last state and all effects."""
    done: list[fx.Effect] = []
    for event in events:
        state, effects = step(state, event)
        done += effects
    return state, done


def kinds(effects: list[fx.Effect] | tuple[fx.Effect, ...]) -> list[type[fx.Effect]]:
    return [type(effect) for effect in effects]
