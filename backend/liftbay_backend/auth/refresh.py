"""Refresh tokens of both kinds of sign-in: random, stored as a hash, rotated at every use.

A token that was just rotated is accepted again for some seconds, because parallel clients and lost
answers are normal. Later it is a stolen one: the whole sign-in ends.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Generic

import structlog

from liftbay_backend.db.models import MechanicTokenRow, RefreshTokenRow
from liftbay_backend.repositories import sign_ins
from liftbay_backend.repositories.sign_ins import Row
from liftbay_backend.work import Work

_security = structlog.get_logger("liftbay.security")


class Refusal(Enum):
    """Why a refresh token brings nothing."""

    UNKNOWN = auto()
    EXPIRED = auto()
    REVOKED = auto()
    REUSED = auto()


@dataclass(frozen=True, slots=True)
class Renewed(Generic[Row]):
    """A valid token was presented; `row` is its row, with the owner and the sign-in."""

    row: Row


def new_token() -> str:
    """Return a fresh refresh token: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def store_user_token(
    work: Work, token: str, *, user_id: str, sign_in_id: str, expires_at: datetime
) -> None:
    """Remember a user's refresh token."""
    work.db.add(
        RefreshTokenRow(
            token_hash=token_hash(token),
            sign_in_id=sign_in_id,
            user_id=user_id,
            created_at=work.now,
            expires_at=expires_at,
        )
    )


def store_mechanic_token(
    work: Work, token: str, *, mechanic_id: str, sign_in_id: str, expires_at: datetime
) -> None:
    """Remember a mechanic's refresh token."""
    work.db.add(
        MechanicTokenRow(
            token_hash=token_hash(token),
            sign_in_id=sign_in_id,
            mechanic_id=mechanic_id,
            created_at=work.now,
            expires_at=expires_at,
        )
    )


async def use_token(
    work: Work, kind: type[Row], token: str, reuse_seconds: int
) -> Renewed[Row] | Refusal:
    """Take a refresh token in; the caller issues its successor.

    A token used again too late revokes its sign-in in this transaction, so the caller must let it
    commit before it refuses.
    """
    row = await sign_ins.lock_token(work.db, kind, token_hash(token))
    if row is None:
        return Refusal.UNKNOWN
    if row.revoked_at is not None:
        return Refusal.REVOKED
    if row.expires_at <= work.now:
        return Refusal.EXPIRED
    if row.rotated_at is None:
        row.rotated_at = work.now
    elif work.now - row.rotated_at > timedelta(seconds=reuse_seconds):
        await revoke_sign_in(work, kind, row.sign_in_id)
        _security.info("sign_in.token_reused", kind=kind.__tablename__, sign_in_id=row.sign_in_id)
        return Refusal.REUSED
    return Renewed(row)


async def revoke_sign_in(
    work: Work, kind: type[RefreshTokenRow] | type[MechanicTokenRow], sign_in_id: str
) -> None:
    """End one sign-in: its refresh tokens and, at the next look, its access tokens."""
    await sign_ins.revoke(work.db, kind, sign_in_id, work.now)


async def revoke_all_of_user(work: Work, user_id: str, *, but: str | None = None) -> int:
    """End every sign-in of a user, perhaps all but one; returns how many."""
    return await sign_ins.revoke_all_of_user(work.db, user_id, work.now, but=but)


async def revoke_all_of_mechanic(work: Work, mechanic_id: str) -> int:
    """End every sign-in of a mechanic by cookie; returns how many."""
    return await sign_ins.revoke_all_of_mechanic(work.db, mechanic_id, work.now)
