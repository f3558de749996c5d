"""The gate over what was asked for, as an exit code and a last line. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum

from preflight.model import GATING_GROUPS, CheckResult, CheckState, RunProgress
from preflight.support.scope import in_short
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.gate import GATING, decide

NOT_SIGNED_IN = "not_signed_in"
LOGIN_PAGE = "net.captive_portal"
BEHIND_A_LOGIN = ("net.unreachable", "net.health", "net.signal", "net.room")
"""What fails for as long as a network wants a login first: only that can be mended."""
_NEEDS = "needs:"


class ExitCode(IntEnum):
    """How a diagnosis ended, for whoever reads ``$?``."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    UNDECIDED = 3
    INTERNAL = 4
    ADVISED = 5
    """Only where it was asked for: the gate passes, but an advisory check warned or failed."""
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate over the checks in scope.

    Attributes:
        blocking: codes that failed.
        undecided: codes in scope without a verdict.
        out_of_scope: codes nobody asked for, or that need an account.
        advised: advisory codes that warned or failed.
    """

    code: ExitCode
    blocking: tuple[str, ...]
    undecided: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    advised: tuple[str, ...] = ()

    @property
    def of_advice_alone(self) -> bool:
        """Whether nothing that Join waits for was looked at."""
        return len(self.out_of_scope) == len(GATING)


def judge_scope(
    progress: RunProgress, only: Collection[str] | None, *, strict: bool = False
) -> Verdict:
    """Judge the checks that were asked for, less those that need an account.

    Args:
        strict: whether advice that is not followed counts as well.
    """
    results = {result.code: result for result in progress.checks}
    blocking, undecided, outside = [], [], []
    for row in GATING:
        result = results.get(row.code)
        asked = only is None or row.code in only
        if not asked or (result is not None and result.reason == NOT_SIGNED_IN):
            outside.append(row.code)
        elif result is None or not result.state.final or result.state is CheckState.UNKNOWN:
            undecided.append(row.code)
        elif result.state is CheckState.SKIPPED:
            root = (result.reason or "").removeprefix(_NEEDS)
            failed = root in results and results[root].state is CheckState.FAILED
            if failed and root not in blocking:
                blocking.append(root)
            elif not failed:
                undecided.append(row.code)
        elif result.state is CheckState.FAILED and row.code not in blocking:
            blocking.append(row.code)
    advised = _advised(asked_for(progress, only).checks)
    # What something asked for needs was not asked for itself, and decides all the same.
    outside = [code for code in outside if code not in blocking]
    code = ExitCode.PASSED
    if blocking:
        code = ExitCode.FAILED
    elif undecided:
        code = ExitCode.UNDECIDED
    elif strict and advised:
        code = ExitCode.ADVISED
    return Verdict(code, tuple(blocking), tuple(undecided), tuple(outside), advised)


def asked_for(progress: RunProgress, only: Collection[str] | None) -> RunProgress:
    """Leave out what ran only because something asked for needs it.

    It stays where it keeps a gating check that was asked for from its verdict.
    """
    if only is None:
        return progress
    wanted = {
        (check.reason or "").removeprefix(_NEEDS)
        for check in progress.checks
        if check.code in only and check.gating and (check.reason or "").startswith(_NEEDS)
    }
    wanted.update(only)
    return replace(
        progress, checks=tuple(check for check in progress.checks if check.code in wanted)
    )


def _advised(checks: Collection[CheckResult]) -> tuple[str, ...]:
    bad = (CheckState.WARNED, CheckState.FAILED)
    return tuple(each.code for each in checks if not each.gating and each.state in bad)


def judge_checks(checks: Collection[CheckResult]) -> Verdict:
    """Judge the checks of a report by themselves: what is not among them was not asked for.

    Where no gating one is among them nothing was looked at that could tell, so nothing is decided.
    """
    gating = tuple(row.code for row in GATING)
    if not any(check.code in gating for check in checks):
        return Verdict(ExitCode.UNDECIDED, (), gating, (), _advised(checks))
    progress = RunProgress(tuple(checks), decide(checks), 1.0, finished=True)
    return judge_scope(progress, {check.code for check in checks})


def spoken_numbers(verdict: Verdict) -> tuple[str, ...]:
    """Return what to read out over the phone: the numbers of what blocks, else of the advice.

    A login page comes before what it blocks, as on the page.
    """
    codes = verdict.blocking or verdict.advised
    if LOGIN_PAGE in verdict.advised and any(code in BEHIND_A_LOGIN for code in verdict.blocking):
        codes = (LOGIN_PAGE, *verdict.blocking)
    return tuple(BY_CODE[code].no for code in codes if code in BY_CODE)


def describe(verdict: Verdict) -> str:
    """Return the last line: the verdict, its codes, and what was not judged."""
    if verdict.of_advice_alone:
        advice = f", advice: {', '.join(verdict.advised)}" if verdict.advised else ""
        return f"nothing that Join waits for was looked at{advice}"
    match verdict.code:
        case ExitCode.PASSED:
            words = "gate passes"
        case ExitCode.ADVISED:
            words = "gate passes, with advice: " + ", ".join(verdict.advised)
        case ExitCode.FAILED:
            words = "gate fails: " + ", ".join(verdict.blocking)
        case _:
            words = "gate not decided: " + in_short(verdict.undecided, GATING_GROUPS)
    if verdict.out_of_scope:
        words += f" (out of scope: {in_short(verdict.out_of_scope, GATING_GROUPS)})"
    return words
