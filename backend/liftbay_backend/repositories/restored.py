"""What a database needs after it was put back from a backup, on either engine.

A backup is the past, and three things outside have seen more of the future than it has:

- **People's programs** have seen higher numbers of events and clocks, and would ignore everything
  up to them: all of these numbers are moved on.
- **Sign-ins** that somebody ended since, perhaps because a device was stolen, would live again:
  all sign-ins end, and people sign in once more.
- **The payment provider** has moved money that the books do not know of. Nothing is done about it
  here: before each transfer and refund the provider is asked for those it has (`durable.payouts`,
  `payments.stripe_payments`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, inspect, select, update
from sqlalchemy.orm import Session

from liftbay_backend.db.models import (
    CounterRow,
    ExecutorLeaseRow,
    FilePartRow,
    LedgerEntryRow,
    MechanicTokenRow,
    RefreshTokenRow,
    SessionRow,
    SettlementRow,
    UserRow,
)
from liftbay_backend.db.triggers import verify_triggers

SESSION_STEP: Final = 1_000_000
"""More events, and more changes of a clock, than one session ever has; 2,000 fit into a column."""
ACCOUNT_STEP: Final = 1_000_000_000
"""More events than all accounts have between two backups."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now.

    Attributes:
        sign_ins_ended: refresh tokens that nobody can use any more.
        open_settlements: that the service goes on with once it runs.
        unbalanced_postings: of the ledger; there are none in a sound database.
    """

    sessions: int
    open_settlements: int
    sign_ins_ended: int
    unbalanced_postings: int


def settle_in(connection: Connection, now: datetime) -> Restored:
    """Do it, in the caller's transaction, which the caller commits.

    Running it twice is harmless. The database is at the newest schema.

    Raises:
        TriggerMismatch: the status rules are not in place.
    """
    verify_triggers(connection)
    with Session(bind=connection) as db:
        ended = 0
        for kind in (RefreshTokenRow, MechanicTokenRow):
            alive = select(func.count()).select_from(kind).where(kind.revoked_at.is_(None))
            ended += db.execute(alive).scalar_one()
            db.execute(update(kind).where(kind.revoked_at.is_(None)).values(revoked_at=now))
        # An outside Supabase's tokens are not ours to end; the older ones count for nothing.
        db.execute(update(UserRow).values(sign_ins_ended_at=now))
        db.execute(
            update(SessionRow).values(
                event_seq=SessionRow.event_seq + SESSION_STEP,
                clock_revision=SessionRow.clock_revision + SESSION_STEP,
            )
        )
        db.execute(update(CounterRow).values(value=CounterRow.value + ACCOUNT_STEP))
        unbalanced = (
            select(LedgerEntryRow.posting)
            .group_by(LedgerEntryRow.posting)
            .having(func.sum(LedgerEntryRow.amount_cents) != 0)
        )
        is_open = SettlementRow.finished_at.is_(None)
        found = Restored(
            sessions=db.execute(select(func.count()).select_from(SessionRow)).scalar_one(),
            open_settlements=db.execute(
                select(func.count()).select_from(SettlementRow).where(is_open)
            ).scalar_one(),
            sign_ins_ended=ended,
            unbalanced_postings=len(db.execute(unbalanced).all()),
        )
        db.flush()
    return found


def part_keys(connection: Connection) -> list[tuple[str, str]]:
    """Return file and key of every part that the database counts."""
    rows = connection.execute(select(FilePartRow.file_id, FilePartRow.key))
    return [(file_id, key) for file_id, key in rows]


def has_sessions(connection: Connection) -> bool:
    """Tell whether there is a database of this service at all."""
    return "sessions" in inspect(connection).get_table_names()


def a_service_lives(connection: Connection) -> bool:
    """Tell whether some instance holds a lease, by the database's own clock, as leases are."""
    lives = select(ExecutorLeaseRow.executor_id).where(
        ExecutorLeaseRow.expires_at > func.current_timestamp()
    )
    return connection.execute(lives).first() is not None
