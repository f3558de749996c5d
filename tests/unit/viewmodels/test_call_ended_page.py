"""A call that ended otherwise always leaves a way on."""

import pytest

from client_api.errors import ErrorCode
from client_api.wire import Me, Role, SessionId
from desktop.call.states import EndReason
from desktop.viewmodels.call_ended_page import FOR_GOOD, CallEndedPage
from desktop.viewmodels.shell import CallEnd, Page, Shell
from tests.fakes.wire_samples import sample_me

SESSION = SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")


def signed_in() -> Shell:
    shell = Shell()
    me: Me = sample_me()
    shell.enter(me, Role.CUSTOMER)
    return shell


@pytest.mark.parametrize("reason", list(EndReason))
def test_every_end_leads_back_to_the_dashboard(reason: EndReason) -> None:
    shell = signed_in()
    page = CallEndedPage(shell, SESSION, CallEnd(reason))

    page.state.value.back()

    assert shell.state.value.page is Page.DASHBOARD


@pytest.mark.parametrize("reason", [reason for reason in EndReason if reason not in FOR_GOOD])
def test_an_end_that_may_pass_offers_to_join_again(reason: EndReason) -> None:
    shell = signed_in()
    page = CallEndedPage(shell, SESSION, CallEnd(reason))
    again = page.state.value.again

    assert again is not None
    again()

    assert shell.state.value.page is Page.PREFLIGHT
    assert shell.state.value.session == SESSION


@pytest.mark.parametrize("reason", [reason for reason in EndReason if reason in FOR_GOOD])
def test_an_end_for_good_does_not_offer_it(reason: EndReason) -> None:
    page = CallEndedPage(signed_in(), SESSION, CallEnd(reason))

    assert page.state.value.again is None


def test_a_refusal_keeps_its_code_for_support_and_an_unknown_one_is_not_shown() -> None:
    shell = signed_in()
    refused = CallEnd(EndReason.SERVICE_REFUSED, ErrorCode.SESSION_NOT_PARTICIPANT)
    unknown = CallEnd(EndReason.SERVICE_REFUSED, ErrorCode.UNKNOWN)

    assert CallEndedPage(shell, SESSION, refused).state.value.code is (
        ErrorCode.SESSION_NOT_PARTICIPANT
    )
    assert CallEndedPage(shell, SESSION, unknown).state.value.code is None
