"""The page without a session: a verdict of its own, and what support is told."""

from dataclasses import replace

import pytest

from client_api.tasks import spawn
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import Heading
from desktop.viewmodels.support_panel import SupportPanel
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.support.verdict import NOT_SIGNED_IN, ExitCode
from preflight.verdicts.gate import GATING, decide
from tests.fakes.preflight_desk import FakePreflightDesk
from tests.fakes.support_desk import FakeSupportDesk, no_answer, no_path

SKIPPED = ("net.signal", "net.room")


def run(*more: CheckResult, fraction: float = 1.0, **states: CheckState) -> RunProgress:
    """A diagnosis without an account; ``C07=...`` gives a check another state."""
    checks = tuple(
        CheckResult(row.code, row.no, row.group, CheckState.SKIPPED, NOT_SIGNED_IN)
        if row.code in SKIPPED
        else CheckResult(row.code, row.no, row.group, states.get(row.no, CheckState.PASSED))
        for row in GATING
    )
    return RunProgress((*checks, *more), decide(checks), fraction, finished=fraction >= 1.0)


@pytest.fixture
def page() -> PreflightPage:
    desk = FakePreflightDesk()
    support = SupportPanel(
        FakeSupportDesk(), ask_path=no_path, ask_parcel=no_answer, copy=str, spawn=spawn
    )
    made = PreflightPage(
        session=None,
        desk=desk,
        preview=PictureMailbox(),
        spawn=spawn,
        on_join=lambda _: None,
        on_leave=lambda: None,
        support=support,
    )
    made.start()
    return made


def say(page: PreflightPage, progress: RunProgress) -> None:
    desk = page._desk
    assert isinstance(desk, FakePreflightDesk)
    desk.say(progress)


def test_what_needs_an_account_is_no_fault_and_no_readiness(page: PreflightPage) -> None:
    say(page, run())

    state = page.state.value
    assert state.diagnosis is not None
    assert (state.diagnosis.code, state.diagnosis.out_of_scope) == (ExitCode.PASSED, SKIPPED)
    assert state.heading is Heading.NOTHING_WRONG
    network = next(row for row in state.groups if row.group is Group.NETWORK)
    assert network.state is CheckState.PASSED
    assert state.passed_count == len(GATING) - len(SKIPPED)


def test_a_warning_of_what_was_looked_at_is_the_groups(page: PreflightPage) -> None:
    say(page, run(N03=CheckState.WARNED))

    network = next(row for row in page.state.value.groups if row.group is Group.NETWORK)
    assert network.state is CheckState.WARNED


def test_support_is_told_the_numbers_once_there_is_a_verdict(page: PreflightPage) -> None:
    assert page.support is not None
    say(page, run(fraction=0.5))
    before = page.support.state.value
    say(page, run(C07=CheckState.FAILED, N03=CheckState.FAILED))
    after = page.support.state.value

    assert (before.send, before.numbers) == (None, ())
    assert after.numbers == ("C07", "N03")
    assert after.send is not None
    assert page.state.value.heading is Heading.FIX


def test_advice_is_told_where_nothing_blocks(page: PreflightPage) -> None:
    assert page.support is not None
    low = CheckResult("camera.low_light", "C11", Group.CAMERA, CheckState.FAILED, gating=False)

    say(page, run(low))

    assert page.support.state.value.numbers == ("C11",)
    assert page.state.value.heading is Heading.ADVISED


def test_what_was_not_decided_is_neither(page: PreflightPage) -> None:
    progress = run(M06=CheckState.UNKNOWN)

    say(page, replace(progress))

    state = page.state.value
    assert state.diagnosis is not None
    assert state.diagnosis.code is ExitCode.UNDECIDED
    assert state.heading is Heading.UNDECIDED


def test_a_page_that_is_left_offers_support_nothing_new(page: PreflightPage) -> None:
    assert page.support is not None
    page.close()

    say(page, run())

    assert page.support.state.value.send is None
