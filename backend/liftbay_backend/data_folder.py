"""The folder of the embedded service, tried before anything is kept in it."""

import os
import secrets
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from liftbay_backend.settings import DATABASE_FILE, Settings, SettingsError

KEY_FILE: Final = "signing-key.pem"
RESTORING_FOLDER: Final = ".restoring"
"""In the data folder while a backup is put back into it."""
_FILES: Final = (DATABASE_FILE, KEY_FILE, "durable.lock", "durable.sqlite3")


def prepare_storage(settings: Settings, *, make: bool) -> None:
    """See that the embedded database's place can be used; a PostgreSQL is not asked.

    Args:
        make: make what is missing; otherwise that is an error.

    Raises:
        SettingsError: it cannot be used; names the place and the reason.
    """
    if settings.is_sqlite:
        _refuse_half_restored(settings)
    if settings.database_url is None:
        (make_data_folder if make else _find_data_folder)(settings)
    elif settings.is_sqlite:
        _try_named_file(_database_file(settings), make=make)


def make_data_folder(settings: Settings) -> None:
    """Make the data folder where there is none, and see that files can be written in it.

    Raises:
        SettingsError: the folder cannot be used; names it and the system's reason.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Rights alone do not tell: a read-only disk and a full one refuse the owner as well.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError:
        raise _unusable(folder, "it is a file") from None
    except OSError as error:
        raise _unusable(folder, error.strerror or type(error).__name__) from None
    _check_names(settings)


def keep_first(path: Path, content: bytes) -> None:
    """Write a file unless there is one: of several processes the first one's stays.

    Nobody ever reads half of it, for it is written beside and put into place.
    """
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        if os.name == "posix":
            os.link(draft, path)
        else:
            draft.rename(path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _find_data_folder(settings: Settings) -> None:
    folder = settings.data_dir
    try:
        (folder / DATABASE_FILE).stat()
    except (FileNotFoundError, NotADirectoryError):
        reason = "it is a file" if folder.is_file() else "it holds no database"
        raise _unusable(folder, reason) from None
    except OSError as error:
        raise _unusable(folder, error.strerror or type(error).__name__) from None
    make_data_folder(settings)


def _refuse_half_restored(settings: Settings) -> None:
    # An empty database would be made, and the rest of the backup never put back.
    beside = settings.data_dir / RESTORING_FOLDER
    if os.path.lexists(beside) and not Path(_database_file(settings)).exists():
        raise _unusable(settings.data_dir, "a restore into it was interrupted; run it again")


def _database_file(settings: Settings) -> str:
    return make_url(settings.sqlalchemy_url).database or ""


def _try_named_file(file: str, *, make: bool) -> None:
    # A failed open by the driver's own thread may outlive the event loop, and says so in a
    # traceback; so the first try is made here.
    reason = "" if make or Path(file).is_file() else "there is no such file"
    try:
        if not reason:
            sqlite3.connect(file).close()
    except sqlite3.Error as error:
        reason = str(error)
    if reason:
        raise SettingsError(f"the database that DATABASE_URL names cannot be used: {reason}")


def _check_names(settings: Settings) -> None:
    folder = settings.data_dir
    if settings.database_url is None and make_url(settings.sqlalchemy_url).database != str(
        folder / DATABASE_FILE
    ):
        # In an address these mean something else: the database would lie in another folder.
        raise _unusable(folder, "its name holds a ? or a %")
    for path in (folder / name for name in _FILES):
        if path.exists() and not path.is_file():
            raise _unusable(folder, f"{path.name} in it is no file")
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise _unusable(folder, f"{path.name} in it cannot be written")


def _unusable(folder: Path, reason: str) -> SettingsError:
    return SettingsError(f"the data folder {folder} cannot be used: {reason}")
