"""A backup of the embedded service, taken while it runs or while it does not.

The order is what makes it whole:

1. The durable work's database. It may be older than the other: a step that it does not know to be
   done runs again and changes nothing, a settlement that it does not know is started by the sweep.
   The other way round, one that it knows to be done would never be done in the service's database.
2. The service's database, as it is at one moment. In WAL mode a reader holds up no writer.
3. The parts of shared files that this database counts. They never change; one that has gone was
   removed by the service meanwhile, and its row goes from the copy as well.
"""

import os
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from liftbay_backend.backup.archive import (
    FILES_FOLDER,
    FORM,
    About,
    ArchiveWriter,
    BackupRefused,
    create_private,
)
from liftbay_backend.clock import SystemClock
from liftbay_backend.db.storage_faults import storage_reason
from liftbay_backend.durable.engine import ENGINE_FILE
from liftbay_backend.settings import DATABASE_FILE, VERSION, Settings

BUSY_SECONDS: Final = 30.0
NOT_SQLITE: Final = (
    "DATABASE_URL names a PostgreSQL database: use its own pg_dump and pg_restore, as "
    "docs/backup.md says"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was kept.

    Attributes:
        lost_files: files that the service still counts and whose bytes are not in its store.
    """

    schema: str
    sessions: int
    parts: int
    size_bytes: int
    lost_files: tuple[str, ...]


def take_backup(settings: Settings, target: Path) -> Taken:
    """Write a backup to a file that is not there yet; it appears whole or not at all.

    Raises:
        BackupRefused: it could not be made; names the reason.
    """
    if not settings.is_sqlite:
        raise BackupRefused(NOT_SQLITE)
    if target.exists():
        raise BackupRefused(f"{target} is there already")
    try:
        with tempfile.TemporaryDirectory(prefix=".liftbay-backup-", dir=target.parent) as folder:
            return _take(settings, Path(folder), target)
    except sqlite3.Error as error:
        raise BackupRefused(f"the database cannot be read: {storage_reason(error)}") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BackupRefused(f"{target} cannot be written: {reason}") from error


def database_path(settings: Settings) -> Path:
    """Return where the service's SQLite file lies."""
    return Path(make_url(settings.sqlalchemy_url).database or "")


def _take(settings: Settings, folder: Path, target: Path) -> Taken:
    made_at = SystemClock().now()
    engine, source = settings.data_dir / ENGINE_FILE, database_path(settings)
    if engine.exists():
        _copy(engine, folder / ENGINE_FILE)
    _copy(source, folder / DATABASE_FILE)
    holds_files = settings.files_s3_bucket is None
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as copy:
        # One file: a copy in WAL mode would leave a second beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        schema, sessions = _look_over(copy)
        parts = copy.execute("SELECT file_id, key, length_bytes FROM file_parts").fetchall()
        about = About(FORM, VERSION, made_at.isoformat(), schema, holds_files)
        with create_private(folder / "backup.tar") as file:
            writer = ArchiveWriter(file, about)
            gone = _add_parts(writer, settings.data_dir, parts) if holds_files else set()
            lost = _forget_removed(copy, source, gone)
            copy.close()
            for name in (ENGINE_FILE, DATABASE_FILE):
                if (folder / name).exists():
                    with (folder / name).open("rb") as database:
                        writer.add(name, database)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
            size_bytes = file.tell()
    (folder / "backup.tar").rename(target)
    kept = len(parts) - len(gone) if holds_files else 0
    return Taken(schema, sessions, kept, size_bytes, lost)


def _copy(source: Path, target: Path) -> None:
    """Copy a database that others may write to, as it is at one moment."""
    # mode=rw: a database that is not there is not made.
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as opened,
        closing(sqlite3.connect(target)) as copy,
    ):
        target.chmod(0o600)
        opened.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        # The source may be in a rollback journal, where we hold up writers: no waiting for a disk
        # meanwhile. The whole backup is flushed at its end.
        copy.execute("PRAGMA synchronous=OFF")
        # All in one go: copied in steps, it would begin anew after each write of others.
        opened.backup(copy)


def _look_over(copy: sqlite3.Connection) -> tuple[str, int]:
    """Return the schema and how many sessions there are.

    Raises:
        BackupRefused: the database is damaged, so that this would be no backup.
    """
    [(word,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    if word != "ok":
        raise BackupRefused("the database is damaged; see docs/backup.md")
    try:
        (schema,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        (sessions,) = copy.execute("SELECT count(*) FROM sessions").fetchone()
    except (sqlite3.OperationalError, TypeError) as error:
        raise BackupRefused("there is no database of this service") from error
    return str(schema), int(sessions)


def _add_parts(
    writer: ArchiveWriter, data_dir: Path, parts: list[tuple[str, str, int]]
) -> set[str]:
    """Keep the parts; returns the files of those that are not there."""
    gone = set()
    for file_id, key, length in parts:
        try:
            with (data_dir / FILES_FOLDER / key).open("rb") as part:
                if os.fstat(part.fileno()).st_size == length:
                    writer.add(f"{FILES_FOLDER}/{key}", part)
                    continue
        except FileNotFoundError:
            pass
        gone.add(str(file_id))
    return gone


def _forget_removed(copy: sqlite3.Connection, source: Path, gone: set[str]) -> tuple[str, ...]:
    """Take files out of the copy that the service has removed; returns those that it still counts.

    Those stay: what is lost must be seen.
    """
    if not gone:
        return ()
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as now:
        now.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        # One that is being removed loses its objects before its row.
        counted = now.execute("SELECT id FROM files WHERE state <> 'removing'")
        alive = {str(one) for (one,) in counted}
    removed = [(one,) for one in gone - alive]
    copy.executemany("DELETE FROM file_parts WHERE file_id = ?", removed)
    copy.executemany("DELETE FROM files WHERE id = ?", removed)
    copy.commit()
    return tuple(sorted(gone & alive))
