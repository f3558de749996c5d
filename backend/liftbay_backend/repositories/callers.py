"""Who asks, and the session that the path names: one statement, for it comes before every answer.

The statements are built once, and ask for no column that nobody needs. Building one anew and
loading three objects took a third of all the processor time of a busy service (docs/capacity.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from liftbay_backend.db.base import Id
from liftbay_backend.db.models import (
    MechanicRow,
    MechanicTokenRow,
    RefreshTokenRow,
    SessionRow,
    UserRow,
)
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.session_clock import SessionClock
from liftbay_backend.domain.session_fsm import SessionStatus


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a request claims to be, by signed credentials; None where there is none.

    Attributes:
        user_id: the `sub` of an access token.
        user_sign_in_id: None where sign-ins are another service's, which alone knows their end.
        user_issued_at: when that token was issued.
    """

    user_id: UserId | None
    user_sign_in_id: str | None
    user_issued_at: datetime | None
    mechanic_id: MechanicId | None
    mechanic_sign_in_id: str | None
    session_id: str | None


@dataclass(frozen=True, slots=True)
class User:
    """An account that is signed in with an access token."""

    id: UserId
    name: str = field(repr=False)
    email: str = field(repr=False)
    is_support: bool


@dataclass(frozen=True, slots=True)
class Mechanic:
    """A mechanic who is signed in with the cookie; the address is their account's."""

    id: MechanicId
    user_id: UserId
    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NamedSession:
    """What is decided by, of the session that a path names, and its clock."""

    id: str
    customer_id: str
    mechanic_id: str | None
    type: SessionType
    status: SessionStatus
    accepted_at: datetime | None
    scheduled_for: datetime | None
    clock: SessionClock = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of what was claimed: sign-ins that nobody has ended, and the session.

    Attributes:
        is_shut: there is an account, and the operator has disabled it or ended its sign-ins.
    """

    user: User | None
    mechanic: Mechanic | None
    session: NamedSession | None
    is_shut: bool = False


def _statement(*, ours: bool) -> Select[Any]:
    """Build the one row of everything; each part is null where there is no such thing."""
    anchor = select(literal(1).label("one")).subquery("asked")
    account = aliased(UserRow, name="account")
    sub = bindparam("user_id", type_=Id)
    if ours:
        is_user = (UserRow.id == sub) & exists().where(
            RefreshTokenRow.sign_in_id == bindparam("user_sign_in_id"),
            RefreshTokenRow.user_id == UserRow.id,
            RefreshTokenRow.revoked_at.is_(None),
        )
    else:
        # One account for a `sub`, and one `sub` for an account: once the operator has named
        # another, the first one opens nothing any more.
        other = aliased(UserRow, name="other")
        named = select(other.id).where(other.outside_id == sub).scalar_subquery()
        is_user = (UserRow.id == func.coalesce(named, sub)) & or_(
            UserRow.outside_id.is_(None), UserRow.outside_id == sub
        )
    is_mechanic = and_(
        MechanicRow.mechanic_id == bindparam("mechanic_id"),
        exists().where(
            MechanicTokenRow.sign_in_id == bindparam("mechanic_sign_in_id"),
            MechanicTokenRow.mechanic_id == MechanicRow.mechanic_id,
            MechanicTokenRow.revoked_at.is_(None),
        ),
    )
    columns: tuple[Any, ...] = (
        *(UserRow.id, UserRow.name, UserRow.email, UserRow.is_support),
        *(UserRow.disabled_at, UserRow.sign_ins_ended_at),
        *(MechanicRow.mechanic_id, MechanicRow.user_id, MechanicRow.name, account.email),
        *(SessionRow.id, SessionRow.customer_id, SessionRow.mechanic_id),
        *(SessionRow.type, SessionRow.status, SessionRow.accepted_at, SessionRow.scheduled_for),
        # In the order of `SessionClock`.
        *(SessionRow.clock_revision, SessionRow.clock_state, SessionRow.total_seconds),
        *(SessionRow.started_at, SessionRow.ends_at, SessionRow.held_remaining_seconds),
        *(SessionRow.paused_seconds, SessionRow.paused_at, SessionRow.resumed_at),
    )
    return (
        select(*columns)
        .select_from(anchor)
        .outerjoin(UserRow, is_user)
        .outerjoin(MechanicRow, is_mechanic)
        .outerjoin(account, account.id == MechanicRow.user_id)
        .outerjoin(SessionRow, SessionRow.id == bindparam("session_id"))
    )


_OURS: Final = _statement(ours=True)
_OUTSIDE: Final = _statement(ours=False)


def _session(columns: Sequence[Any]) -> NamedSession:
    """Make it of the statement's columns, whose order is that of the fields."""
    id_, customer_id, mechanic_id, kind, status, accepted_at, scheduled_for, *clock = columns
    return NamedSession(
        id_,
        customer_id,
        mechanic_id,
        kind,
        status,
        accepted_at,
        scheduled_for,
        SessionClock(*clock),
    )


def find_caller(connection: Connection, claimed: Claimed, *, ours: bool) -> Found:
    """Return what is behind the claims.

    Args:
        ours: access tokens belong to sign-ins of this service, which can be ended here.
    """
    values = {
        "user_id": claimed.user_id,
        "mechanic_id": claimed.mechanic_id,
        "mechanic_sign_in_id": claimed.mechanic_sign_in_id,
        "session_id": claimed.session_id,
    }
    if ours:
        values["user_sign_in_id"] = claimed.user_sign_in_id
    row: Any = connection.execute(_OURS if ours else _OUTSIDE, values).one()
    disabled_at, ended_at = row[4:6]
    is_shut = disabled_at is not None
    # Sign-ins of ours end by their rows; of another service's there is only their tokens' age.
    if not ours and ended_at is not None and claimed.user_issued_at is not None:
        is_shut |= claimed.user_issued_at < ended_at
    return Found(
        None if row[0] is None or is_shut else User(*row[:4]),
        None if row[6] is None else Mechanic(*row[6:10]),
        None if row[10] is None else _session(row[10:]),
        is_shut,
    )
