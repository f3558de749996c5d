"""How long a side's own word counts, and what the media server's makes of it. Pure."""

from datetime import timedelta
from typing import Final

from liftbay_backend.domain.states import ReadinessState

LAPSES_AFTER: Final = timedelta(seconds=90)
"""Somebody who is there says so every 30 s: three are missed before they are gone."""


def state_after_look(said: ReadinessState, *, is_present: bool) -> ReadinessState:
    """Return how far a side is once the media server saw it come or go.

    Who comes is in the call. Who goes is not any more; but where they say something else
    meanwhile, they are at another device, or on the way back.
    """
    if is_present:
        return ReadinessState.IN_CALL
    return ReadinessState.ABSENT if said is ReadinessState.IN_CALL else said
