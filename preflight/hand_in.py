"""Hands the report of a passing run in, once, and renews it when it has grown old."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ErrorCode, Refused
from client_api.wire import PreflightVerdict, ProbeRoom
from preflight.model import CheckedAgain, Group
from preflight.run_ticket import RunTicket
from preflight.runner import PreflightRunner

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
    """

    def __init__(
        self,
        api: ServiceApi,
        ticket: RunTicket,
        clock: Clock,
        runner: PreflightRunner,
        make_report: MakeReport,
    ) -> None:
        self._api = api
        self._ticket = ticket
        self._clock = clock
        self._runner = runner
        self._make_report = make_report
        self._one_at_a_time = asyncio.Lock()
        self._verdict: PreflightVerdict | None = None
        self._verdict_ns = 0

    @property
    def verdict(self) -> PreflightVerdict | None:
        """The last verdict, fresh or not."""
        return self._verdict

    @property
    def room(self) -> ProbeRoom | None:
        """The probe room that was given out last."""
        run = self._ticket.shown
        return None if run is None else run.probe

    def forget_verdict(self) -> None:
        """Something is checked again: the next one who asks hands in anew."""
        self._verdict = None

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
        if run is None or run is not self._ticket.shown:
            # A new nonce needs a new probe room, and the service wants to see us in it.
            too_old = self._verdict is not None and self._verdict.passed
            why = CheckedAgain.REPORT_OLD if too_old else CheckedAgain.REPORT_NEW
            self._runner.restart(Group.NETWORK, why)
        while not self._runner.progress.gate.decided:
            await self._clock.sleep(_POLL_S)
        gate = self._runner.progress.gate
        run = self._ticket.run
        if not gate.passed or run is None or run.run_id is None:
            raise PreflightNotPassed(gate.blocking)
        report = await self._make_report(run.nonce)
        verdict = await self._api.submit_report(run.run_id, report)
        self._ticket.forget()
        self._verdict, self._verdict_ns = verdict, self._clock.monotonic_ns()
        return verdict
