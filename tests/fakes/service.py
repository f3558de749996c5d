"""The service in memory: one account, a few sessions, and refusals on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from client_api.api import ClockReading
from client_api.errors import ErrorCode
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
from client_api.stream_events import (
    AccountEvent,
    AccountReadinessChanged,
    AccountSessionChanged,
    ClockChanged,
    MessageArrived,
    NotesChanged,
    ReadinessChanged,
    RequestClosed,
    SessionEvent,
    StatusChanged,
    StreamBegan,
)
from client_api.wire import (
    OVER_STATUSES,
    AttemptId,
    ClientMessageId,
    ClockState,
    EndedSession,
    FoundReport,
    Health,
    IdempotencyKey,
    Intake,
    IntakeStarted,
    KeptBundle,
    Me,
    OpenRequest,
    Payment,
    PaymentStatus,
    PlanOffer,
    PlanOffers,
    PreflightRun,
    PreflightTrigger,
    PreflightVerdict,
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
    SessionEndReason,
    SessionId,
    SessionPage,
    SessionStatus,
    SideReadiness,
    StartedSession,
)
from tests.fakes.service_memory import ServiceMemory, refusal, unreachable
from tests.fakes.wire_samples import answer

__all__ = ["FakeService", "refusal", "unreachable"]

Event = TypeVar("Event")


@dataclass(slots=True)
class FakeService(ServiceMemory):
    """Implements `ServiceApi`; what a test arranges is in `ServiceMemory`."""

    async def health(self) -> Health:
        await self.arrive("health")
        return answer("health", Health)

    async def require_current(self) -> None:
        await self.arrive("require_current")

    async def me(self) -> Me:
        await self.arrive("me")
        return answer("me_mechanic" if self.role is Role.MECHANIC else "me_customer", Me)

    async def set_available(self, available: bool) -> bool:
        await self.arrive("set_available")
        self.available = available
        return available

    async def plans(self) -> tuple[PlanOffer, ...]:
        await self.arrive("plans")
        return answer("plans", PlanOffers).plans

    async def start_intake(
        self, intake: Intake, *, key: IdempotencyKey | None = None
    ) -> IntakeStarted:
        await self.arrive("start_intake")
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
        await self.arrive("requests")
        return tuple(self.requests_.values())

    async def accept_request(
        self, request: RequestId, *, key: IdempotencyKey | None = None
    ) -> Session:
        await self.arrive("accept_request")
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
        await self.arrive("sessions")
        found = tuple(
            session
            for session in self.sessions_.values()
            if (not statuses or session.status in statuses)
            and query.casefold() in session.concern.casefold()
        )
        return SessionPage(found, None)

    async def session(self, session: SessionId) -> Session:
        await self.arrive("session")
        return self.find(session)

    async def clock(self, session: SessionId) -> ClockReading:
        await self.arrive("clock")
        now = self.clock_.now()
        clock = msgspec.structs.replace(self.find(session).clock, server_now=now)
        return ClockReading(clock, self.offset())

    async def start_session(
        self, session: SessionId, *, key: IdempotencyKey | None = None
    ) -> StartedSession:
        await self.arrive("start_session")
        current = self.find(session)
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
        self.change(session, status=SessionStatus.LIVE, started_at=now, clock=clock)
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
        await self.arrive("end_session")
        self.ends.append((reason, pressed_at, attempt, key))
        current = self.find(session)
        if attempt is not None and self.attempts and attempt != self.attempts[-1]:
            return EndedSession(current.status, None, None)
        if current.status not in OVER_STATUSES:
            self.end_by_service(session, reason, self.role.value)
        over = self.find(session)
        return EndedSession(over.status, over.end, over.settlement)

    async def cancel_session(
        self, session: SessionId, reason: str, *, key: IdempotencyKey | None = None
    ) -> Session:
        await self.arrive("cancel_session")
        if self.find(session).status is SessionStatus.LIVE:
            raise refusal(ErrorCode.SESSION_ILLEGAL_TRANSITION)
        return self.change(session, status=SessionStatus.CANCELLED)

    async def session_token(
        self, session: SessionId, *, report: ReportId | None, attempt: AttemptId
    ) -> RoomTicket:
        await self.arrive("session_token")
        current = self.find(session)
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
        await self.arrive("begin_preflight")
        return answer("preflight_begin", PreflightRun)

    async def submit_report(self, run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        await self.arrive("submit_report")
        self.reports.append(report)
        return answer("preflight_report", PreflightVerdict)

    async def readiness(self, session: SessionId) -> Readiness:
        await self.arrive("readiness")
        return self.find(session).readiness

    async def put_readiness(
        self, session: SessionId, state: ReadinessState, *, rung: int | None = None
    ) -> Readiness:
        await self.arrive("put_readiness")
        both = self.find(session).readiness
        changed = msgspec.structs.replace(both, **{self.role.value: SideReadiness(state, rung)})
        self.change(session, readiness=changed)
        now = self.clock_.now()
        self.tell(ReadinessChanged(now, self.role, state, rung))
        self.tell_account(AccountReadinessChanged(now, session, self.role, state, rung))
        return changed

    async def messages(self, session: SessionId, *, after: int = 0) -> tuple[Message, ...]:
        await self.arrive("messages")
        return tuple(message for message in self.messages_ if message.id > after)

    async def send_message(
        self, session: SessionId, text: str, *, client_id: ClientMessageId
    ) -> Message:
        await self.arrive("send_message")
        for known in self.messages_:
            if known.client_id == client_id:
                return known
        now = self.clock_.now()
        message = Message(len(self.messages_) + 1, client_id, session, self.role, text, now)
        self.messages_.append(message)
        self.tell(MessageArrived(now, message))
        return message

    async def notes(self, session: SessionId) -> Notes:
        await self.arrive("notes")
        return self.notes_

    async def put_notes(
        self,
        session: SessionId,
        draft: NotesDraft,
        *,
        version: int,
        key: IdempotencyKey | None = None,
    ) -> Notes:
        await self.arrive("put_notes")
        if version != self.notes_.version:
            raise refusal(ErrorCode.NOTES_VERSION_CONFLICT, 412)
        now = self.clock_.now()
        self.notes_ = Notes(version + 1, draft.findings, draft.text, now)
        self.tell(NotesChanged(now, self.notes_.version))
        return self.notes_

    async def rate(
        self, session: SessionId, rating: Rating, *, key: IdempotencyKey | None = None
    ) -> Rating:
        await self.arrive("rate")
        if self.find(session).status not in OVER_STATUSES:
            raise refusal(ErrorCode.SESSION_NOT_ENDED)
        return rating

    async def summary(self, session: SessionId) -> Summary:
        await self.arrive("summary")
        if self.find(session).status not in OVER_STATUSES:
            raise refusal(ErrorCode.SESSION_NOT_ENDED)
        return msgspec.structs.replace(
            answer("summary", Summary), session_id=session, my_role=self.role
        )

    async def summary_pdf(self, session: SessionId) -> bytes:
        await self.arrive("summary_pdf")
        return b"%PDF-1.7 fake"

    async def upsells(self, session: SessionId) -> tuple[Upsell, ...]:
        await self.arrive("upsells")
        return answer("upsells", Upsells).upsells

    async def find_report(self, code: str) -> FoundReport:
        """Find a report that the test arranged, under its code as the service writes it."""
        await self.arrive("find_report")
        if code not in self.found:
            raise refusal(ErrorCode.DIAGNOSTIC_NOT_FOUND, 404)
        return self.found[code]

    async def send_bundle(self, code: str, content: bytes) -> KeptBundle:
        """Keep a bundle beside the code it was sent to."""
        await self.arrive("send_bundle")
        self.bundles[code] = content
        return answer("bundle", KeptBundle)

    async def find_bundle(self, code: str) -> bytes:
        await self.arrive("find_bundle")
        if code not in self.bundles:
            raise refusal(ErrorCode.DIAGNOSTIC_NOT_FOUND, 404)
        return self.bundles[code]

    async def earnings(self) -> Earnings:
        await self.arrive("earnings")
        return answer("earnings", Earnings)

    async def post_quality(
        self,
        session: SessionId,
        attempt: AttemptId,
        samples: tuple[QualitySample, ...],
        *,
        key: IdempotencyKey | None = None,
    ) -> int:
        await self.arrive("post_quality")
        self.samples.extend(samples)
        return len(samples)

    def session_events(
        self, session: SessionId, *, last_event_id: int | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        return _follow(self.session_streams)

    def account_events(
        self, *, last_event_id: int | None = None
    ) -> AsyncGenerator[AccountEvent | StreamBegan, None]:
        return self._account_events()

    async def _account_events(self) -> AsyncGenerator[AccountEvent | StreamBegan, None]:
        """Begin as a stream without a resume point does; a service that is down is waited for."""
        while self.is_down:
            await self.clock_.sleep(1.0)
        await self.arrive("account_events")
        async with aclosing(_follow(self.account_streams, StreamBegan(0))) as events:
            async for event in events:
                yield event


async def _follow(
    streams: list[asyncio.Queue[Event | Exception]], *first: Event
) -> AsyncGenerator[Event, None]:
    """Tell what is put into a stream of its own, which stands among ``streams`` meanwhile."""
    stream: asyncio.Queue[Event | Exception] = asyncio.Queue(1000)
    for one in first:
        stream.put_nowait(one)
    streams.append(stream)
    try:
        while True:
            event = await stream.get()
            if isinstance(event, Exception):
                raise event
            yield event
    finally:
        streams.remove(stream)
