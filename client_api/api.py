"""The port through which everybody else speaks to the service.

View models, the preflight's upload and the call's actor depend on `ServiceApi`; `LiftbayClient`
implements it over HTTP, `FakeService` (tests/fakes) in memory. All methods raise `Refused`,
`Unreachable` or `BrokenAnswer` (client_api.errors); only what deviates is written down.

A method with ``key`` changes something: send the same intent again with the same key, and the
stored answer comes back. Without ``key`` each call is a new intent.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from client_api.records import (
    Earnings,
    Message,
    Notes,
    NotesDraft,
    QualitySample,
    Rating,
    Summary,
    Upsell,
)
from client_api.server_clock import ClockOffset
from client_api.stream_events import AccountEvent, SessionEvent, StreamBegan
from client_api.wire import (
    AttemptId,
    ClientMessageId,
    EndedSession,
    FoundReport,
    Health,
    IdempotencyKey,
    Intake,
    IntakeStarted,
    KeptBundle,
    Me,
    OpenRequest,
    PlanOffer,
    PreflightRun,
    PreflightTrigger,
    PreflightVerdict,
    Readiness,
    ReadinessState,
    ReportId,
    RequestId,
    RoomTicket,
    RunId,
    Session,
    SessionClock,
    SessionEndReason,
    SessionId,
    SessionPage,
    SessionStatus,
    StartedSession,
)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock with the offset that this very answer gave."""

    clock: SessionClock
    offset: ClockOffset


class ServiceApi(Protocol):
    """Every call of the service this program makes."""

    async def health(self) -> Health:
        """Ask whether the service is well; needs no sign-in."""

    async def require_current(self) -> None:
        """Ask whether the service still takes this version of the program; needs no sign-in.

        `me`, `start_intake` and `accept_request` ask first, so that nobody signs in, pays or
        promises to come with a program that the preflight would refuse in the end.

        Raises:
            Refused: ``HOST_OUTDATED``: only an update of the program helps.
        """

    async def me(self) -> Me:
        """Return who is signed in."""

    async def set_available(self, available: bool) -> bool:
        """Say whether the mechanic takes requests; returns what the service holds now."""

    async def plans(self) -> tuple[PlanOffer, ...]:
        """Return the plans with the service's prices."""

    async def start_intake(
        self, intake: Intake, *, key: IdempotencyKey | None = None
    ) -> IntakeStarted:
        """Submit an intake. The request is open to mechanics once it is paid."""

    async def requests(self) -> tuple[OpenRequest, ...]:
        """Return the open, paid requests, newest first."""

    async def accept_request(
        self, request: RequestId, *, key: IdempotencyKey | None = None
    ) -> Session:
        """Accept a request.

        Raises:
            Refused: ``REQUEST_ALREADY_ACCEPTED`` when another mechanic was faster.
        """

    async def sessions(
        self,
        *,
        statuses: tuple[SessionStatus, ...] = (),
        query: str = "",
        before: str | None = None,
    ) -> SessionPage:
        """Return one page of this account's sessions, newest first; no status means all."""

    async def session(self, session: SessionId) -> Session:
        """Return one session as this account may see it."""

    async def clock(self, session: SessionId) -> ClockReading:
        """Return the paid clock; asking is also the sign of life."""

    async def start_session(
        self, session: SessionId, *, key: IdempotencyKey | None = None
    ) -> StartedSession:
        """Start the paid time. Repeating it is safe, whoever was first.

        Raises:
            Refused: ``SESSION_NOT_BOTH_PRESENT`` when the service does not see both.
        """

    async def end_session(
        self,
        session: SessionId,
        reason: SessionEndReason,
        *,
        pressed_at: datetime,
        attempt: AttemptId | None,
        key: IdempotencyKey,
    ) -> EndedSession:
        """End the session for both sides. Repeating it is safe and brings the first answer.

        A session that is already over is a success: the answer holds its final status.
        Stay in the room until this returns: after a failure the two can still talk.

        Raises:
            Refused: ``SESSION_NOT_FOUND``, or this sign-in has no part in the session.
            Unreachable: no answer came. The durable queue keeps ``key`` and sends it again;
                a new key would be a second wish, and the server would have to guess.
        """

    async def cancel_session(
        self, session: SessionId, reason: str, *, key: IdempotencyKey | None = None
    ) -> Session:
        """Cancel before the start; for a mechanic this gives the session back."""

    async def session_token(
        self, session: SessionId, *, report: ReportId | None, attempt: AttemptId
    ) -> RoomTicket:
        """Ask for the way into the room.

        Raises:
            Refused: ``PREFLIGHT_REQUIRED`` (``problem.reason`` missing, stale or failed, with
                ``blocking``), ``SESSION_ENDED``, ``SESSION_NOT_VIDEO`` and the access codes.
        """

    async def begin_preflight(
        self, *, session: SessionId | None, trigger: PreflightTrigger
    ) -> PreflightRun:
        """Begin a run: nonce, the gate's thresholds, a probe room. Anonymous callers may."""

    async def submit_report(self, run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        """Hand in the redacted report and return the service's own verdict."""

    async def readiness(self, session: SessionId) -> Readiness:
        """Return how far both sides are on the way into the room."""

    async def put_readiness(
        self, session: SessionId, state: ReadinessState, *, rung: int | None = None
    ) -> Readiness:
        """Say how far this side is; returns both."""

    async def messages(self, session: SessionId, *, after: int = 0) -> tuple[Message, ...]:
        """Return the messages with a higher id than ``after``, in order."""

    async def send_message(
        self, session: SessionId, text: str, *, client_id: ClientMessageId
    ) -> Message:
        """Send a chat message; the same ``client_id`` brings the stored one again."""

    async def notes(self, session: SessionId) -> Notes:
        """Return the mechanic's notes."""

    async def put_notes(
        self,
        session: SessionId,
        draft: NotesDraft,
        *,
        version: int,
        key: IdempotencyKey | None = None,
    ) -> Notes:
        """Replace the notes that have ``version``.

        Raises:
            Refused: ``NOTES_VERSION_CONFLICT`` when they were changed meanwhile.
        """

    async def rate(
        self, session: SessionId, rating: Rating, *, key: IdempotencyKey | None = None
    ) -> Rating:
        """Rate an ended session."""

    async def summary(self, session: SessionId) -> Summary:
        """Return the report of an ended session."""

    async def summary_pdf(self, session: SessionId) -> bytes:
        """Return the same as a PDF file of at most 20 MiB."""

    async def upsells(self, session: SessionId) -> tuple[Upsell, ...]:
        """Return the next steps offered to the customer."""

    async def earnings(self) -> Earnings:
        """Return what the mechanic earned, by session."""

    async def find_report(self, code: str) -> FoundReport:
        """Return a report by the code that somebody read out, as it was typed; support alone.

        Raises:
            Refused: ``DIAGNOSTIC_CODE_WRONG`` for a slip, ``DIAGNOSTIC_NOT_FOUND``.
        """

    async def send_bundle(self, code: str, content: bytes) -> KeptBundle:
        """Send the bundle of a report that was sent before, under the report's code.

        Args:
            content: the zip of `preflight.support.bundle`, at most 1 MiB.

        Raises:
            Refused: ``DIAGNOSTIC_BUNDLE_REFUSED``, ``DIAGNOSTIC_NOT_FOUND``.
        """

    async def find_bundle(self, code: str) -> bytes:
        """Return the bundle that was sent for a report, to be saved as a zip; support alone.

        Raises:
            Refused: ``DIAGNOSTIC_CODE_WRONG``, ``DIAGNOSTIC_NOT_FOUND`` also without a bundle.
        """

    async def post_quality(
        self,
        session: SessionId,
        attempt: AttemptId,
        samples: tuple[QualitySample, ...],
        *,
        key: IdempotencyKey | None = None,
    ) -> int:
        """Send a batch of samples; returns how many were stored."""

    def session_events(
        self, session: SessionId, *, last_event_id: int | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        """Yield the session's events for ever, resuming by itself after each break.

        Close it (`aclose`) to stop. Events the caller has taken are not sent again.

        Raises:
            Refused: the access is gone for good (401 after a renewal, 403, 404).
        """

    def account_events(
        self, *, last_event_id: int | None = None
    ) -> AsyncGenerator[AccountEvent | StreamBegan, None]:
        """Yield the account's events for ever; otherwise like `session_events`.

        Without ``last_event_id`` it begins at the newest, and says so first: `StreamBegan`.
        """
