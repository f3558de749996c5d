"""Support finds a report by its code, and sees it beside that machine's earlier runs."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from client_api.errors import ErrorCode, UnreachableReason
from client_api.tasks import spawn
from client_api.wire import FoundReport, Role
from desktop.viewmodels.find_report_page import FindPhase, FindReportPage
from desktop.viewmodels.shell import Page, Shell
from desktop.viewmodels.trouble import Trouble
from preflight.support.verdict import ExitCode
from tests.fakes.clock import settle
from tests.fakes.contract import fixture, response
from tests.fakes.service import FakeService, refusal, unreachable
from tests.fakes.wire_samples import sample_me

CODE = "7K3M-Q2XZ"


def found(report: dict[str, Any] | None = None, **changes: Any) -> FoundReport:
    """The contract's answer with the contract's report."""
    answer = msgspec.convert(response("diagnostic_found"), FoundReport)
    whole = report if report is not None else fixture("report")["report"]
    return msgspec.structs.replace(answer, report=whole, **changes)


def signed_in() -> Shell:
    shell = Shell()
    shell.enter(msgspec.structs.replace(sample_me(), roles=(Role.SUPPORT,)), Role.CUSTOMER)
    return shell


def page(service: FakeService) -> FindReportPage:
    return FindReportPage(service, signed_in(), spawn=spawn)


async def test_a_code_brings_the_report() -> None:
    service = FakeService()
    service.found[CODE] = found(passed=True, blocking=())
    made = page(service)

    made.find(f"  {CODE} ")
    assert made.state.value.phase is FindPhase.LOADING
    await settle()

    state = made.state.value
    assert state.phase is FindPhase.READY
    assert state.shown is not None
    assert (state.shown.code, state.shown.from_session) == (CODE, False)
    assert state.shown.verdict.code is ExitCode.PASSED


async def test_figures_stand_beside_earlier_runs() -> None:
    report = fixture("report")["report"]
    slow = next(row for row in report["checks"] if row["code"] == "net.rtt_high")
    slow["measured"]["rtt_median_ms"] = 234.0
    service = FakeService()
    service.found[CODE] = found(report)
    made = page(service)

    made.find(CODE)
    await settle()

    shown = made.state.value.shown
    assert shown is not None
    by_name = {one.name: one for one in shown.compared}
    assert by_name["rtt_median_ms"].percent == 900
    assert [one.name for one in shown.telling] == ["rtt_median_ms"]
    (earlier,) = shown.earlier
    assert (earlier.code, earlier.passed) == ("4QWN-80TJ", True)


async def test_an_earlier_run_opens_under_its_own_code() -> None:
    service = FakeService()
    service.found[CODE] = found()
    service.found["4QWN-80TJ"] = found(code="4QWN-80TJ", earlier=())
    made = page(service)
    made.find(CODE)
    await settle()
    assert made.state.value.shown is not None
    (earlier,) = made.state.value.shown.earlier
    assert earlier.open is not None

    earlier.open()
    await settle()

    assert made.state.value.shown is not None
    assert made.state.value.shown.code == "4QWN-80TJ"


@pytest.mark.parametrize(
    ("code", "status"),
    [(ErrorCode.DIAGNOSTIC_CODE_WRONG, 422), (ErrorCode.DIAGNOSTIC_NOT_FOUND, 404)],
)
async def test_a_slip_and_a_missing_report_are_told_apart_at_the_field(
    code: ErrorCode, status: int
) -> None:
    service = FakeService()
    service.fail_next("find_report", refusal(code, status))
    made = page(service)

    made.find("7K3M-Q2X1")
    await settle()

    state = made.state.value
    assert state.code_trouble == Trouble(code)
    assert (state.phase, state.trouble) == (FindPhase.IDLE, None)


async def test_a_service_that_is_down_can_be_asked_again() -> None:
    service = FakeService()
    service.found[CODE] = found()
    service.fail_next("find_report", unreachable())
    made = page(service)
    made.find(CODE)
    await settle()
    failed = made.state.value
    assert (failed.phase, failed.trouble) == (
        FindPhase.FAILED,
        Trouble(UnreachableReason.NO_CONNECTION),
    )

    assert failed.retry is not None
    failed.retry()
    await settle()

    assert made.state.value.phase is FindPhase.READY


async def test_an_empty_field_asks_nobody() -> None:
    service = FakeService()
    made = page(service)

    made.find("   ")
    await settle()

    assert made.state.value.is_empty
    assert service.calls == []


async def test_a_sign_in_that_is_over_leads_to_the_sign_in_page() -> None:
    service = FakeService()
    service.fail_next("find_report", refusal(ErrorCode.AUTH_EXPIRED, 401))
    shell = signed_in()
    made = FindReportPage(service, shell, spawn=spawn)

    made.find(CODE)
    await settle()

    assert shell.state.value.page is Page.SIGN_IN


async def test_whatever_was_sent_something_is_shown() -> None:
    service = FakeService()
    service.found[CODE] = found({"checks": "none", "samples": [1], "devices": 5})
    made = page(service)

    made.find(CODE)
    await settle()

    shown = made.state.value.shown
    assert shown is not None
    assert shown.report.checks == ()
    assert shown.compared == ()
    assert shown.verdict.code is ExitCode.UNDECIDED, "who looked at nothing found nothing wrong"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"passed": True, "blocking": ()}, ExitCode.PASSED),
        ({"passed": False, "blocking": ("net.rtt_high",)}, ExitCode.UNDECIDED),
        ({"passed": False, "blocking": ()}, ExitCode.UNDECIDED),
        ({"passed": False, "blocking": ("net.rtt_high",), "kind": "preflight"}, ExitCode.PASSED),
    ],
    ids=["agrees", "blocked", "not passed", "the service judged"],
)
async def test_a_report_that_contradicts_itself_is_not_decided(
    changes: dict[str, Any], code: ExitCode
) -> None:
    """All states pass; whether the sender's own gate did is another thing."""
    service = FakeService()
    service.found[CODE] = found(**changes)
    made = page(service)

    made.find(CODE)
    await settle()

    assert made.state.value.shown is not None
    assert made.state.value.shown.verdict.code is code


async def test_without_an_account_a_gate_that_cannot_pass_contradicts_nothing() -> None:
    report = fixture("report")["report"]
    left_out = [row for row in report["checks"] if row["code"] in ("net.signal", "net.room")]
    for row in left_out:
        row.update(state="skipped", reason="not_signed_in")
    service = FakeService()
    service.found[CODE] = found(report, passed=False, blocking=("net.signal", "net.room"))
    made = page(service)

    made.find(CODE)
    await settle()

    assert made.state.value.shown is not None
    assert made.state.value.shown.verdict.code is ExitCode.PASSED


# --- the way there ------------------------------------------------------------------------------


def test_support_lands_on_the_page_and_goes_nowhere_else() -> None:
    shell = signed_in()

    state = shell.state.value
    assert (state.page, state.role) == (Page.FIND_REPORT, Role.SUPPORT)
    assert state.go_reports is not None
    assert (state.go_dashboard, state.go_history, state.go_earnings) == (None, None, None)
    for go in (shell.go_history, shell.go_earnings, shell.go_intake, shell.back):
        go()
        assert shell.state.value.page is Page.FIND_REPORT
    shell.go_diagnostics()
    assert shell.state.value.page is Page.DIAGNOSTICS


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MECHANIC])
def test_others_never_see_it(role: Role) -> None:
    shell = Shell()
    shell.enter(sample_me(), role)

    assert shell.state.value.page is Page.DASHBOARD
    assert shell.state.value.go_reports is None
    assert replace(shell.state.value).role is role
