"""Tables of the files that people share in a session. Their bytes lie in the store."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from liftbay_backend.db.base import Base, Id
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.states import FileKind, FileState


class FileRow(Base):
    """One file, from the begin of its upload until it is forgotten.

    `received_bytes` is what `file_parts` holds of it. `writer` is the newest request that sends
    bytes; whatever an older one still has in hand is not taken any more. `refusal` is the
    problem that made it `refused`: code, detail and further members.
    """

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("sessions.id"))
    author: Mapped[Side]
    client_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[FileKind]
    name: Mapped[str] = mapped_column(String(200))
    claimed_type: Mapped[str | None] = mapped_column(String(40))
    type: Mapped[str | None] = mapped_column(String(40))
    length_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    claimed_sha256: Mapped[str | None] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[FileState]
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    writer: Mapped[str | None] = mapped_column(Id)
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("session_id", "author", "client_id"),
        Index("ix_files_state_expires_at", "state", "expires_at"),
    )


class FilePartRow(Base):
    """A stretch of a file's bytes, in one object of the store that never changes."""

    __tablename__ = "file_parts"

    file_id: Mapped[str] = mapped_column(Id, ForeignKey("files.id"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    length_bytes: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
