"""Sign-ins of both kinds: a family of refresh tokens, alive until somebody ends it."""

from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import BindParameter, Exists, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import MechanicTokenRow, RefreshTokenRow

Row = TypeVar("Row", RefreshTokenRow, MechanicTokenRow)


def is_alive(
    table: type[RefreshTokenRow] | type[MechanicTokenRow],
    sign_in_id: str | BindParameter[str] | None,
) -> Exists:
    """Return the condition that nobody has ended a sign-in."""
    return exists().where(table.sign_in_id == sign_in_id, table.revoked_at.is_(None))


async def are_alive(
    db: AsyncSession, *, user_sign_in_id: str | None, mechanic_sign_in_id: str | None
) -> bool:
    """Tell whether nobody has ended the sign-ins that are given; None is not asked for."""
    needed = aliveness(user=user_sign_in_id is not None, mechanic=mechanic_sign_in_id is not None)
    if not needed:
        return True
    values = {"user_sign_in_id": user_sign_in_id, "mechanic_sign_in_id": mechanic_sign_in_id}
    return all((await db.execute(select(*needed), values)).one())


@cache
def aliveness(*, user: bool, mechanic: bool) -> tuple[Exists, ...]:
    """Return the conditions that nobody has ended the sign-ins that count.

    They take `user_sign_in_id` and `mechanic_sign_in_id`, and are built once: streams ask often.
    """
    needed = []
    if user:
        needed.append(is_alive(RefreshTokenRow, bindparam("user_sign_in_id")))
    if mechanic:
        needed.append(is_alive(MechanicTokenRow, bindparam("mechanic_sign_in_id")))
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
    db: AsyncSession, user_id: str, at: datetime, *, but: str | None
) -> None:
    """End every sign-in of a user, perhaps all but one."""
    query = (
        update(RefreshTokenRow)
        .where(RefreshTokenRow.user_id == user_id, RefreshTokenRow.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    if but is not None:
        query = query.where(RefreshTokenRow.sign_in_id != but)
    await db.execute(query)
