"""The service as far as a preflight needs it: begins runs, takes reports, refuses used ones."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from client_api.clock import Clock
from client_api.errors import Refused
from client_api.secret import Secret
from client_api.wire import (
    PreflightRun,
    PreflightTrigger,
    PreflightVerdict,
    ProbeRoom,
    Problem,
    ReportId,
    RunId,
    SessionId,
)


class FakePreflightService:
    """Implements the two calls of `ServiceApi` that a preflight makes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begun = 0
        self.reports: list[dict[str, Any]] = []
        self.refuse_next: str | None = None
        self.gate_version = "1"
        self._used: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a preflight does not call {name}")

    async def begin_preflight(
        self, *, session: SessionId | None, trigger: PreflightTrigger
    ) -> PreflightRun:
        self.begun += 1
        return PreflightRun(
            run_id=RunId(f"run-{self.begun}"),
            nonce=f"nonce-{self.begun}",
            gate_version=self.gate_version,
            expires_at=self._clock.now() + timedelta(minutes=10),
            gate={},
            probe=ProbeRoom(
                url="ws://sfu.test",
                room=f"probe-run-{self.begun}",
                tokens={name: Secret(f"token-{name}") for name in ("a", "b", "join", "relay")},
            ),
        )

    async def submit_report(self, run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        code, self.refuse_next = self.refuse_next, None
        if code is None and run in self._used:
            code = "preflight.nonce_used"
        if code is not None:
            raise Refused(Problem(code=code, title="made up", status=409))
        self._used.add(run)
        self.reports.append(dict(report))
        return PreflightVerdict(
            report_id=ReportId(report["report_id"]),
            short_code="7K3M-Q2XZ",
            passed=True,
            blocking=(),
            arrived_at=self._clock.now(),
            valid_for_s=300,
        )
