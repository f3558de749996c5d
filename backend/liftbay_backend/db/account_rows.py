"""Tables of accounts and their sign-ins."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, Id
from liftbay_backend.domain.search_words import folded


def _search_name(context: DefaultExecutionContext) -> str:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]  # theirs
    return folded(row["name"])


class UserRow(Base):
    """An account. `email` is stored lower-case, and `search_name` as history is searched.

    With an outside Supabase the `sub` of its token is `outside_id`, or `id` where there is none.
    `disabled_at` and `sign_ins_ended_at` are the operator's: an outside token that was issued
    before the latter counts for nothing.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    search_name: Mapped[str] = mapped_column(Text, default=_search_name, server_default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_support: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    outside_id: Mapped[str | None] = mapped_column(Id, index=True, unique=True)
    disabled_at: Mapped[datetime | None]
    sign_ins_ended_at: Mapped[datetime | None]


class MechanicRow(Base):
    """A mechanic. `mechanic_id` never equals `user_id`: access, rooms and payout use it alone.

    `payout_account` is the mechanic's account at the payment provider, once there is one.
    """

    __tablename__ = "mechanics"

    mechanic_id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    search_name: Mapped[str] = mapped_column(Text, default=_search_name, server_default="")
    is_available: Mapped[bool] = mapped_column(default=True)
    payout_account: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]


class RefreshTokenRow(Base):
    """One refresh token of a user's sign-in; `sign_in_id` is the family, `session_id` on the wire.

    Only a hash is stored. A rotated token is accepted again for some seconds.
    """

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[str] = mapped_column(Id, index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class MechanicTokenRow(Base):
    """One refresh cookie of a mechanic's sign-in, as `RefreshTokenRow`."""

    __tablename__ = "mechanic_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[str] = mapped_column(Id, index=True)
    mechanic_id: Mapped[str] = mapped_column(Id, ForeignKey("mechanics.mechanic_id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
