"""Room tokens: against a fresh passing report, or for somebody who was in the call before."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from liftbay_backend.access import Access
from liftbay_backend.db.models import (
    PreflightReportRow,
    PreflightRunRow,
    PresenceRow,
    SessionRow,
)
from liftbay_backend.domain.ids import AttemptId, MechanicId, UserId
from liftbay_backend.domain.preflight_freshness import FRESH_MS
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED, SessionStatus
from liftbay_backend.domain.states import PresenceState
from liftbay_backend.live import Live
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.rooms.ports import (
    JoinGrant,
    RoomsUnavailable,
    customer_identity,
    mechanic_identity,
    participant_metadata,
    session_room,
)
from liftbay_backend.services.no_shows import end_no_show, require_in_time

_PROBE_CHECK = "net.room"
_PROBE_FRESH = timedelta(milliseconds=FRESH_MS["network"])
Reason = Literal["missing", "stale", "failed"]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The answer of a token request; its token never shows in a repr."""

    url: str
    token: str = field(repr=False)
    room: str
    identity: str
    side: Side
    attempt: AttemptId

    def wire(self) -> dict[str, Any]:
        """Return the wire object. Contract: tests/contract/session_token.json"""
        return {
            "url": self.url,
            "token": self.token,
            "room": self.room,
            "identity": self.identity,
            "role": self.side.value,
            "attempt": self.attempt,
        }


async def issue_token(
    live: Live, access: Access, *, report_id: str | None, attempt: AttemptId
) -> IssuedToken:
    """Sign a token for one join, once the order of refusals up to 409 has been passed.

    A participant of a running session who was in the room before needs no new report: a lost
    connection must not cost paid minutes.

    Raises:
        Problem: PREFLIGHT_REQUIRED with `reason` and `blocking`, PREFLIGHT_SYNTHETIC_SOURCE,
            SESSION_ENDED when it ended meanwhile or did not start in time, SFU_UNAVAILABLE.
    """
    await end_no_show(live, access.session)
    core, side = live.core, access.participant
    async with core.database.reading() as db:
        session = await db.get(SessionRow, access.session_id)
        presence = await db.get(PresenceRow, (access.session_id, side))
    if session is None:
        raise Problem(ErrorCode.SESSION_NOT_FOUND)
    was_in = presence is not None and presence.joined_at is not None
    if not (session.status is SessionStatus.LIVE and was_in):
        await _require_report(live, access, report_id)
    try:
        await live.watch.ensure_room(access.session_id)
    except RoomsUnavailable as error:
        raise Problem(ErrorCode.SFU_UNAVAILABLE, headers={"Retry-After": "2"}) from error
    await _note_attempt(live, access, attempt)
    identity = _identity(session, side)
    room = session_room(access.session_id)
    token = live.rooms.join_token(
        JoinGrant(
            room=room,
            identity=identity,
            ttl_seconds=core.settings.join_ttl_seconds,
            name=access.principal.name,
            metadata=participant_metadata(side, attempt),
        )
    )
    return IssuedToken(live.rooms.url, token.value, room, identity, side, attempt)


async def _require_report(live: Live, access: Access, report_id: str | None) -> None:
    core = live.core
    report = run = None
    if report_id is not None:
        async with core.database.reading() as db:
            report = await db.get(PreflightReportRow, report_id)
            run = None if report is None else await db.get(PreflightRunRow, report.run_id)
    # A stranger's report is as good as none, and its existence is nobody else's business.
    if report is None or run is None or report.user_id != access.principal.user_id:
        raise _required("missing", "No preflight report of this account came with the request.")
    if run.session_id != access.session_id:
        raise _required("missing", "The report was made for another session.")
    valid_for = timedelta(seconds=core.settings.report_valid_seconds)
    if core.clock.now() - report.arrived_at > valid_for:
        raise _required("stale", "The report is too old; run the preflight again.")
    if not report.passed:
        raise _required("failed", "The report did not pass.", tuple(report.blocking))
    if run.probe_seen_at is None:
        raise _required(
            "failed", "The call server never saw the probe of this report.", (_PROBE_CHECK,)
        )
    if report.arrived_at - run.probe_seen_at > _PROBE_FRESH:
        raise _required(
            "failed", "The call server saw the probe too long before the report.", (_PROBE_CHECK,)
        )
    if report.synthetic and not core.settings.allow_synthetic:
        raise Problem(ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE, reason="synthetic", blocking=[])


def _required(reason: Reason, detail: str, blocking: tuple[str, ...] = ()) -> Problem:
    return Problem(ErrorCode.PREFLIGHT_REQUIRED, detail, reason=reason, blocking=list(blocking))


async def _note_attempt(live: Live, access: Access, attempt: AttemptId) -> None:
    """Remember the attempt, which is the moment at which a session may have ended meanwhile."""
    side = access.participant
    async with live.core.works.begin() as work:
        session = await work.session(access.session_id)
        if session.status in ENDED:
            raise Problem(ErrorCode.SESSION_ENDED, f"The session is {session.status.value}.")
        require_in_time(work, session, live.core.settings)
        row = await work.db.get(PresenceRow, (access.session_id, side))
        if row is None:
            row = PresenceRow(
                session_id=session.id, side=side, state=PresenceState.NEVER, since=work.now
            )
            work.db.add(row)
        row.attempt = attempt
        row.attempt_at = work.now
        row.last_sign_of_life_at = work.now


def _identity(session: SessionRow, side: Side) -> str:
    match side:
        case Side.CUSTOMER:
            return customer_identity(UserId(session.customer_id))
        case Side.MECHANIC:
            assert session.mechanic_id is not None
            return mechanic_identity(MechanicId(session.mechanic_id))
