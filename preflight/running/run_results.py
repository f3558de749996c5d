"""The results of a run as they stand: kept, dated, and told whenever one changes. Pure."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from client_api.clock import Clock
from preflight.model import CheckedAgain, CheckResult, CheckState, Measured, RunProgress
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.gate import decide
from preflight.verdicts.rules import not_begun

Publish: TypeAlias = Callable[[RunProgress], None]


class RunResults:
    """One result for each code; times are milliseconds since `start`.

    Args:
        codes: the checks that are run.
        again: says why something is measured anew just now.
    """

    def __init__(
        self,
        codes: Iterable[str],
        clock: Clock,
        publish: Publish,
        again: Callable[[], CheckedAgain | None],
    ) -> None:
        wanted = set(codes)
        self._clock = clock
        self._publish = publish
        self._again = again
        self._started_ns = clock.monotonic_ns()
        self._by_code: dict[str, CheckResult] = {
            row.code: not_begun(row) for row in CATALOGUE if row.code in wanted
        }
        self._attempts = dict.fromkeys(self._by_code, 0)
        self._decided = asyncio.Event()
        self._finished = asyncio.Event()
        self.decided_ms: float | None = None
        """When all gating checks had a verdict for the first time."""

    def __getitem__(self, code: str) -> CheckResult:
        return self._by_code[code]

    def get(self, code: str) -> CheckResult | None:
        """Return a result; None for a check that is not run."""
        return self._by_code.get(code)

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        checks = tuple(self._by_code.values())
        ended = sum(check.state.final for check in checks)
        return RunProgress(
            checks=checks,
            gate=decide(checks),
            fraction=ended / len(checks) if checks else 1.0,
            finished=all(check.state.final for check in checks),
            again=self._again(),
        )

    def now_ms(self) -> float:
        """Return the time since the start."""
        return (self._clock.monotonic_ns() - self._started_ns) / 1e6

    def start(self) -> None:
        """Count time from now on."""
        self._started_ns = self._clock.monotonic_ns()

    def make(
        self,
        code: str,
        state: CheckState,
        reason: str | None,
        measured: Measured,
        started_ms: float,
    ) -> CheckResult:
        """Return a new result of now; it is not kept yet."""
        row = BY_CODE[code]
        if state is not CheckState.SKIPPED:
            self._attempts[code] += 1
        now_ms = self.now_ms()
        return CheckResult(
            code=row.code,
            no=row.no,
            group=row.group,
            state=state,
            reason=reason,
            started_ms=started_ms,
            duration_ms=now_ms - started_ms,
            deadline_ms=row.deadline_ms,
            attempts=max(1, self._attempts[code]),
            measured=measured,
            gating=row.gating,
            as_of_ms=now_ms,
        )

    def put(self, result: CheckResult) -> None:
        """Keep a result and tell."""
        self._by_code[result.code] = result
        self.tell()

    def keep(self, result: CheckResult) -> None:
        """Keep a result whose figures alone are new: nobody is told."""
        self._by_code[result.code] = result

    def reset(self, codes: Iterable[str]) -> None:
        """Have these pending again and tell."""
        for code in codes:
            self._by_code[code] = replace(
                self._by_code[code], state=CheckState.PENDING, reason=None, measured={}
            )
        self.tell()

    def tell(self) -> None:
        """Publish the run as it stands."""
        progress = self.progress
        decided = all(check.state.final for check in progress.checks if check.gating)
        if decided and self.decided_ms is None:
            self.decided_ms = self.now_ms()
        self._publish(progress)
        if decided:
            self._decided.set()
        if progress.finished:
            self._finished.set()

    async def decided(self) -> RunProgress:
        """Wait until every gating check has a verdict once, and return the run as it stands."""
        await self._decided.wait()
        return self.progress

    async def finished(self) -> RunProgress:
        """Wait until the advisory checks have ended once as well."""
        await self._finished.wait()
        return self.progress
