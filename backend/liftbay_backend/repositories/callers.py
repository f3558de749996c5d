"""Who asks, and the session that the path names: one statement, for it comes before every answer.

The statements are built once. Building one anew and loading three objects took a third of all the
processor time of a busy service (docs/capacity.md).
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from liftbay_backend.db.models import (
    MechanicRow,
    MechanicTokenRow,
    RefreshTokenRow,
    SessionRow,
    UserRow,
)
from liftbay_backend.domain.ids import MechanicId, UserId


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a request claims to be, by signed credentials; None where there is none.

    Attributes:
        user_sign_in_id: None where sign-ins are another service's, which alone knows their end.
    """

    user_id: UserId | None
    user_sign_in_id: str | None
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
class Found:
    """What there is of what was claimed: sign-ins that nobody has ended, and the session."""

    user: User | None
    mechanic: Mechanic | None
    session: SessionRow | None


def _statement(*, ours: bool) -> Select[Any]:
    """Build the one row of everything; each part is null where there is no such thing."""
    anchor = select(literal(1).label("one")).subquery("asked")
    account = aliased(UserRow, name="account")
    is_user = UserRow.id == bindparam("user_id")
    if ours:
        is_user &= exists().where(
            RefreshTokenRow.sign_in_id == bindparam("user_sign_in_id"),
            RefreshTokenRow.user_id == UserRow.id,
            RefreshTokenRow.revoked_at.is_(None),
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
        *(MechanicRow.mechanic_id, MechanicRow.user_id, MechanicRow.name, account.email),
        SessionRow,
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


async def find_caller(db: AsyncSession, claimed: Claimed, *, ours: bool) -> Found:
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
    row: Any = (await db.execute(_OURS if ours else _OUTSIDE, values)).one()
    return Found(
        None if row[0] is None else User(*row[:4]),
        None if row[4] is None else Mechanic(*row[4:8]),
        row[8],
    )
