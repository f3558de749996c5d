"""Words of the contract, those of a newer service included."""

from __future__ import annotations

import msgspec
import pytest

from client_api import terms
from client_api.terms import ClockState, Plan, Role, SessionEndReason, SessionStatus


@pytest.mark.parametrize("kind", [Plan, SessionStatus, SessionEndReason])
def test_a_word_of_a_newer_service_is_unknown(kind: type[Plan]) -> None:
    assert msgspec.json.decode(b'"from_the_future"', type=kind) is kind.UNKNOWN


@pytest.mark.parametrize("kind", [Role, ClockState])
def test_a_closed_set_stays_closed(kind: type[Role]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'"from_the_future"', type=kind)


def test_what_is_no_word_is_no_member() -> None:
    with pytest.raises(ValueError, match="7"):
        Plan(7)  # type: ignore[arg-type]  # a wrong type is the point


def test_a_live_session_is_not_over() -> None:
    assert SessionStatus.LIVE not in terms.OVER_STATUSES
    assert SessionStatus.UNKNOWN not in terms.OVER_STATUSES
