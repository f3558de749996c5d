"""Sessions: one under its lock, those worth a look, and pages of a dashboard's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import Select

from liftbay_backend.db.models import MechanicRow, SessionRow, UserRow
from liftbay_backend.domain.ids import MechanicId, SessionId, UserId
from liftbay_backend.domain.search_words import words_of
from liftbay_backend.domain.session_fsm import SessionStatus

_LOCK: Final = select(SessionRow).where(SessionRow.id == bindparam("session_id")).with_for_update()


@dataclass(frozen=True, slots=True)
class Theirs:
    """Whose sessions; somebody may be customer of some and mechanic of others."""

    customer_id: UserId | None
    mechanic_id: MechanicId | None


async def lock_session(db: AsyncSession, session_id: SessionId | str) -> SessionRow | None:
    """Return a session, locked until the end of the transaction."""
    return (await db.execute(_LOCK, {"session_id": session_id})).scalar_one_or_none()


async def unfinished_sessions(db: AsyncSession) -> tuple[SessionId, ...]:
    """Return the sessions whose rooms are worth a look."""
    query = select(SessionRow.id).where(
        SessionRow.status.in_((SessionStatus.WAITING, SessionStatus.LIVE))
    )
    return tuple(SessionId(one) for one in (await db.execute(query)).scalars())


async def sessions_of(db: AsyncSession, ids: Sequence[SessionId]) -> list[SessionRow]:
    """Return those of these sessions that there are, in any order."""
    query = select(SessionRow).where(SessionRow.id.in_(ids))
    return list((await db.execute(query)).scalars())


async def completed_between(
    db: AsyncSession, customer_id: str, since: datetime, until: datetime
) -> list[SessionRow]:
    """Return a customer's newest hundred sessions that were delivered and ended in between."""
    query = (
        select(SessionRow)
        .where(
            SessionRow.customer_id == customer_id,
            SessionRow.billable.is_(True),
            SessionRow.ended_at >= since,
            SessionRow.ended_at <= until,
        )
        .order_by(SessionRow.ended_at.desc())
        .limit(100)
    )
    return list((await db.execute(query)).scalars())


async def page_of_sessions(
    db: AsyncSession,
    *,
    of: Theirs | None,
    statuses: frozenset[SessionStatus],
    words: str,
    before: tuple[datetime, str] | None,
    at_most: int,
) -> list[SessionRow]:
    """Return sessions, newest first.

    Args:
        of: whose; None is everybody's.
        statuses: only these; empty means every one.
        words: every word must appear in the vehicle, the concern or the name of one of the two,
            whatever its case and accents; see `domain.search_words`.
        before: only sessions older than this creation time and id.
        at_most: the page's length.
    """
    query = select(SessionRow).order_by(SessionRow.created_at.desc(), SessionRow.id.desc())
    if of is not None:
        query = query.where(
            or_(
                SessionRow.customer_id == (of.customer_id or ""),
                SessionRow.mechanic_id == (of.mechanic_id or ""),
            )
        )
    if statuses:
        query = query.where(SessionRow.status.in_(statuses))
    query = _with_words(query, words_of(words))
    if before is not None:
        query = query.where(tuple_(SessionRow.created_at, SessionRow.id) < tuple_(*before))
    return list((await db.execute(query.limit(at_most))).scalars())


def _with_words(query: Select[SessionRow], words: Sequence[str]) -> Select[SessionRow]:
    for word in words:
        pattern = f"%{_escaped(word)}%"
        customer = select(UserRow.id).where(UserRow.search_name.like(pattern, escape="\\"))
        mechanic = select(MechanicRow.mechanic_id).where(
            MechanicRow.search_name.like(pattern, escape="\\")
        )
        query = query.where(
            or_(
                SessionRow.search_text.like(pattern, escape="\\"),
                SessionRow.customer_id.in_(customer),
                SessionRow.mechanic_id.in_(mechanic),
            )
        )
    return query


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
