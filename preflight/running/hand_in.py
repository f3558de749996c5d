"""Hands the report of a passing run in, once, and renews it when it has grown old."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ErrorCode, Refused
from client_api.wire import PreflightVerdict, Problem
from preflight.checks.account.bench import AccountBench
from preflight.memory.freshness import network_is_old
from preflight.model import CheckedAgain, Group
from preflight.running.run_ticket import RunTicket
from preflight.running.runner import PreflightRunner
from preflight.verdicts.gate import GATE_VERSION

RENEW_BEFORE_S = 60.0
"""A report that the service forgets within this time is renewed rather than used."""
_POLL_S = 0.05
_VOID_RUN = frozenset(
    {
        ErrorCode.PREFLIGHT_NONCE_USED,
        ErrorCode.PREFLIGHT_RUN_EXPIRED,
        ErrorCode.PREFLIGHT_RUN_NOT_FOUND,
    }
)

MakeReport = Callable[[str | None], Awaitable[dict[str, Any]]]


class PreflightNotPassed(Exception):
    """There is no passing run to hand in; ``blocking`` are the codes in the way."""

    def __init__(self, blocking: tuple[str, ...]) -> None:
        super().__init__(", ".join(blocking) or "not decided yet")
        self.blocking = blocking


class HandIn:
    """Keeps the service's verdict for as long as it counts.

    Args:
        make_report: makes the redacted report for a nonce.
        account: is told why the service refuses a report (A07), and that it took one.
    """

    def __init__(
        self,
        api: ServiceApi,
        ticket: RunTicket,
        clock: Clock,
        runner: PreflightRunner,
        make_report: MakeReport,
        account: AccountBench,
    ) -> None:
        self._account = account
        self._api = api
        self._ticket = ticket
        self._clock = clock
        self._runner = runner
        self._make_report = make_report
        self._one_at_a_time = asyncio.Lock()
        self._verdict: PreflightVerdict | None = None
        self._verdict_ns = 0
        self._forgotten = 0

    @property
    def verdict(self) -> PreflightVerdict | None:
        """The last verdict, fresh or not."""
        return self._verdict

    def forget_verdict(self) -> None:
        """Something is checked again: the next one who asks hands in anew.

        An answer that is on its way is about what was, and counts no more either.
        """
        self._verdict = None
        self._forgotten += 1

    async def passed_report(self) -> PreflightVerdict:
        """Return the fresh verdict, or hand in and return the new one.

        Raises:
            PreflightNotPassed: something is in the way.
            ClientError: the service refused the report or cannot be reached.
        """
        async with self._one_at_a_time:
            if self._verdict is not None and self._is_fresh(self._verdict):
                return self._verdict
            try:
                return await self._hand_in()
            except Refused as refused:
                self._account.report_refused = refused.code.value
                if refused.code not in _VOID_RUN:
                    raise
                self._ticket.forget()
                return await self._hand_in()

    def _is_fresh(self, verdict: PreflightVerdict) -> bool:
        age_s = (self._clock.monotonic_ns() - self._verdict_ns) / 1e9
        still_passes = verdict.passed and self._runner.progress.gate.passed
        return still_passes and age_s < verdict.valid_for_s - RENEW_BEFORE_S

    async def _hand_in(self) -> PreflightVerdict:
        run = self._ticket.run
        progress = self._runner.progress
        is_old = network_is_old(progress.checks, self._runner.elapsed_ms)
        if run is None or run is not self._ticket.shown or (progress.gate.passed and is_old):
            # A new nonce needs a new probe room, and the service wants to see us in it.
            too_old = is_old or (self._verdict is not None and self._verdict.passed)
            why = CheckedAgain.REPORT_OLD if too_old else CheckedAgain.REPORT_NEW
            self._runner.restart(Group.NETWORK, why)
        while not self._runner.progress.gate.decided:
            await self._clock.sleep(_POLL_S)
        gate = self._runner.progress.gate
        run = self._ticket.run
        if not gate.passed or run is None or run.run_id is None:
            raise PreflightNotPassed(gate.blocking)
        forgotten = self._forgotten
        report = await self._make_report(run.nonce)
        if self._verdict is not None and self._verdict.passed:
            report = self._delta(report, self._verdict)
        verdict = await self._api.submit_report(run.run_id, report)
        self._ticket.forget()
        if forgotten != self._forgotten:
            return await self._hand_in()
        if not verdict.passed and run.gate_version != GATE_VERSION:
            raise _outdated(verdict)
        self._account.report_refused = None
        self._verdict, self._verdict_ns = verdict, self._clock.monotonic_ns()
        return verdict

    def _delta(self, report: dict[str, Any], earlier: PreflightVerdict) -> dict[str, Any]:
        """Leave out what the service has: advice that was not measured again since."""
        since_ms = (self._clock.monotonic_ns() - self._verdict_ns) / 1e6
        checks = [
            check
            for check in report["checks"]
            if check["gating"] or (check["age_ms"] is not None and check["age_ms"] < since_ms)
        ]
        return {**report, "renews": earlier.report_id, "checks": checks}


def _outdated(verdict: PreflightVerdict) -> Refused:
    """Everything passes by our gate and something fails by the service's: they are not the same.

    Where both agree on the verdict another version is of no account. Here the person sees nothing
    to put right, and only another version of this program would show it.
    """
    return Refused(
        Problem(
            code=ErrorCode.HOST_OUTDATED,
            title="the service judges by another gate",
            status=426,
            blocking=verdict.blocking,
        )
    )
