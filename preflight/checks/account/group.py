"""The checks of account and session in the order of the catalogue."""

from collections.abc import Collection
from dataclasses import replace

from preflight.check import Check
from preflight.checks.account.bench import AccountBench
from preflight.checks.account.ended import session_ended
from preflight.checks.account.not_yours import session_not_yours
from preflight.checks.account.other_device import session_other_device
from preflight.checks.account.other_side import session_other_side
from preflight.checks.account.report_stale import session_report_stale
from preflight.checks.account.signed_in import account_signed_in
from preflight.checks.account.too_early import session_too_early
from preflight.checks.check_group import CheckGroup
from preflight.model import Group

SIDES_EVERY_S = 3.0
ASK_AGAIN_S = 5.0
"""A service that told nothing is asked again, at the network's own pace."""


def account_group(bench: AccountBench) -> CheckGroup:
    """Return the group of account and session."""
    checks: tuple[Check, ...] = (
        account_signed_in(bench),
        session_not_yours(bench),
        session_ended(bench),
        session_too_early(bench),
        session_other_device(bench),
        session_other_side(bench),
        session_report_stale(bench),
    )
    if not bench.has_session:
        # Each says for itself why it is not measured, rather than that another one was not.
        checks = tuple(replace(check, needs=()) for check in checks)

    def refreshed() -> tuple[Collection[str], float] | None:
        if bench.unanswered:
            return tuple(check.code for check in checks), ASK_AGAIN_S
        sides = ("session.other_device", "session.other_side")
        return (sides, SIDES_EVERY_S) if bench.has_session else None

    return CheckGroup(Group.ACCOUNT, checks, bench.begin, refreshed=refreshed)
