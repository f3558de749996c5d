"""What the fake service remembers, and what a test arranges in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from client_api.errors import ClientError, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.records import (
    Message,
    Notes,
    QualitySample,
)
from client_api.server_clock import ClockOffset, epoch_ns
from client_api.stream_events import (
    AccountEvent,
    AccountSessionChanged,
    SessionEnded,
    SessionEvent,
    StreamBegan,
)
from client_api.wire import (
    AttemptId,
    ClockState,
    FoundReport,
    IdempotencyKey,
    OpenRequest,
    OpenRequests,
    Problem,
    RequestAccepted,
    RequestId,
    Role,
    Session,
    SessionEnd,
    SessionEndReason,
    SessionId,
    SessionStatus,
)
from tests.fakes.clock import FakeClock
from tests.fakes.wire_samples import answer


def refusal(code: ErrorCode, status: int = 409, **more: Any) -> Refused:
    """Make the refusal the service would send."""
    return Refused(Problem(code=code.value, title=code.value, status=status, **more))


def unreachable() -> Unreachable:
    """Make the failure of a service that is down."""
    return Unreachable(UnreachableReason.NO_CONNECTION, "fake")


@dataclass(slots=True)
class ServiceMemory:
    """One account (``role``), its sessions, and refusals on demand.

    Attributes:
        failures: what the next call of a method raises, by the method's name, in order.
        calls: the methods called, in order.
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
    found: dict[str, FoundReport] = field(default_factory=dict)
    bundles: dict[str, bytes] = field(default_factory=dict)
    available: bool = False
    session_streams: list[asyncio.Queue[SessionEvent | Exception]] = field(default_factory=list)
    account_streams: list[asyncio.Queue[AccountEvent | StreamBegan | Exception]] = field(
        default_factory=list
    )
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
        for stream in self.session_streams:
            stream.put_nowait(event)

    def tell_account(self, event: AccountEvent) -> None:
        """Send an event down every open account stream."""
        for stream in self.account_streams:
            stream.put_nowait(event)

    def cut_streams(self, error: Exception) -> None:
        """Refuse every open stream for good."""
        for session_stream in self.session_streams:
            session_stream.put_nowait(error)
        for account_stream in self.account_streams:
            account_stream.put_nowait(error)

    @property
    def open_streams(self) -> int:
        """How many streams are being read."""
        return len(self.session_streams) + len(self.account_streams)

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
        self.change(session, status=SessionStatus.COMPLETED, end=end, ended_at=now, clock=clock)
        self.tell(SessionEnded(now, SessionStatus.COMPLETED, end))
        return end

    # --- inside ----------------------------------------------------------------------------------

    async def arrive(self, method: str) -> None:
        """Let a call come in: it may wait, or fail as arranged."""
        self.calls.append(method)
        await asyncio.sleep(0)
        if hold := self._holds.get(method):
            await hold.wait()
        if self.is_down:
            raise unreachable()
        if self.failures.get(method):
            raise self.failures[method].pop(0)

    def find(self, session: SessionId) -> Session:
        """Return a session, or refuse as the service does."""
        if session not in self.sessions_:
            raise refusal(ErrorCode.SESSION_NOT_FOUND, 404)
        return self.sessions_[session]

    def change(self, session: SessionId, **changes: Any) -> Session:
        """Change a session and tell the account's streams."""
        changed: Session = msgspec.structs.replace(self.find(session), **changes)
        self.sessions_[session] = changed
        self.tell_account(AccountSessionChanged(self.clock_.now(), changed))
        return changed

    def offset(self) -> ClockOffset:
        """Return the offset of an answer that took 2 ms."""
        return ClockOffset(epoch_ns(self.clock_.now()) - self.clock_.monotonic_ns(), 1_000_000)
