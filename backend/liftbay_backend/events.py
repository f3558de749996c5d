"""Streams over the append-only event tables: resumable, bounded, ended with the right to read.

A stream reads what is newer than the last id its client applied, then waits for the signal of a
commit. A database session lives for one read, never for a stream. The stream ends when the
caller's credentials end, when the sign-in behind them is ended, when access ends, and when the
service stops; the client then comes back with `Last-Event-ID`. That it has one even when nothing
has happened yet, each stream begins with its starting number: an ``id`` without event and data.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog
from anyio import CancelScope
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from liftbay_backend.access import side_of
from liftbay_backend.clock import wire_time
from liftbay_backend.connections import cut_off
from liftbay_backend.core import Core
from liftbay_backend.db.engine import UNAVAILABLE, DbSession
from liftbay_backend.db.models import AccountEventRow, SessionRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.roles import Role
from liftbay_backend.identity import Principal
from liftbay_backend.metrics import DROPPED_STREAMS, OPEN_STREAMS
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import accounts
from liftbay_backend.repositories import events as rows_of
from liftbay_backend.repositories.sign_ins import Held, are_alive
from liftbay_backend.services.offers import REQUEST_OPENED
from liftbay_backend.services.session_view import SessionViews
from liftbay_backend.wakeup import account_topic
from liftbay_backend.work import ALL_MECHANICS, customer_audience, mechanic_audience

BATCH: Final = 100
SEND_DEADLINE_SECONDS: Final = 15
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event on its way out; `data` is already JSON."""

    id: int
    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a stream's table found.

    Attributes:
        events: those that the reader is shown, at most `BATCH`.
        last: the number of the last row that was read, shown or not; the next look begins there.
        has_more: whether there may be more behind it.
    """

    events: Sequence[StreamEvent]
    last: int
    has_more: bool


class Read(Protocol):
    """Reads the next events of one stream, in the database session of one look."""

    async def __call__(self, db: DbSession, after: int, /) -> Look | None:
        """Look at no more than `BATCH` rows newer than `after`.

        None when the sign-in or the access has ended.
        """


class OpenStreams:
    """How many streams each account holds, so that one caller cannot take them all."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, account: str, stream: str) -> Iterator[None]:
        """Count a stream while it is open."""
        self._open[account] += 1
        OPEN_STREAMS.labels(stream).inc()
        try:
            yield
        finally:
            OPEN_STREAMS.labels(stream).dec()
            self._open[account] -= 1
            if self._open[account] <= 0:
                del self._open[account]

    def check(self, account: str) -> None:
        """Refuse a stream too many.

        Raises:
            Problem: RATE_LIMITED.
        """
        if self._open[account] >= self._at_most:
            raise Problem(ErrorCode.RATE_LIMITED, "Too many event streams are open.")


class BoundedStream(EventSourceResponse):
    """A stream whose reader is cut off when it takes nothing for `SEND_DEADLINE_SECONDS`.

    Until then no more than the connection's own buffer waits for it; the table keeps the rest,
    and the reader may come back for it with `Last-Event-ID`.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until either side has had enough."""
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            if not await cut_off(scope, receive):
                raise
            DROPPED_STREAMS.inc()
            _log.info("stream.reader_dropped")


def parse_last_event_id(text: str | None) -> int | None:
    """Return the resume point, or None for a client that starts anew.

    Raises:
        Problem: REQUEST_INVALID.
    """
    if text is None or not text.strip():
        return None
    if not text.strip().isdecimal() or len(text.strip()) > 18:
        raise Problem(ErrorCode.REQUEST_INVALID, "Last-Event-ID is not a number of ours.")
    return int(text.strip())


def session_events(
    core: Core, principal: Principal, session_id: SessionId, after: int | None
) -> tuple[Read, int]:
    """Return the reader of a session's stream and where it starts; without a resume point: at 0."""
    held = _held(core, principal)

    async def read(db: DbSession, last: int) -> Look | None:
        standing = await rows_of.session_standing(db, session_id, held)
        if standing is None or not standing.is_signed_in:
            return None
        if side_of(principal, standing) is None:
            return None
        if standing.event_seq <= last:
            return Look((), last, has_more=False)
        rows = await rows_of.session_events_after(db, session_id, last, BATCH)
        events = [StreamEvent(seq, kind, _json(data)) for seq, kind, data in rows]
        return Look(events, events[-1].id if events else last, len(rows) == BATCH)

    return read, after or 0


async def account_events(core: Core, principal: Principal, after: int | None) -> tuple[Read, int]:
    """Return the reader of a dashboard's stream; without a resume point it starts at the newest.

    A dashboard loads its lists first and then follows, so history is for resuming only.
    """
    audiences, held = _audiences(principal), _held(core, principal)
    if after is None:
        async with core.database.reading() as db:
            after = await rows_of.newest_account_event(db)

    async def read(db: DbSession, last: int) -> Look | None:
        if not await are_alive(db, held):
            return None
        rows = await rows_of.account_events_after(
            db, audiences, last, BATCH, unseen=await _unseen(db, principal)
        )
        views = SessionViews(db, core.clock.now(), core.settings.clock_warnings)
        events = []
        for row in rows:
            data = row.data
            if data is None:
                data = await _rendered(views, row, principal)
            if data is not None:
                events.append(StreamEvent(row.seq, row.kind, _json(data)))
        return Look(events, rows[-1].seq if rows else last, len(rows) == BATCH)

    return read, after


def account_topics(principal: Principal) -> list[str]:
    """Return what wakes a dashboard: its own events, and all mechanics' where it is one's."""
    return [account_topic(audience) for audience in _audiences(principal)]


async def _unseen(db: DbSession, principal: Principal) -> rows_of.Unseen | None:
    """Return which new requests a mechanic is not told of: all while away, else one's own."""
    if principal.mechanic_id is None:
        return None
    is_away = await accounts.is_away(db, principal.mechanic_id)
    whose = None if is_away else principal.user_id
    return rows_of.Unseen(ALL_MECHANICS, REQUEST_OPENED, whose)


async def stream(
    core: Core,
    *,
    topics: Sequence[str],
    read: Read,
    after: int,
    principal: Principal,
    is_over: Callable[[], bool],
) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield the starting number, then events until credentials or access end, or the service."""
    last = after
    yield ServerSentEvent(id=str(after))
    with core.wakeup.waiter(*topics) as signal:
        while not is_over():
            signal.clear()
            try:
                # Whoever hangs up in the middle of a query would cost the pool its connection.
                with CancelScope(shield=True):
                    async with core.database.reading() as db:
                        look = await read(db, last)
            except UNAVAILABLE as error:
                # The client comes back with the last id it applied, and finds the rest.
                _log.warning("stream.database_away", error=type(error).__name__)
                return
            if look is None:
                return
            for event in look.events:
                yield ServerSentEvent(data=event.data, id=str(event.id), event=event.kind)
            # By the last row and not by the last event: rows that show nothing are behind it too.
            last = look.last
            left_seconds = (principal.expires_at - core.clock.now()).total_seconds()
            if left_seconds <= 0:
                return
            if look.has_more:
                continue
            await _wait(signal, min(left_seconds, core.settings.stream_poll_seconds))


def answer(
    core: Core,
    streams: OpenStreams,
    principal: Principal,
    name: str,
    events: Callable[[], AsyncGenerator[ServerSentEvent, None]],
) -> EventSourceResponse:
    """Return the HTTP answer of a stream; a reader that does not read is cut off."""
    streams.check(principal.account)

    async def counted() -> AsyncIterator[ServerSentEvent]:
        # Closed by hand: a generator left to the collector ends in some later turn of the loop.
        with streams.one(principal.account, name):
            async with aclosing(events()) as source:
                async for event in source:
                    yield event

    return BoundedStream(
        counted(),
        ping=core.settings.stream_ping_seconds,
        send_timeout=SEND_DEADLINE_SECONDS,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _held(core: Core, principal: Principal) -> Held:
    """Return what of a reader's sign-ins this service can see the end of."""
    is_ours = core.settings.embedded_auth
    return Held(
        user_sign_in_id=principal.user_sign_in_id if is_ours else None,
        mechanic_sign_in_id=principal.mechanic_sign_in_id,
        outside_user_id=None if is_ours else principal.customer_id,
        outside_issued_at=None if is_ours else principal.user_issued_at,
    )


def _audiences(principal: Principal) -> list[str]:
    audiences = []
    if principal.customer_id is not None and Role.CUSTOMER in principal.roles:
        audiences.append(customer_audience(principal.customer_id))
    if principal.mechanic_id is not None:
        audiences += [mechanic_audience(principal.mechanic_id), ALL_MECHANICS]
    return audiences


async def _rendered(
    views: SessionViews, row: AccountEventRow, principal: Principal
) -> dict[str, Any] | None:
    """Show the session as it is now: a reader who resumes gets the present, not the past."""
    session = await views.db.get(SessionRow, row.session_id) if row.session_id else None
    side = None if session is None else side_of(principal, session)
    if session is None or side is None:
        return None
    return {"at": wire_time(row.at), "session": await views.one(session, side)}


async def _wait(signal: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await signal.wait()
    except TimeoutError:
        return


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
