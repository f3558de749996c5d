"""Sign-ins of both kinds: a family of refresh tokens, alive until somebody ends it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Exists, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from liftbay_backend.db.base import Id
from liftbay_backend.db.models import MechanicTokenRow, RefreshTokenRow, UserRow
from liftbay_backend.db.types import UtcDateTime
from liftbay_backend.domain.ids import UserId

Row = TypeVar("Row", RefreshTokenRow, MechanicTokenRow)


def is_alive(
    table: type[RefreshTokenRow] | type[MechanicTokenRow],
    sign_in_id: str | BindParameter[str] | None,
) -> Exists:
    """Return the condition that nobody has ended a sign-in."""
    return exists().where(table.sign_in_id == sign_in_id, table.revoked_at.is_(None))


@dataclass(frozen=True, slots=True)
class Held:
    """The sign-ins that a reader has; None where there is none of that kind.

    Attributes:
        outside_user_id: the account behind an outside Supabase's token, whose sign-in is not ours.
        outside_issued_at: when that token was issued.
    """

    user_sign_in_id: str | None = None
    mechanic_sign_in_id: str | None = None
    outside_user_id: UserId | None = None
    outside_issued_at: datetime | None = None

    @property
    def conditions(self) -> tuple[Exists, ...]:
        """Return the conditions that nobody has ended those that count; they take `values`."""
        return _aliveness(
            user=self.user_sign_in_id is not None,
            mechanic=self.mechanic_sign_in_id is not None,
            outside=self.outside_user_id is not None,
        )

    @property
    def values(self) -> dict[str, Any]:
        """Return what the conditions are asked with."""
        return {
            "user_sign_in_id": self.user_sign_in_id,
            "mechanic_sign_in_id": self.mechanic_sign_in_id,
            "outside_user_id": self.outside_user_id,
            "outside_issued_at": self.outside_issued_at,
        }


async def are_alive(db: AsyncSession, held: Held) -> bool:
    """Tell whether nobody has ended the sign-ins that are held."""
    needed = held.conditions
    if not needed:
        return True
    return all((await db.execute(select(*needed), held.values)).one())


@cache
def _aliveness(*, user: bool, mechanic: bool, outside: bool) -> tuple[Exists, ...]:
    """Build the conditions once: streams ask often."""
    needed = []
    if user:
        needed.append(is_alive(RefreshTokenRow, bindparam("user_sign_in_id")))
    if mechanic:
        needed.append(is_alive(MechanicTokenRow, bindparam("mechanic_sign_in_id")))
    if outside:
        ended_at = UserRow.sign_ins_ended_at
        is_newer = ended_at <= bindparam("outside_issued_at", type_=UtcDateTime())
        needed.append(
            exists().where(
                UserRow.id == bindparam("outside_user_id", type_=Id),
                UserRow.disabled_at.is_(None),
                ended_at.is_(None) | is_newer,
            )
        )
    return tuple(needed)


async def lock_token(db: AsyncSession, kind: type[Row], token_hash: str) -> Row | None:
    """Return a refresh token's row, locked until the end of the transaction."""
    query = select(kind).where(kind.token_hash == token_hash).with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def revoke(
    db: AsyncSession,
    kind: type[RefreshTokenRow] | type[MechanicTokenRow],
    sign_in_id: str,
    at: datetime,
) -> None:
    """End one sign-in; one that is over keeps its time."""
    await db.execute(
        update(kind)
        .where(kind.sign_in_id == sign_in_id, kind.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def revoke_all_of_user(
    db: AsyncSession, user_id: str, at: datetime, *, but: str | None = None
) -> int:
    """End every sign-in of a user, perhaps all but one; returns how many."""
    kind = RefreshTokenRow
    query = update(kind).where(kind.user_id == user_id, kind.revoked_at.is_(None))
    if but is not None:
        query = query.where(kind.sign_in_id != but)
    return await _until_none(db, query.values(revoked_at=at).returning(kind.sign_in_id))


async def revoke_all_of_mechanic(db: AsyncSession, mechanic_id: str, at: datetime) -> int:
    """End every sign-in of a mechanic by cookie; returns how many."""
    kind = MechanicTokenRow
    query = update(kind).where(kind.mechanic_id == mechanic_id, kind.revoked_at.is_(None))
    return await _until_none(db, query.values(revoked_at=at).returning(kind.sign_in_id))


async def _until_none(db: AsyncSession, query: ReturningUpdate[str]) -> int:
    """Repeat until nothing is left.

    A renewal that was under way holds the token that PostgreSQL waits for here, and adds the next
    token of the same sign-in, which this statement cannot see; the next statement does.
    """
    ended: set[str] = set()
    while found := (await db.execute(query)).scalars().all():
        ended.update(found)
    return len(ended)
