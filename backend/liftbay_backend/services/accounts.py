"""Accounts: created by sign-up or by the operator, looked up by e-mail."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog

from liftbay_backend.auth.passwords import MAX_CHARACTERS, MIN_CHARACTERS, Passwords
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import MechanicRow, UserRow
from liftbay_backend.domain.ids import MechanicId, UserId, is_id, new_uuid
from liftbay_backend.domain.roles import Role
from liftbay_backend.repositories.accounts import account_of_outside_id
from liftbay_backend.work import Works

_EMAIL: Final = re.compile(r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$")
_MAX_EMAIL: Final = 254
_MAX_NAME: Final = 120
_security = structlog.get_logger("liftbay.security")


class AccountFault(StrEnum):
    """Why an account cannot be made."""

    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NAME_INVALID = "name_invalid"
    OUTSIDE_ID_INVALID = "outside_id_invalid"
    OUTSIDE_ID_TAKEN = "outside_id_taken"


class AccountRefused(Exception):
    """Nothing changed: the account was not made, or its password stays."""

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
    password: str | None,
    name: str | None,
    mechanic: bool = False,
    support: bool = False,
    outside_id: str | None = None,
) -> NewAccount:
    """Make an account; a mechanic gets an id of its own beside the user's.

    Args:
        password: None for whoever signs in at an outside Supabase alone.
        outside_id: their `sub` there, as the operator has it; a client never names one.

    Raises:
        AccountRefused: with the reason.
    """
    email = normal_email(email)
    if not _EMAIL.match(email) or len(email) > _MAX_EMAIL:
        raise AccountRefused(AccountFault.EMAIL_INVALID)
    shown_name = shown_name_of(name or "", otherwise=email.partition("@")[0])
    if outside_id is not None:
        outside_id = checked_outside_id(outside_id)
    password_hash = None if password is None else await new_hash(passwords, password)
    user_id = UserId(new_uuid())
    async with works.begin() as work:
        if outside_id is not None and await account_of_outside_id(work.db, outside_id):
            raise AccountRefused(AccountFault.OUTSIDE_ID_TAKEN)
        values = {
            "id": user_id,
            "email": email,
            "name": shown_name,
            "password_hash": password_hash,
            "is_support": support,
            "created_at": work.now,
            "outside_id": outside_id,
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
    if mechanic or support:
        role = Role.MECHANIC if mechanic else Role.SUPPORT
        _security.info("account.role_given", user_id=user_id, role=role.value)
    return NewAccount(user, mechanic_id)


def shown_name_of(name: str, *, otherwise: str = "") -> str:
    """Return a name as others see it.

    Args:
        otherwise: in the place of a blank one.

    Raises:
        AccountRefused: it is too long, has characters that do not print, or is blank.
    """
    shown_name = name.strip() or otherwise
    if not 0 < len(shown_name) <= _MAX_NAME or not shown_name.isprintable():
        raise AccountRefused(AccountFault.NAME_INVALID)
    return shown_name


async def new_hash(passwords: Passwords, password: str) -> str:
    """Return what is stored of a new password.

    Raises:
        AccountRefused: it is too short or too long.
    """
    if len(password) < MIN_CHARACTERS:
        raise AccountRefused(AccountFault.TOO_SHORT)
    if len(password) > MAX_CHARACTERS:
        raise AccountRefused(AccountFault.TOO_LONG)
    return await passwords.hash(password)


def checked_outside_id(text: str) -> str:
    """Return the id of somebody at an outside Supabase, as its tokens write it.

    Raises:
        AccountRefused: it is none; an address is none either.
    """
    outside_id = text.strip().lower()
    if not is_id(outside_id):
        raise AccountRefused(AccountFault.OUTSIDE_ID_INVALID)
    return outside_id


def normal_email(email: str) -> str:
    """Return the form in which e-mails are stored and compared."""
    return email.strip().lower()
