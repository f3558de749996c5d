"""The groups of the preflight page: which check speaks, and what can be done. Pure.

The gating groups always have a row; another one has a row while it has something to advise.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoices
from desktop.viewmodels.preflight_fixes import (
    ASKED,
    NO_FIX,
    Choose,
    Fix,
    SettingsOf,
    fix_of,
)
from desktop.viewmodels.preflight_state import GroupRow
from preflight.model import GATING_GROUPS, CheckResult, CheckState, Group, RunProgress
from preflight.support.verdict import BEHIND_A_LOGIN, LOGIN_PAGE, NOT_SIGNED_IN

LOSS = "media.loss"


@dataclass(frozen=True, slots=True)
class RowCommands:
    """What can be done about a group.

    Attributes:
        retry: check a whole group again.
        again: measure one check again.
        choose: use another device.
        settings_of: what opens a page of the system; None where it has none.
    """

    retry: Callable[[Group], object]
    again: Callable[[str], object]
    choose: Choose
    settings_of: SettingsOf


def group_rows(
    progress: RunProgress, devices: DeviceChoices, commands: RowCommands
) -> tuple[GroupRow, ...]:
    """Return the rows, with their commands while something is wrong."""
    rows = [_row(group, progress, devices, commands) for group in Group]
    return tuple(row for row in rows if row.group in GATING_GROUPS or row.speaks is not None)


def fixes(
    progress: RunProgress, devices: DeviceChoices, commands: RowCommands
) -> Mapping[str, Fix]:
    """Return what a program can do about each check that is not well, by code."""
    bad = (CheckState.WARNED, CheckState.FAILED)
    found = {
        check.code: fix_of(check.group, check, devices, commands.choose, commands.settings_of)
        for check in progress.checks
        if check.state in bad
    }
    return {code: fix for code, fix in found.items() if fix != NO_FIX}


def reused_ages_s(checks: Iterable[CheckResult], elapsed_ms: float) -> Mapping[str, int]:
    """Return how old figures of an earlier run are that stand for a check, by code.

    Whole minutes from one on, tens of seconds below: a page need not be drawn anew for less.
    """
    ages = {
        check.code: round((elapsed_ms - check.as_of_ms) / 1000)
        for check in checks
        if check.as_of_ms is not None and check.as_of_ms < 0 and check.state.final
    }
    return {code: age - age % (60 if age >= 60 else 10) for code, age in ages.items()}


def _row(
    group: Group, progress: RunProgress, devices: DeviceChoices, commands: RowCommands
) -> GroupRow:
    results = tuple(check for check in progress.checks if check.group is group)
    shown = results
    if group is Group.NETWORK:
        # Whoever looks at their network wants all three: round trip, jitter and loss.
        shown += tuple(check for check in progress.checks if check.code == LOSS)
    gates = group in GATING_GROUPS
    state = progress.gate.groups.get(group, CheckState.PENDING if gates else CheckState.PASSED)
    if state is CheckState.SKIPPED:
        state = _without_account(results)
    failed = state is CheckState.FAILED
    speaks = _speaking(results)
    if speaks is not None and not speaks.gating:
        # Advice never holds Join back, and while the gate is at work it would only be in the way.
        if state in (CheckState.PASSED, CheckState.WARNED):
            state = CheckState.WARNED
        elif not (failed and speaks.code == LOGIN_PAGE):
            speaks = None
    advised = speaks is not None and not speaks.gating
    fix = NO_FIX
    if failed or advised:
        fix = fix_of(group, speaks, devices, commands.choose, commands.settings_of)
    return GroupRow(
        group=group,
        state=state,
        speaks=speaks,
        results=shown,
        retry=_retry(group, speaks, commands, failed=failed, advised=advised),
        fix=fix,
    )


def _without_account(results: tuple[CheckResult, ...]) -> CheckState:
    """Return the state of what needs no account, where nothing else was left out."""
    looked = [each for each in results if each.gating and each.reason != NOT_SIGNED_IN]
    states = {each.state for each in looked}
    for state in (CheckState.SKIPPED, CheckState.UNKNOWN, CheckState.WARNED):
        if state in states:
            return state
    return CheckState.PASSED if looked else CheckState.SKIPPED


def _retry(
    group: Group,
    speaks: CheckResult | None,
    commands: RowCommands,
    *,
    failed: bool,
    advised: bool,
) -> Command | None:
    """A group that fails begins anew; of one that works, the one check that advises does."""
    if failed:
        return On(commands.retry, group)
    if advised and speaks is not None and speaks.code not in ASKED:
        return On(commands.again, speaks.code)
    return None


def _speaking(results: tuple[CheckResult, ...]) -> CheckResult | None:
    wrong = [
        result
        for gating in (True, False)
        for wanted in (CheckState.FAILED, CheckState.WARNED)
        for result in results
        if result.gating is gating and result.state is wanted
    ]
    if not wrong:
        return None
    if wrong[0].code in BEHIND_A_LOGIN:
        return next((one for one in wrong if one.code == LOGIN_PAGE), wrong[0])
    return wrong[0]
