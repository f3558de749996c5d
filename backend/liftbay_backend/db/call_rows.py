"""Tables of the preflight and of life in the room."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, BigId, Id
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.states import (
    PresenceState,
    ReadinessState,
)


class PreflightRunRow(Base):
    """One run of the checks, from its nonce to its report."""

    __tablename__ = "preflight_runs"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    mechanic_id: Mapped[str | None] = mapped_column(Id)
    session_id: Mapped[str | None] = mapped_column(Id)
    nonce_hash: Mapped[str] = mapped_column(String(64), unique=True)
    probe_room: Mapped[str] = mapped_column(String(80))
    probe_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PreflightReportRow(Base):
    """A stored report with the service's own verdict; immutable but for its renewal."""

    __tablename__ = "preflight_reports"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("preflight_runs.id"), unique=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    mechanic_id: Mapped[str | None] = mapped_column(Id)
    short_code: Mapped[str] = mapped_column(String(12), unique=True)
    passed: Mapped[bool]
    blocking: Mapped[list[Any]]
    synthetic: Mapped[bool]
    report: Mapped[dict[str, Any]]
    arrived_at: Mapped[datetime]
    machine_id: Mapped[str | None] = mapped_column(Id, index=True)


class DiagnosticRow(Base):
    """A report that came without an account, for support; kept for 30 days."""

    __tablename__ = "diagnostics"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    short_code: Mapped[str] = mapped_column(String(12), unique=True)
    machine_id: Mapped[str] = mapped_column(Id, index=True)
    passed: Mapped[bool]
    blocking: Mapped[list[Any]]
    report: Mapped[dict[str, Any]]
    arrived_at: Mapped[datetime] = mapped_column(index=True)


class BundleRow(Base):
    """The bundle that somebody sent for a report: a checked zip, for support alone.

    `files` names what is in it. In the database, because it is small, and goes with its report.
    """

    __tablename__ = "bundles"

    short_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    content: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[Any]]
    sent_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    arrived_at: Mapped[datetime] = mapped_column(index=True)


class ReadinessRow(Base):
    """How far one side is with its preflight."""

    __tablename__ = "readiness"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    state: Mapped[ReadinessState]
    rung: Mapped[int | None]
    updated_at: Mapped[datetime]


class PresenceRow(Base):
    """Whether one side is in the room, as the media server says.

    `attempt` is the call attempt the service issued its newest token for, `present_attempt` the one
    that joined last, at `joined_at`; an end that was pressed in an older one is ignored.
    """

    __tablename__ = "presence"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    state: Mapped[PresenceState]
    since: Mapped[datetime]
    last_sign_of_life_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    attempt: Mapped[str | None] = mapped_column(Id)
    attempt_at: Mapped[datetime | None]
    present_attempt: Mapped[str | None] = mapped_column(Id)


class RecordingConsentRow(Base):
    """Whether one side lets the other record; it may be taken back. No row: never asked."""

    __tablename__ = "recording_consents"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    consents: Mapped[bool]
    said_at: Mapped[datetime]


class MessageRow(Base):
    """One chat message; the same `client_id` of the same author is the same message."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    client_id: Mapped[str] = mapped_column(Id)
    author: Mapped[Side]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("session_id", "author", "client_id"),
        Index("ix_messages_session_id_id", "session_id", "id"),
    )


class NotesRow(Base):
    """The mechanic's findings; `version` guards against two writers."""

    __tablename__ = "notes"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"), primary_key=True)
    version: Mapped[int]
    findings: Mapped[list[Any]]
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class QualitySampleRow(Base):
    """One sample of the call's quality as a client measured it."""

    __tablename__ = "quality_samples"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    side: Mapped[Side]
    attempt: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    sample: Mapped[dict[str, Any]]

    # Counted with every batch: the index alone answers.
    __table_args__ = (Index("ix_quality_samples_session_id_side", "session_id", "side"),)
