"""The service as far as a preflight needs it: begins runs, takes reports, tells of the session."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from client_api.clock import Clock
from client_api.errors import ClientError, Refused
from client_api.secret import Secret
from client_api.wire import (
    KeptBundle,
    Me,
    PreflightRun,
    PreflightTrigger,
    PreflightVerdict,
    ProbeRoom,
    Problem,
    Readiness,
    ReadinessState,
    ReportId,
    RunId,
    Session,
    SessionId,
    SideReadiness,
)
from tests.fakes.wire_samples import answer, sample_me, sample_session


class FakePreflightService:
    """Implements the calls of `ServiceApi` that a preflight makes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begun = 0
        self.reports: list[dict[str, Any]] = []
        self.refuse_next: str | None = None
        self.gate_version = "1"
        self.blocking: tuple[str, ...] = ()
        self._used: set[str] = set()
        self.session_now: Session | ClientError = sample_session()
        self.sides = Readiness(
            customer=SideReadiness(ReadinessState.CHECKING, None, in_room=False),
            mechanic=SideReadiness(ReadinessState.READY, 6, in_room=False),
        )
        self.answers_after_s = 0.0
        self.asked: list[str] = []
        self.bundles: dict[str, bytes] = {}

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a preflight does not call {name}")

    async def me(self) -> Me:
        await self._asked("me")
        if isinstance(self.session_now, ClientError):
            raise self.session_now
        return sample_me()

    async def session(self, session: SessionId) -> Session:
        await self._asked("session")
        if isinstance(self.session_now, ClientError):
            raise self.session_now
        return self.session_now

    async def readiness(self, session: SessionId) -> Readiness:
        await self._asked("readiness")
        return self.sides

    async def send_bundle(self, code: str, content: bytes) -> KeptBundle:
        """Keep a bundle beside the code it was sent to."""
        self.bundles[code] = content
        return answer("bundle", KeptBundle)

    async def _asked(self, what: str) -> None:
        self.asked.append(what)
        if self.answers_after_s:
            await self._clock.sleep(self.answers_after_s)

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
            report_id=ReportId(report.get("renews") or report["report_id"]),
            short_code="7K3M-Q2XZ",
            passed=not self.blocking,
            blocking=self.blocking,
            arrived_at=self._clock.now(),
            valid_for_s=300,
        )
