"""A backup put back into a data folder that holds nothing yet.

Everything is unpacked and tried in a folder beside first; the service's database comes into its
place last. Until then the folder says that a restore is under way, and no other command uses it.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.backup.alone import alone
from liftbay_backend.backup.archive import FILES_FOLDER, About, ArchiveReader, BackupRefused
from liftbay_backend.backup.taking import NOT_SQLITE, database_path
from liftbay_backend.clock import SystemClock
from liftbay_backend.data_folder import RESTORING_FOLDER, make_data_folder
from liftbay_backend.db.engine import open_sqlite_file
from liftbay_backend.db.migrate import knows_schema, upgrade
from liftbay_backend.db.storage_faults import storage_reason
from liftbay_backend.durable.engine import ENGINE_FILE
from liftbay_backend.repositories.restored import Restored, settle_in
from liftbay_backend.settings import DATABASE_FILE, Settings

_JOURNALS: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class PutBack:
    """Which backup, and what is there now."""

    about: About
    found: Restored


def restore_backup(settings: Settings, source: Path) -> PutBack:
    """Put a backup back; the data folder has it whole afterwards, or nothing of it.

    Raises:
        BackupRefused: the backup or the place is not fit for it; names the reason.
        SettingsError: the data folder cannot be used.
    """
    if not settings.is_sqlite:
        raise BackupRefused(NOT_SQLITE)
    try:
        with source.open("rb") as file, ArchiveReader(file) as archive:
            make_data_folder(settings)
            with alone(settings):
                return _restore(settings, archive)
    except BackupRefused as refused:
        raise BackupRefused(f"{source} cannot be put back: {refused}") from refused
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BackupRefused(f"{source} cannot be put back: {reason}") from error


def _restore(settings: Settings, archive: ArchiveReader) -> PutBack:
    target, data = database_path(settings), settings.data_dir
    beside = data / RESTORING_FOLDER
    _clear_interrupted(beside, target, data)
    databases = (target, data / ENGINE_FILE)
    # SQLite would play the journal of another database into this one.
    journals = (Path(f"{each}{end}") for each in databases for end in _JOURNALS)
    for path in (*databases, *journals, data / FILES_FOLDER):
        if path.exists():
            raise BackupRefused(f"{path} is there already; move it away first")
    _check_place_of_files(settings, holds_files=archive.about.holds_files)
    beside.mkdir(mode=0o700)
    try:
        archive.unpack(beside)
        found = _try_out(beside / DATABASE_FILE)
        _check_files(beside, holds_files=archive.about.holds_files)
        _flush(beside)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    for name in (FILES_FOLDER, ENGINE_FILE):
        if (beside / name).exists():
            (beside / name).rename(data / name)
    # Last: from here on it is the service's.
    _into_place(beside / DATABASE_FILE, target)
    _flush(data)
    shutil.rmtree(beside)
    return PutBack(archive.about, found)


def _clear_interrupted(beside: Path, target: Path, data: Path) -> None:
    """Remove what an interrupted restore left: it only began where nothing was."""
    if not beside.exists():
        return
    if not target.exists():
        (data / ENGINE_FILE).unlink(missing_ok=True)
        shutil.rmtree(data / FILES_FOLDER, ignore_errors=True)
    shutil.rmtree(beside)


def _check_place_of_files(settings: Settings, *, holds_files: bool) -> None:
    """Refuse what would leave rows without the bytes that they count.

    Raises:
        BackupRefused: the files lay in a folder and would be sought in a bucket, or the reverse.
    """
    has_bucket = settings.files_s3_bucket is not None
    if holds_files and has_bucket:
        raise BackupRefused("it holds the files itself, and LIFTBAY_FILES_S3_BUCKET names a bucket")
    if not holds_files and not has_bucket:
        raise BackupRefused("its files lie in a bucket, and LIFTBAY_FILES_S3_BUCKET names none")


def _try_out(database: Path) -> Restored:
    """Bring the unpacked database to the newest schema and let it settle in.

    Raises:
        BackupRefused: it is damaged, or newer than this service.
    """
    try:
        with closing(sqlite3.connect(database)) as plain:
            [(word, *_)] = plain.execute("PRAGMA integrity_check(1)").fetchall()
            [(schema,)] = plain.execute("SELECT version_num FROM alembic_version").fetchall()
            loose = plain.execute("PRAGMA foreign_key_check").fetchone()
        if word != "ok" or loose is not None:
            raise BackupRefused("its database is damaged")
        if not knows_schema(str(schema)):
            raise BackupRefused(
                f"its database is at schema {schema}, made by a newer version of the service"
            )
        with open_sqlite_file(database) as connection:
            upgrade(connection)
            connection.commit()
            found = settle_in(connection, SystemClock().now())
            connection.commit()
    except (sqlite3.Error, SQLAlchemyError, ValueError) as error:
        raise BackupRefused(f"its database cannot be used: {storage_reason(error)}") from error
    return found


def _check_files(beside: Path, *, holds_files: bool) -> None:
    """Compare the parts with the rows.

    Raises:
        BackupRefused: the database counts bytes that did not come with it. Files that were lost
            before the backup was taken are no reason.
    """
    if not holds_files:
        return
    with closing(sqlite3.connect(beside / DATABASE_FILE)) as plain:
        rows = plain.execute("SELECT key, length_bytes FROM file_parts").fetchall()
    for key, length in rows:
        path = beside / FILES_FOLDER / key
        if path.exists() and path.stat().st_size != length:
            raise BackupRefused(f"a part of a file has not the length of its row: {key}")


def _into_place(made: Path, target: Path) -> None:
    near = target
    if made.stat().st_dev != target.parent.stat().st_dev:
        # DATABASE_URL names a file on another disk: no single step leads there.
        near = target.with_name(f"{target.name}.restoring")
        shutil.copy2(made, near)
        _flush(near)
        made = near
    made.rename(target)


def _flush(folder: Path) -> None:
    """Bring everything below a folder to the disk."""
    if os.name != "nt":
        for path in [folder, *folder.rglob("*")]:
            opened = os.open(path, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
