"""The service in memory: one account, a few sessions, and refusals on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from client_api.api import ClockReading, HealthReading
from client_api.errors import ClientError, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.records import (
    Earnings,
    Message,
    Notes,
    NotesDraft,
    QualitySample,
    Rating,
    Summary,
    Upsell,
    Upsells,
)
from client_api.server_clock import ClockOffset, epoch_ns
from client_api.stream_events import (
    AccountEvent,
    AccountReadinessChanged,
    AccountSessionChanged,
    ClockChanged,
    MessageArrived,
    NotesChanged,
    ReadinessChanged,
    RequestClosed,
    SessionEnded,
    SessionEvent,
    StatusChanged,
)
from client_api.wire import (
    OVER_STATUSES,
    AttemptId,
    ClientMessageId,
    ClockState,
    EndedSession,
    Health,
    IdempotencyKey,
    Intake,
    IntakeStarted,
    Me,
    OpenRequest,
    OpenRequests,
    Payment,
    PaymentStatus,
    PlanOffer,
    PlanOffers,
    PreflightRun,
    PreflightTrigger,
    PreflightVerdict,
    Problem,
    Readiness,
    ReadinessState,
    ReportId,
    RequestAccepted,
    RequestCloseReason,
    RequestId,
    Role,
    RoomTicket,
    RunId,
    Session,
    SessionEnd,
    SessionEndReason,
    SessionId,
    SessionPage,
    SessionStatus,
    SideReadiness,
    StartedSession,
)
from tests.fakes.clock import FakeClock
from tests.fakes.fixtures import answer


def refusal(code: ErrorCode, status: int = 409, **more: Any) -> Refused:
    """Make the refusal the service would send."""
    return Refused(Problem(code=code.value, title=code.value, status=status, **more))


def unreachable() -> Unreachable:
    """Make the failure of a service that is down."""
    return Unreachable(UnreachableReason.NO_CONNECTION, "fake")


@dataclass(slots=True)
class FakeService:
    """Implements `ServiceApi` for one account (``role``).

    Attributes:
        failures: what the next call of a method raises, by the method's name, in order.
        calls: the methods called, in order (`measure_health` counts as `health`).
        is_down: every call raises `Unreachable` until it is False again.
        both_present: what the service itself sees of the room; a start needs it.
        held: methods that wait until `release(name)`: a slow service.
    """

    role: Role = Role.CUSTOMER
    clock_: FakeClock = field(default_factory=FakeClock)
    is_down: bool = False
    both_present: bool = True
    failures: dict[str, list[ClientError]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    sessions_: dict[SessionId, Session] = field(default_factory=dict)
    requests_: dict[RequestId, OpenRequest] = field(default_factory=dict)
    messages_: list[Message] = field(default_factory=list)
    notes_: Notes = field(default_factory=lambda: Notes(0, (), "", None))
    samples: list[QualitySample] = field(default_factory=list)
    attempts: list[AttemptId] = field(default_factory=list)
    ends: list[tuple[SessionEndReason, datetime, AttemptId | None, IdempotencyKey]] = field(
        default_factory=list
    )
    reports: list[Mapping[str, Any]] = field(default_factory=list)
    available: bool = False
    _session_streams: list[asyncio.Queue[SessionEvent | ClientError]] = field(default_factory=list)
    _account_streams: list[asyncio.Queue[AccountEvent | ClientError]] = field(default_factory=list)
    _holds: dict[str, asyncio.Event] = field(default_factory=dict)

    # --- what a test arranges --------------------------------------------------------------------

    def add_session(self, session: Session | None = None) -> Session:
        """Put a session in (by default the waiting one of the fixtures, seen by our role)."""
        added = session or answer("session", Session)
        if session is None and self.role is Role.MECHANIC:
            added = answer("request_accept", RequestAccepted).session
        self.sessions_[added.id] = added
        return added

    def add_request(self) -> OpenRequest:
        """Put the fixtures' open request in."""
        request = answer("requests", OpenRequests).requests[0]
        self.requests_[request.id] = request
        return request

    def fail_next(self, method: str, *errors: ClientError) -> None:
        """Let the next calls of ``method`` raise."""
        self.failures.setdefault(method, []).extend(errors)

    def hold(self, method: str) -> None:
        """Let calls of ``method`` wait until `release`."""
        self._holds[method] = asyncio.Event()

    def release(self, method: str) -> None:
        """Let the held calls go on."""
        self._holds.pop(method).set()

    def tell(self, event: SessionEvent) -> None:
        """Send an event down every open session stream."""
        for stream in self._session_streams:
            stream.put_nowait(event)

    def tell_account(self, event: AccountEvent) -> None:
        """Send an event down every open account stream."""
        for stream in self._account_streams:
            stream.put_nowait(event)

    def cut_streams(self, error: ClientError) -> None:
        """Refuse every open stream for good."""
        for session_stream in self._session_streams:
            session_stream.put_nowait(error)
        for account_stream in self._account_streams:
            account_stream.put_nowait(error)

    @property
    def open_streams(self) -> int:
        """How many streams are being read."""
        return len(self._session_streams) + len(self._account_streams)

    def end_by_service(
        self,
        session: SessionId,
        reason: SessionEndReason = SessionEndReason.TIME_UP,
        by: str | None = None,
    ) -> SessionEnd:
        """Do what the service does at 0:00, or after the other side's end."""
        now = self.clock_.now()
        current = self.sessions_[session]
        end = SessionEnd(reason, by, now, 1800.0, True)
        clock = msgspec.structs.replace(
            current.clock,
            revision=current.clock.revision + 1,
            state=ClockState.ENDED,
            ends_at=None,
            server_now=now,
        )
        self._change(session, status=SessionStatus.COMPLETED, end=end, ended_at=now, clock=clock)
        self.tell(SessionEnded(now, SessionStatus.COMPLETED, end))
        return end

    # --- ServiceApi ------------------------------------------------------------------------------

    async def health(self) -> Health:
        await self._arrive("health")
        return answer("health", Health)

    async def measure_health(self, *, timeout_s: float = 5.0) -> HealthReading:
        health = await self.health()
        return HealthReading(health, 24.0, 1.0, self._offset())

    async def me(self) -> Me:
        await self._arrive("me")
        return answer("me_mechanic" if self.role is Role.MECHANIC else "me_customer", Me)

    async def set_available(self, available: bool) -> bool:
        await self._arrive("set_available")
        self.available = available
        return available

    async def plans(self) -> tuple[PlanOffer, ...]:
        await self._arrive("plans")
        return answer("plans", PlanOffers).plans

    async def start_intake(
        self, intake: Intake, *, key: IdempotencyKey | None = None
    ) -> IntakeStarted:
        await self._arrive("start_intake")
        example = answer("intake_start", IntakeStarted).session
        session = msgspec.structs.replace(
            example,
            plan=intake.plan,
            vehicle=intake.vehicle,
            concern=intake.concern,
            urgency=intake.urgency,
            scheduled_for=intake.scheduled_for,
        )
        self.sessions_[session.id] = session
        return IntakeStarted(session, Payment(PaymentStatus.PAID, None))

    async def requests(self) -> tuple[OpenRequest, ...]:
        await self._arrive("requests")
        return tuple(self.requests_.values())

    async def accept_request(
        self, request: RequestId, *, key: IdempotencyKey | None = None
    ) -> Session:
        await self._arrive("accept_request")
        if self.requests_.pop(request, None) is None:
            raise refusal(ErrorCode.REQUEST_ALREADY_ACCEPTED)
        session = answer("request_accept", RequestAccepted).session
        self.sessions_[session.id] = session
        now = self.clock_.now()
        self.tell_account(RequestClosed(now, request, RequestCloseReason.ACCEPTED))
        self.tell_account(AccountSessionChanged(now, session))
        return session

    async def sessions(
        self,
        *,
        statuses: tuple[SessionStatus, ...] = (),
        query: str = "",
        before: str | None = None,
    ) -> SessionPage:
        await self._arrive("sessions")
        found = tuple(
            session
            for session in self.sessions_.values()
            if (not statuses or session.status in statuses)
            and query.casefold() in session.concern.casefold()
        )
        return SessionPage(found, None)

    async def session(self, session: SessionId) -> Session:
        await self._arrive("session")
        return self._find(session)

    async def clock(self, session: SessionId) -> ClockReading:
        await self._arrive("clock")
        now = self.clock_.now()
        clock = msgspec.structs.replace(self._find(session).clock, server_now=now)
        return ClockReading(clock, self._offset())

    async def start_session(
        self, session: SessionId, *, key: IdempotencyKey | None = None
    ) -> StartedSession:
        await self._arrive("start_session")
        current = self._find(session)
        if current.status is SessionStatus.LIVE:
            return StartedSession(current.status, current.clock)
        if not self.both_present:
            raise refusal(ErrorCode.SESSION_NOT_BOTH_PRESENT)
        now = self.clock_.now()
        clock = msgspec.structs.replace(
            current.clock,
            revision=current.clock.revision + 1,
            state=ClockState.RUNNING,
            started_at=now,
            ends_at=now + timedelta(seconds=current.clock.total_seconds),
            server_now=now,
        )
        self._change(session, status=SessionStatus.LIVE, started_at=now, clock=clock)
        self.tell(StatusChanged(now, SessionStatus.LIVE, current.status))
        self.tell(ClockChanged(now, clock))
        return StartedSession(SessionStatus.LIVE, clock)

    async def end_session(
        self,
        session: SessionId,
        reason: SessionEndReason,
        *,
        pressed_at: datetime,
        attempt: AttemptId | None,
        key: IdempotencyKey,
    ) -> EndedSession:
        await self._arrive("end_session")
        self.ends.append((reason, pressed_at, attempt, key))
        current = self._find(session)
        if attempt is not None and self.attempts and attempt != self.attempts[-1]:
            return EndedSession(current.status, None, None)
        if current.status not in OVER_STATUSES:
            self.end_by_service(session, reason, self.role.value)
        over = self._find(session)
        return EndedSession(over.status, over.end, over.settlement)

    async def cancel_session(
        self, session: SessionId, reason: str, *, key: IdempotencyKey | None = None
    ) -> Session:
        await self._arrive("cancel_session")
        if self._find(session).status is SessionStatus.LIVE:
            raise refusal(ErrorCode.SESSION_ILLEGAL_TRANSITION)
        return self._change(session, status=SessionStatus.CANCELLED)

    async def session_token(
        self, session: SessionId, *, report: ReportId | None, attempt: AttemptId
    ) -> RoomTicket:
        await self._arrive("session_token")
        current = self._find(session)
        if current.status in OVER_STATUSES:
            raise refusal(ErrorCode.SESSION_ENDED)
        if report is None and current.status is not SessionStatus.LIVE:
            raise refusal(ErrorCode.PREFLIGHT_REQUIRED, 428, reason="missing")
        self.attempts.append(attempt)
        ticket = answer("session_token", RoomTicket)
        return msgspec.structs.replace(ticket, attempt=attempt, role=self.role)

    async def begin_preflight(
        self, *, session: SessionId | None, trigger: PreflightTrigger
    ) -> PreflightRun:
        await self._arrive("begin_preflight")
        return answer("preflight_begin", PreflightRun)

    async def submit_report(self, run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        await self._arrive("submit_report")
        self.reports.append(report)
        return answer("preflight_report", PreflightVerdict)

    async def readiness(self, session: SessionId) -> Readiness:
        await self._arrive("readiness")
        return self._find(session).readiness

    async def put_readiness(
        self, session: SessionId, state: ReadinessState, *, rung: int | None = None
    ) -> Readiness:
        await self._arrive("put_readiness")
        both = self._find(session).readiness
        changed = msgspec.structs.replace(both, **{self.role.value: SideReadiness(state, rung)})
        self._change(session, readiness=changed)
        now = self.clock_.now()
        self.tell(ReadinessChanged(now, self.role, state, rung))
        self.tell_account(AccountReadinessChanged(now, session, self.role, state, rung))
        return changed

    async def messages(self, session: SessionId, *, after: int = 0) -> tuple[Message, ...]:
        await self._arrive("messages")
        return tuple(message for message in self.messages_ if message.id > after)

    async def send_message(
        self, session: SessionId, text: str, *, client_id: ClientMessageId
    ) -> Message:
        await self._arrive("send_message")
        for known in self.messages_:
            if known.client_id == client_id:
                return known
        now = self.clock_.now()
        message = Message(len(self.messages_) + 1, client_id, session, self.role, text, now)
        self.messages_.append(message)
        self.tell(MessageArrived(now, message))
        return message

    async def notes(self, session: SessionId) -> Notes:
        await self._arrive("notes")
        return self.notes_

    async def put_notes(
        self,
        session: SessionId,
        draft: NotesDraft,
        *,
        version: int,
        key: IdempotencyKey | None = None,
    ) -> Notes:
        await self._arrive("put_notes")
        if version != self.notes_.version:
            raise refusal(ErrorCode.NOTES_VERSION_CONFLICT, 412)
        now = self.clock_.now()
        self.notes_ = Notes(version + 1, draft.findings, draft.text, now)
        self.tell(NotesChanged(now, self.notes_.version))
        return self.notes_

    async def rate(
        self, session: SessionId, rating: Rating, *, key: IdempotencyKey | None = None
    ) -> Rating:
        await self._arrive("rate")
        if self._find(session).status not in OVER_STATUSES:
            raise refusal(ErrorCode.SESSION_NOT_ENDED)
        return rating

    async def summary(self, session: SessionId) -> Summary:
        await self._arrive("summary")
        if self._find(session).status not in OVER_STATUSES:
            raise refusal(ErrorCode.SESSION_NOT_ENDED)
        return msgspec.structs.replace(
            answer("summary", Summary), session_id=session, my_role=self.role
        )

    async def summary_pdf(self, session: SessionId) -> bytes:
        await self._arrive("summary_pdf")
        return b"%PDF-1.7 fake"

    async def upsells(self, session: SessionId) -> tuple[Upsell, ...]:
        await self._arrive("upsells")
        return answer("upsells", Upsells).upsells

    async def earnings(self) -> Earnings:
        await self._arrive("earnings")
        return answer("earnings", Earnings)

    async def post_quality(
        self,
        session: SessionId,
        attempt: AttemptId,
        samples: tuple[QualitySample, ...],
        *,
        key: IdempotencyKey | None = None,
    ) -> int:
        await self._arrive("post_quality")
        self.samples.extend(samples)
        return len(samples)

    async def session_events(
        self, session: SessionId, *, last_event_id: int | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        stream: asyncio.Queue[SessionEvent | ClientError] = asyncio.Queue(1000)
        self._session_streams.append(stream)
        try:
            while True:
                event = await stream.get()
                if isinstance(event, ClientError):
                    raise event
                yield event
        finally:
            self._session_streams.remove(stream)

    async def account_events(
        self, *, last_event_id: int | None = None
    ) -> AsyncGenerator[AccountEvent, None]:
        stream: asyncio.Queue[AccountEvent | ClientError] = asyncio.Queue(1000)
        self._account_streams.append(stream)
        try:
            while True:
                event = await stream.get()
                if isinstance(event, ClientError):
                    raise event
                yield event
        finally:
            self._account_streams.remove(stream)

    # --- inside ----------------------------------------------------------------------------------

    async def _arrive(self, method: str) -> None:
        self.calls.append(method)
        await asyncio.sleep(0)
        if hold := self._holds.get(method):
            await hold.wait()
        if self.is_down:
            raise unreachable()
        if self.failures.get(method):
            raise self.failures[method].pop(0)

    def _find(self, session: SessionId) -> Session:
        if session not in self.sessions_:
            raise refusal(ErrorCode.SESSION_NOT_FOUND, 404)
        return self.sessions_[session]

    def _change(self, session: SessionId, **changes: Any) -> Session:
        changed: Session = msgspec.structs.replace(self._find(session), **changes)
        self.sessions_[session] = changed
        self.tell_account(AccountSessionChanged(self.clock_.now(), changed))
        return changed

    def _offset(self) -> ClockOffset:
        return ClockOffset(epoch_ns(self.clock_.now()) - self.clock_.monotonic_ns(), 1_000_000)
