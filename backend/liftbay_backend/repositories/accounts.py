"""People: users, mechanics, and the names that others see."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import MechanicRow, RefreshTokenRow, UserRow
from liftbay_backend.domain.ids import MechanicId, UserId, is_id
from liftbay_backend.repositories.sign_ins import is_alive


async def user_by_email(db: AsyncSession, email: str) -> UserRow | None:
    """Return the account with an address in its stored, lower-case form."""
    query = select(UserRow).where(UserRow.email == email)
    return (await db.execute(query)).scalar_one_or_none()


async def lock_account(db: AsyncSession, named: str) -> UserRow | None:
    """Return an account by its address or id as stored, locked until the end of the transaction.

    Not its key, which a sign-in that is being renewed needs while this waits for its token.
    """
    for query in _ways_to(named):
        locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        if (user := (await db.execute(locking)).scalar_one_or_none()) is not None:
            return user
    return None


async def account_of_outside_id(db: AsyncSession, outside_id: str) -> UserRow | None:
    """Return the account that has this id, by the operator's word or as its own."""
    for query in _ways_to(outside_id):
        if (user := (await db.execute(query)).scalar_one_or_none()) is not None:
            return user
    return None


def _ways_to(named: str) -> tuple[Select[UserRow], ...]:
    ways = (UserRow.outside_id, UserRow.id) if is_id(named) else (UserRow.email,)
    return tuple(select(UserRow).where(way == named) for way in ways)


async def may_sign_in(db: AsyncSession, proved: UserRow) -> bool:
    """Tell whether an account may sign in by the password that was just found right.

    An operator who changes it, or who disables the account, waits until this transaction ends, or
    was before it; and then no sign-in begins behind their back.
    """
    query = (
        select(UserRow.id)
        .where(
            UserRow.id == proved.id,
            UserRow.password_hash.is_not_distinct_from(proved.password_hash),
            UserRow.disabled_at.is_(None),
        )
        .with_for_update(read=True)
    )
    return (await db.execute(query)).first() is not None


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
