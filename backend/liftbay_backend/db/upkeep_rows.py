"""Tables that keep the service itself in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, Id


class IdempotencyKeyRow(Base):
    """One intent of one account. `answer` is null while the first request with the key runs."""

    __tablename__ = "idempotency_keys"

    account: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(Id, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class WebhookEventRow(Base):
    """A webhook that was applied; its second delivery changes nothing."""

    __tablename__ = "webhook_events"

    provider: Mapped[str] = mapped_column(String(24), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    received_at: Mapped[datetime]


class ExecutorLeaseRow(Base):
    """A running instance; others recover its durable work only after `expires_at`.

    `marks` is what `shared_settings` compares; None where an earlier version runs.
    """

    __tablename__ = "executor_leases"

    executor_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    marks: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
