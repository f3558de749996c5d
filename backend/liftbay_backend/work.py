"""The unit of work: one short write transaction, its events, and who is woken after it.

    async with works.begin() as work:
        session = await work.session(session_id)      # locked until the end
        move_session(work, session, SessionStatus.LIVE)
        work.emit(session, "clock", {...})

Nothing external is called inside: what must happen after the commit is a row that a durable
workflow picks up. Events of one transaction are numbered under row locks, so the order of numbers
is the order of commits.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from liftbay_backend.clock import Clock, wire_time
from liftbay_backend.db.engine import Database, DbSession
from liftbay_backend.db.models import AccountEventRow, SessionRow
from liftbay_backend.domain.ids import MechanicId, SessionId, UserId
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.events import append_session_events, lock_counter, notify
from liftbay_backend.repositories.sessions import lock_session
from liftbay_backend.wakeup import Wakeup, account_topic, session_topic

ACCOUNT_COUNTER: Final = "account_events"
ALL_MECHANICS: Final = "mechanics"


def customer_audience(user_id: UserId | str) -> str:
    """Name the dashboard stream of a customer's account."""
    return f"customer:{user_id}"


def mechanic_audience(mechanic_id: MechanicId | str) -> str:
    """Name the dashboard stream of a mechanic."""
    return f"mechanic:{mechanic_id}"


@dataclass(frozen=True, slots=True)
class _AccountEvent:
    audience: str
    kind: str
    session_id: str | None
    data: dict[str, Any] | None


@dataclass(slots=True)
class Work:
    """One write transaction.

    Attributes:
        db: add and query rows here; the unit commits, nobody else does.
        now: service time at the begin; every row of the transaction carries this one.
    """

    db: DbSession
    now: datetime
    _session_events: list[dict[str, Any]] = field(default_factory=list)
    _account_events: list[_AccountEvent] = field(default_factory=list)
    _topics: set[str] = field(default_factory=set)

    async def session(self, session_id: SessionId | str) -> SessionRow:
        """Return the session, locked until the end of this transaction.

        Raises:
            Problem: SESSION_NOT_FOUND.
        """
        row = await lock_session(self.db, session_id)
        if row is None:
            raise Problem(ErrorCode.SESSION_NOT_FOUND)
        return row

    def emit(self, session: SessionRow, kind: str, data: dict[str, Any]) -> None:
        """Append one event to the session's stream; `at` is added.

        Args:
            session: the row as `session` returned it, or one that this transaction inserts;
                its lock guards the numbering.
            kind: the event's name, as tests/contract/session_events.json lists them.
            data: the wire object without `at`.
        """
        session.event_seq += 1
        self._session_events.append(
            {
                "session_id": session.id,
                "seq": session.event_seq,
                "kind": kind,
                "data": {"at": wire_time(self.now), **data},
                "at": self.now,
            }
        )
        self._topics.add(session_topic(session.id))

    def emit_account(
        self,
        audience: str,
        kind: str,
        data: dict[str, Any] | None,
        *,
        session_id: SessionId | str | None = None,
    ) -> None:
        """Append one event to an account's dashboard stream; `at` is added.

        Args:
            audience: from `customer_audience`, `mechanic_audience` or `ALL_MECHANICS`.
            kind: the event's name, as tests/contract/account_events.json lists them.
            data: the wire object without `at`; None where the stream renders the session for its
                reader at the moment of reading (`session.changed`).
            session_id: the session it is about.
        """
        stamped = None if data is None else {"at": wire_time(self.now), **data}
        self._account_events.append(
            _AccountEvent(audience, kind, None if session_id is None else str(session_id), stamped)
        )
        self._topics.add(account_topic(audience))

    def session_changed(self, session: SessionRow) -> None:
        """Tell both participants' dashboards that the session is not what it was."""
        event = ("session.changed", None)
        self.emit_account(customer_audience(session.customer_id), *event, session_id=session.id)
        if session.mechanic_id is not None:
            self.emit_account(mechanic_audience(session.mechanic_id), *event, session_id=session.id)

    async def finish(self) -> frozenset[str]:
        """Keep the events; the account events last of all, so that their counter's lock is short.

        Returns the topics to wake after the commit.
        """
        if self._session_events or self._account_events:
            # Rows that the events point at must exist before them.
            await self.db.flush()
        if self._session_events:
            await append_session_events(self.db, self._session_events)
        if self._account_events:
            counter = await lock_counter(self.db, ACCOUNT_COUNTER)
            for event in self._account_events:
                counter.value += 1
                self.db.add(
                    AccountEventRow(
                        seq=counter.value,
                        audience=event.audience,
                        kind=event.kind,
                        session_id=event.session_id,
                        data=event.data,
                        at=self.now,
                    )
                )
        topics = frozenset(self._topics)
        if topics and self.db.get_bind().dialect.name == "postgresql":
            await notify(self.db, sorted(topics))
        return topics


class Works:
    """Where units of work come from."""

    def __init__(self, database: Database, clock: Clock, wakeup: Wakeup) -> None:
        self._database = database
        self._clock = clock
        self._wakeup = wakeup

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open one; it commits at the end of the block and then wakes the streams.

        Any exception rolls everything back, events included.
        """
        topics: frozenset[str] = frozenset()
        try:
            async with self._database.writing() as db:
                work = Work(db, self._clock.now())
                yield work
                topics = await work.finish()
        finally:
            # Whoever is cancelled at the commit may have committed; a look in vain costs little.
            self._wakeup.wake(topics)
