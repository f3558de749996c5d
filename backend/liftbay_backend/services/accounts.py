"""Accounts: created by sign-up or by the operator, looked up by e-mail."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from liftbay_backend.auth.passwords import MAX_CHARACTERS, MIN_CHARACTERS, Passwords
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import MechanicRow, UserRow
from liftbay_backend.domain.ids import MechanicId, UserId, new_uuid
from liftbay_backend.work import Works

_EMAIL: Final = re.compile(r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$")
_MAX_EMAIL: Final = 254
_MAX_NAME: Final = 120


class AccountFault(StrEnum):
    """Why an account cannot be made."""

    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NAME_INVALID = "name_invalid"


class AccountRefused(Exception):
    """The account was not made; nothing changed."""

    def __init__(self, fault: AccountFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that was just made."""

    user: UserRow
    mechanic_id: MechanicId | None


async def create_account(
    works: Works,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    name: str | None,
    mechanic: bool = False,
    support: bool = False,
) -> NewAccount:
    """Make an account; a mechanic gets an id of its own beside the user's.

    Raises:
        AccountRefused: with the reason.
    """
    email = normal_email(email)
    if not _EMAIL.match(email) or len(email) > _MAX_EMAIL:
        raise AccountRefused(AccountFault.EMAIL_INVALID)
    if len(password) < MIN_CHARACTERS:
        raise AccountRefused(AccountFault.TOO_SHORT)
    if len(password) > MAX_CHARACTERS:
        raise AccountRefused(AccountFault.TOO_LONG)
    shown_name = (name or "").strip() or email.partition("@")[0]
    if len(shown_name) > _MAX_NAME or not shown_name.isprintable():
        raise AccountRefused(AccountFault.NAME_INVALID)
    password_hash = await passwords.hash(password)
    user_id = UserId(new_uuid())
    async with works.begin() as work:
        values = {
            "id": user_id,
            "email": email,
            "name": shown_name,
            "password_hash": password_hash,
            "is_support": support,
            "created_at": work.now,
        }
        if not await insert_once(work.db, UserRow, values):
            raise AccountRefused(AccountFault.EMAIL_TAKEN)
        user = await work.db.get_one(UserRow, user_id)
        mechanic_id = MechanicId(new_uuid()) if mechanic else None
        if mechanic_id is not None:
            work.db.add(
                MechanicRow(
                    mechanic_id=mechanic_id,
                    user_id=user_id,
                    name=shown_name,
                    created_at=work.now,
                )
            )
    return NewAccount(user, mechanic_id)


def normal_email(email: str) -> str:
    """Return the form in which e-mails are stored and compared."""
    return email.strip().lower()
