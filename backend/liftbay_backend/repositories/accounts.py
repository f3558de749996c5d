"""People: users, mechanics, and the names that others see."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import MechanicRow, RefreshTokenRow, UserRow
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.repositories.sign_ins import is_alive


async def user_by_email(db: AsyncSession, email: str) -> UserRow | None:
    """Return the account with an address in its stored, lower-case form."""
    query = select(UserRow).where(UserRow.email == email)
    return (await db.execute(query)).scalar_one_or_none()


async def signed_in_user(
    db: AsyncSession, user_id: UserId, sign_in_id: str | None
) -> UserRow | None:
    """Return a user, if that sign-in is theirs and nobody has ended it."""
    alive = is_alive(RefreshTokenRow, sign_in_id).where(RefreshTokenRow.user_id == UserRow.id)
    query = select(UserRow).where(UserRow.id == user_id, alive)
    return (await db.execute(query)).scalar_one_or_none()


async def mechanic_of_user(db: AsyncSession, user_id: str) -> MechanicRow | None:
    """Return the mechanic who has this account."""
    query = select(MechanicRow).where(MechanicRow.user_id == user_id)
    return (await db.execute(query)).scalar_one_or_none()


async def lock_mechanic(db: AsyncSession, mechanic_id: MechanicId) -> MechanicRow:
    """Return a mechanic who is there, locked until the end of the transaction."""
    query = select(MechanicRow).where(MechanicRow.mechanic_id == mechanic_id).with_for_update()
    return (await db.execute(query)).scalar_one()


async def is_away(db: AsyncSession, mechanic_id: MechanicId) -> bool:
    """Tell whether a mechanic takes no requests now."""
    query = select(MechanicRow.is_available).where(MechanicRow.mechanic_id == mechanic_id)
    return (await db.execute(query)).scalar_one_or_none() is False


async def customer_names(db: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return names by user id."""
    query = select(UserRow.id, UserRow.name).where(UserRow.id.in_(ids))
    return {row[0]: row[1] for row in await db.execute(query)}


async def mechanic_names(db: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return names by mechanic id."""
    query = select(MechanicRow.mechanic_id, MechanicRow.name).where(
        MechanicRow.mechanic_id.in_(ids)
    )
    return {row[0]: row[1] for row in await db.execute(query)}
