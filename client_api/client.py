"""The service's calls over HTTP: `ServiceApi` for the real world.

One method per endpoint, each a few lines: what goes out, which fixture comes back. How it
travels is `client_api.transport`'s business.

Contract: tests/contract/*.json
"""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from client_api.api import ClockReading
from client_api.clock import Clock
from client_api.errors import BrokenAnswer, ErrorCode, Refused
from client_api.records import (
    Earnings,
    Message,
    MessagePage,
    Notes,
    NotesDraft,
    QualityAccepted,
    QualitySample,
    Rating,
    RecordingConsents,
    Summary,
    Upsell,
    Upsells,
)
from client_api.server_clock import ClockOffset, epoch_ns, estimate_offset
from client_api.stream_events import (
    AccountEvent,
    SessionEvent,
    StreamBegan,
    read_account_event,
    read_session_event,
)
from client_api.streams import resume_forever
from client_api.transport import Answer, Call, Transport
from client_api.version import is_older
from client_api.wire import (
    AttemptId,
    Availability,
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
    OpenRequests,
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
    read_secret,
)

T = TypeVar("T")

_PDF_TIMEOUT_S = 30.0
_REPORT_TIMEOUT_S = 15.0


def new_key() -> IdempotencyKey:
    """Make the key of a new intent."""
    return IdempotencyKey(str(uuid.uuid4()))


class LiftbayClient:
    """Implements `client_api.api.ServiceApi`.

    ``version`` is the program's own, compared with the least that the service takes; None where
    it is not known (a source tree) or no matter (a tool).
    """

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        *,
        version: str | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._version = version
        self._rng = rng or random.Random()

    # --- the service, the account ----------------------------------------------------------------

    async def health(self) -> Health:
        call = Call("GET", "/api/health", is_signed=False)
        return _read(await self._transport.send(call), Health, call.path)

    async def require_current(self) -> None:
        version = self._version
        if version is None:
            return
        minimum = (await self.health()).min_client_version
        if is_older(version, minimum):
            raise Refused(
                Problem(
                    code=ErrorCode.HOST_OUTDATED.value,
                    title="This program is too old for the service",
                    status=426,
                    detail=f"{version}, where {minimum} is needed",
                )
            )

    async def me(self) -> Me:
        await self.require_current()
        return await self._get("/api/me", Me)

    async def set_available(self, available: bool) -> bool:
        body = Availability(available)
        return (await self._put("/api/me/presence", body, Availability)).available

    # --- from intake to session ------------------------------------------------------------------

    async def plans(self) -> tuple[PlanOffer, ...]:
        return (await self._get("/api/plans", PlanOffers)).plans

    async def start_intake(
        self, intake: Intake, *, key: IdempotencyKey | None = None
    ) -> IntakeStarted:
        await self.require_current()
        return await self._change("/api/intake/start", intake, IntakeStarted, key)

    async def requests(self) -> tuple[OpenRequest, ...]:
        return (await self._get("/api/mechanics/requests", OpenRequests)).requests

    async def accept_request(
        self, request: RequestId, *, key: IdempotencyKey | None = None
    ) -> Session:
        await self.require_current()
        path = f"/api/mechanics/requests/{_part(request)}/accept"
        return (await self._change(path, {}, RequestAccepted, key)).session

    async def sessions(
        self,
        *,
        statuses: tuple[SessionStatus, ...] = (),
        query: str = "",
        before: str | None = None,
    ) -> SessionPage:
        params: dict[str, str] = {}
        if statuses:
            params["status"] = ",".join(statuses)
        if query:
            params["q"] = query
        if before is not None:
            params["before"] = before
        return await self._get("/api/sessions", SessionPage, params)

    async def session(self, session: SessionId) -> Session:
        return await self._get(_of(session), Session)

    # --- the call --------------------------------------------------------------------------------

    async def clock(self, session: SessionId) -> ClockReading:
        path = _of(session, "/clock")
        answer = await self._transport.send(Call("GET", path, timeout_s=4.0))
        clock = _read(answer, SessionClock, path)
        return ClockReading(clock, _offset(clock.server_now, answer))

    async def start_session(
        self, session: SessionId, *, key: IdempotencyKey | None = None
    ) -> StartedSession:
        return await self._change(_of(session, "/start"), {}, StartedSession, key)

    async def end_session(
        self,
        session: SessionId,
        reason: SessionEndReason,
        *,
        pressed_at: datetime,
        attempt: AttemptId | None,
        key: IdempotencyKey,
    ) -> EndedSession:
        body = {"reason": reason, "pressed_at": pressed_at, "attempt": attempt}
        return await self._change(_of(session, "/end"), body, EndedSession, key)

    async def cancel_session(
        self, session: SessionId, reason: str, *, key: IdempotencyKey | None = None
    ) -> Session:
        return await self._change(_of(session, "/cancel"), {"reason": reason}, Session, key)

    async def session_token(
        self, session: SessionId, *, report: ReportId | None, attempt: AttemptId
    ) -> RoomTicket:
        call = Call(
            "POST",
            _of(session, "/token"),
            body=_bytes({"report_id": report, "attempt": attempt}),
            is_repeatable=True,
        )
        return _read(await self._transport.send(call), RoomTicket, call.path)

    async def readiness(self, session: SessionId) -> Readiness:
        return await self._get(_of(session, "/readiness"), Readiness)

    async def put_readiness(
        self, session: SessionId, state: ReadinessState, *, rung: int | None = None
    ) -> Readiness:
        body = {"state": state, "rung": rung}
        return await self._put(_of(session, "/readiness"), body, Readiness)

    async def recording_consents(self, session: SessionId) -> RecordingConsents:
        return await self._get(_of(session, "/recording-consent"), RecordingConsents)

    async def say_recording_consent(
        self, session: SessionId, *, consents: bool
    ) -> RecordingConsents:
        body = {"consents": consents}
        return await self._put(_of(session, "/recording-consent"), body, RecordingConsents)

    async def post_quality(
        self,
        session: SessionId,
        attempt: AttemptId,
        samples: tuple[QualitySample, ...],
        *,
        key: IdempotencyKey | None = None,
    ) -> int:
        body = {"attempt": attempt, "samples": samples}
        return (await self._change(_of(session, "/quality"), body, QualityAccepted, key)).accepted

    # --- the preflight ---------------------------------------------------------------------------

    async def begin_preflight(
        self, *, session: SessionId | None, trigger: PreflightTrigger
    ) -> PreflightRun:
        call = Call(
            "POST", "/api/preflight", body=_bytes({"session_id": session, "trigger": trigger})
        )
        return _read(await self._transport.send(call), PreflightRun, call.path)

    async def submit_report(self, run: RunId, report: Mapping[str, Any]) -> PreflightVerdict:
        call = Call(
            "POST",
            f"/api/preflight/{_part(run)}/report",
            body=_bytes(report),
            timeout_s=_REPORT_TIMEOUT_S,
            key=new_key(),
        )
        return _read(await self._transport.send(call), PreflightVerdict, call.path)

    # --- what is written down --------------------------------------------------------------------

    async def messages(self, session: SessionId, *, after: int = 0) -> tuple[Message, ...]:
        path = _of(session, "/messages")
        return (await self._get(path, MessagePage, {"after": str(after)})).messages

    async def send_message(
        self, session: SessionId, text: str, *, client_id: ClientMessageId
    ) -> Message:
        body = {"client_id": client_id, "text": text}
        # The message's own id is as good a key: the same intent has the same id.
        key = IdempotencyKey(client_id)
        return await self._change(_of(session, "/messages"), body, Message, key)

    async def notes(self, session: SessionId) -> Notes:
        return await self._get(_of(session, "/notes"), Notes)

    async def put_notes(
        self,
        session: SessionId,
        draft: NotesDraft,
        *,
        version: int,
        key: IdempotencyKey | None = None,
    ) -> Notes:
        call = Call(
            "PUT",
            _of(session, "/notes"),
            body=_bytes(draft),
            headers={"If-Match": f'"{version}"'},
            key=key or new_key(),
        )
        return _read(await self._transport.send(call), Notes, call.path)

    async def rate(
        self, session: SessionId, rating: Rating, *, key: IdempotencyKey | None = None
    ) -> Rating:
        return await self._change(_of(session, "/rating"), rating, Rating, key)

    async def summary(self, session: SessionId) -> Summary:
        return await self._get(_of(session, "/summary"), Summary)

    async def summary_pdf(self, session: SessionId) -> bytes:
        call = Call(
            "GET", _of(session, "/summary"), accept="application/pdf", timeout_s=_PDF_TIMEOUT_S
        )
        answer = await self._transport.send(call)
        if not answer.body.startswith(b"%PDF-"):
            raise BrokenAnswer(f"{call.path}: no PDF")
        return answer.body

    async def upsells(self, session: SessionId) -> tuple[Upsell, ...]:
        return (await self._get(_of(session, "/upsells"), Upsells)).upsells

    async def earnings(self) -> Earnings:
        return await self._get("/api/earnings", Earnings)

    async def find_report(self, code: str) -> FoundReport:
        return await self._get(f"/api/diagnostics/{_part(code)}", FoundReport)

    async def send_bundle(self, code: str, content: bytes) -> KeptBundle:
        call = Call(
            "PUT",
            f"/api/diagnostics/{_part(code)}/bundle",
            body=content,
            headers={"Content-Type": "application/zip"},
            timeout_s=_PDF_TIMEOUT_S,
        )
        return _read(await self._transport.send(call), KeptBundle, call.path)

    async def find_bundle(self, code: str) -> bytes:
        call = Call(
            "GET",
            f"/api/diagnostics/{_part(code)}/bundle",
            accept="application/zip",
            timeout_s=_PDF_TIMEOUT_S,
        )
        return (await self._transport.send(call)).body

    # --- streams ---------------------------------------------------------------------------------

    def session_events(
        self, session: SessionId, *, last_event_id: int | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        return resume_forever(
            partial(self._transport.stream, _of(session, "/events")),
            read_session_event,
            clock=self._clock,
            last_event_id=last_event_id,
            rng=self._rng,
        )

    def account_events(
        self, *, last_event_id: int | None = None
    ) -> AsyncGenerator[AccountEvent | StreamBegan, None]:
        return resume_forever(
            partial(self._transport.stream, "/api/events"),
            read_account_event,
            clock=self._clock,
            last_event_id=last_event_id,
            rng=self._rng,
        )

    # --- inside ----------------------------------------------------------------------------------

    async def _get(self, path: str, shape: type[T], params: Mapping[str, str] | None = None) -> T:
        return _read(await self._transport.send(Call("GET", path, params or {})), shape, path)

    async def _put(self, path: str, body: object, shape: type[T]) -> T:
        return _read(await self._transport.send(Call("PUT", path, body=_bytes(body))), shape, path)

    async def _change(
        self, path: str, body: object, shape: type[T], key: IdempotencyKey | None
    ) -> T:
        call = Call("POST", path, body=_bytes(body), key=key or new_key())
        return _read(await self._transport.send(call), shape, path)


def _of(session: SessionId, rest: str = "") -> str:
    return f"/api/sessions/{_part(session)}{rest}"


def _part(value: str) -> str:
    return quote(value, safe="")


def _bytes(body: object) -> bytes:
    return msgspec.json.encode(body)


def _read(answer: Answer, shape: type[T], path: str) -> T:
    try:
        return msgspec.json.decode(answer.body, type=shape, dec_hook=read_secret)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec's words name the field and the type, never the value.
        raise BrokenAnswer(f"{path}: {error}") from error


def _offset(server_now: datetime, answer: Answer) -> ClockOffset:
    return estimate_offset(epoch_ns(server_now), answer.sent_ns, answer.received_ns)
