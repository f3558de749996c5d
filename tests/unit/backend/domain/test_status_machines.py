"""Both machines against the contract, over every pair of conditions."""

import itertools

import pytest

from liftbay_backend.domain import request_fsm, session_fsm
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_fsm import SessionStatus
from tests.fakes.contract import fixture

CONTRACT = fixture("status_machine")


@pytest.mark.parametrize(
    ("current", "requested"), list(itertools.product(SessionStatus, SessionStatus))
)
def test_a_session_moves_exactly_along_the_contract(
    current: SessionStatus, requested: SessionStatus
) -> None:
    wanted = current is requested or requested.value in CONTRACT["sessions"][current.value]

    assert session_fsm.is_allowed(current, requested) is wanted


@pytest.mark.parametrize(
    ("current", "requested"), list(itertools.product(RequestStatus, RequestStatus))
)
def test_a_request_moves_exactly_along_the_contract(
    current: RequestStatus, requested: RequestStatus
) -> None:
    wanted = current is requested or requested.value in CONTRACT["requests"][current.value]

    assert request_fsm.is_allowed(current, requested) is wanted


def test_both_machines_know_the_contracts_words_and_no_others() -> None:
    assert {one.value for one in SessionStatus} == set(CONTRACT["sessions"])
    assert {one.value for one in RequestStatus} == set(CONTRACT["requests"])
    assert session_fsm.INITIAL.value == CONTRACT["initial"]
    assert len(list(itertools.product(SessionStatus, SessionStatus))) == 144


def test_every_status_is_unstarted_live_or_ended() -> None:
    parts = [session_fsm.UNSTARTED, {SessionStatus.LIVE}, session_fsm.ENDED]

    assert sum(len(part) for part in parts) == len(SessionStatus)
    assert set().union(*parts) == set(SessionStatus)


def test_nothing_ended_can_be_joined() -> None:
    assert not session_fsm.JOINABLE & session_fsm.ENDED
    assert SessionStatus.PENDING not in session_fsm.JOINABLE
