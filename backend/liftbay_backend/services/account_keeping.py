"""What an operator does to accounts: roles, passwords, the end of sign-ins, shutting them.

A role is given only together with a proof of the operator's own choice who is meant: a new
password here, or the person's id at the outside Supabase. An address proves nothing: whoever came
first with it may be a stranger (docs/decisions/0060).
"""

from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from liftbay_backend.auth import refresh
from liftbay_backend.db.models import MechanicRow, UserRow
from liftbay_backend.domain.ids import MechanicId, UserId, new_uuid
from liftbay_backend.repositories.accounts import (
    account_of_outside_id,
    lock_account,
    mechanic_of_user,
)
from liftbay_backend.services.accounts import checked_outside_id, normal_email, shown_name_of
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work, Works

_security = structlog.get_logger("liftbay.security")


class KeepingRefused(Exception):
    """Nothing changed; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An account as it is now.

    Attributes:
        sign_ins_ended: sign-ins of this service that were alive until now; those at an outside
            Supabase are not counted here.
    """

    user_id: UserId
    mechanic_id: MechanicId | None
    email: str = field(repr=False)
    sign_ins_ended: int = 0


class AccountKeeping:
    """The operator's hand on accounts. `named` is an address, or an id as the log has it."""

    def __init__(self, works: Works, settings: Settings) -> None:
        self._works = works
        self._is_embedded = settings.embedded_auth
        self._tolerance = timedelta(
            seconds=0 if settings.embedded_auth else settings.auth_tolerance_seconds
        )

    async def give_support(
        self, named: str, *, password_hash: str | None = None, outside_id: str | None = None
    ) -> Kept:
        """Make an account support instead of customer.

        Args:
            password_hash: of the new password, where sign-in is this service's own.
            outside_id: who is meant, where it is an outside Supabase's.

        Raises:
            AccountRefused: `outside_id` is none.
            KeepingRefused: no such account, not this person's, or it may not be support.
        """
        async with self._works.begin() as work:
            user, mechanic = await self._open_account(work, named)
            self._check_proof(user, outside_id)
            if user.is_support:
                raise KeepingRefused("this account is support already")
            if mechanic is not None:
                raise KeepingRefused(
                    "a mechanic cannot be support as well: "
                    "use create-support with another address of this person"
                )
            user.is_support = True
            kept = await self._with_new_password(work, user, mechanic, password_hash)
        _security.info("account.role_given", user_id=kept.user_id, role="support")
        return kept

    async def take_support(self, named: str) -> Kept:
        """Make support a customer again, from the next request on.

        Raises:
            KeepingRefused: no such account, or it is not support.
        """
        async with self._works.begin() as work:
            user, mechanic = await _account(work, named)
            if not user.is_support:
                raise KeepingRefused("this account is not support")
            user.is_support = False
            kept = _kept(user, mechanic)
        _security.info("account.role_taken", user_id=kept.user_id, role="support")
        return kept

    async def give_mechanic(
        self, named: str, *, name: str, password_hash: str, outside_id: str | None = None
    ) -> Kept:
        """Make an account a mechanic's as well; its owner stays a customer.

        Args:
            name: what customers see.
            password_hash: of the password for the sign-in by cookie, which is always ours.
            outside_id: who is meant, where customers' sign-in is an outside Supabase's.

        Raises:
            AccountRefused: `outside_id` is none, or the name is.
            KeepingRefused: no such account, not this person's, or it may not be a mechanic's.
        """
        shown_name = shown_name_of(name)
        async with self._works.begin() as work:
            user, mechanic = await self._open_account(work, named)
            self._check_proof(user, outside_id)
            if mechanic is not None:
                raise KeepingRefused(
                    "this account is a mechanic's already: set-password gives it a new password"
                )
            if user.is_support:
                raise KeepingRefused(
                    "support cannot be a mechanic as well: use create-mechanic with another "
                    "address of this person, or revoke-support first"
                )
            mechanic = MechanicRow(
                mechanic_id=new_uuid(), user_id=user.id, name=shown_name, created_at=work.now
            )
            work.db.add(mechanic)
            kept = await self._with_new_password(work, user, mechanic, password_hash)
        _security.info("account.role_given", user_id=kept.user_id, role="mechanic")
        return kept

    async def set_outside_id(self, named: str, outside_id: str) -> Kept:
        """Say which `sub` of the outside Supabase signs in to an account; no other does any more.

        Raises:
            AccountRefused: `outside_id` is none.
            KeepingRefused: no such account, or that id has another one.
        """
        outside_id = checked_outside_id(outside_id)
        async with self._works.begin() as work:
            user, mechanic = await _account(work, named)
            if _is_of(user, outside_id):
                raise KeepingRefused("this id signs in to this account already")
            other = await account_of_outside_id(work.db, outside_id)
            if other is not None and other.id != user.id:
                raise KeepingRefused(
                    f"this id signs in to another account already, {other.id} ({other.email}): "
                    "grant-mechanic or grant-support gives that one a role"
                )
            user.outside_id = outside_id
            kept = await self._signed_out(work, user, mechanic)
        _security.info("account.outside_id_set", user_id=kept.user_id)
        return kept

    async def set_password(self, named: str, password_hash: str) -> Kept:
        """Give an account a new password; every sign-in ends.

        Raises:
            KeepingRefused: no such account, or it has no password here.
        """
        async with self._works.begin() as work:
            user, mechanic = await _account(work, named)
            if mechanic is None and not self._is_embedded:
                raise KeepingRefused(
                    "this person signs in at the outside Supabase alone: "
                    "the password is changed there"
                )
            kept = await self._with_new_password(work, user, mechanic, password_hash)
        _security.info("account.password_set", user_id=kept.user_id)
        return kept

    async def end_sign_ins(self, named: str) -> Kept:
        """End every sign-in of an account; its owner may sign in again.

        Raises:
            KeepingRefused: no such account.
        """
        async with self._works.begin() as work:
            kept = await self._signed_out(work, *await _account(work, named))
        _security.info("account.sign_ins_ended", user_id=kept.user_id)
        return kept

    async def disable(self, named: str) -> Kept:
        """Shut an account: every sign-in ends, and no new one begins.

        Raises:
            KeepingRefused: no such account, or it is disabled already.
        """
        async with self._works.begin() as work:
            user, mechanic = await self._open_account(work, named)
            user.disabled_at = work.now
            kept = await self._signed_out(work, user, mechanic)
        _security.info("account.disabled", user_id=kept.user_id)
        return kept

    async def enable(self, named: str) -> Kept:
        """Open an account again; its owner signs in anew.

        Raises:
            KeepingRefused: no such account, or it is not disabled.
        """
        async with self._works.begin() as work:
            user, mechanic = await _account(work, named)
            if user.disabled_at is None:
                raise KeepingRefused("this account is not disabled")
            user.disabled_at = None
            kept = _kept(user, mechanic)
        _security.info("account.enabled", user_id=kept.user_id)
        return kept

    def _check_proof(self, user: UserRow, outside_id: str | None) -> None:
        """Refuse a role for an account of which the operator has not said whose it is."""
        if self._is_embedded:
            return
        if outside_id is None:
            raise KeepingRefused(
                "--sub is missing: anybody may have come first with this address, so look up the "
                f"person's id at the outside Supabase; this account is that of {_outside_id(user)}"
            )
        if not _is_of(user, checked_outside_id(outside_id)):
            raise KeepingRefused(
                f"this account is that of {_outside_id(user)} and not of this id: "
                "if it is to be this person's, set-outside-id says so"
            )

    async def _open_account(self, work: Work, named: str) -> tuple[UserRow, MechanicRow | None]:
        user, mechanic = await _account(work, named)
        if user.disabled_at is not None:
            raise KeepingRefused("this account is disabled: enable-account opens it again")
        return user, mechanic

    async def _with_new_password(
        self, work: Work, user: UserRow, mechanic: MechanicRow | None, password_hash: str | None
    ) -> Kept:
        if password_hash is None:
            return _kept(user, mechanic)
        user.password_hash = password_hash
        return await self._signed_out(work, user, mechanic)

    async def _signed_out(self, work: Work, user: UserRow, mechanic: MechanicRow | None) -> Kept:
        # Clocks differ: a token that was issued just before may bear a time just after.
        user.sign_ins_ended_at = work.now + self._tolerance
        await work.db.flush()
        ended = await refresh.revoke_all_of_user(work, user.id)
        if mechanic is not None:
            ended += await refresh.revoke_all_of_mechanic(work, mechanic.mechanic_id)
        return _kept(user, mechanic, ended)


async def _account(work: Work, named: str) -> tuple[UserRow, MechanicRow | None]:
    user = await lock_account(work.db, normal_email(named))
    if user is None:
        raise KeepingRefused("there is no account with this e-mail address or id")
    return user, await mechanic_of_user(work.db, user.id)


def _outside_id(user: UserRow) -> str:
    return user.outside_id or user.id


def _is_of(user: UserRow, outside_id: str) -> bool:
    return _outside_id(user) == outside_id


def _kept(user: UserRow, mechanic: MechanicRow | None, sign_ins_ended: int = 0) -> Kept:
    return Kept(
        UserId(user.id),
        None if mechanic is None else MechanicId(mechanic.mechanic_id),
        user.email,
        sign_ins_ended,
    )
