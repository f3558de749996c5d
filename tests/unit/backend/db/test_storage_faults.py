"""Each way a database file fails has its own words; the errors here are SQLite's own."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from liftbay_backend.db.storage_faults import OWNED, sqlite_code, storage_reason


def _run(path: Path | str, *statements: str, timeout_s: float = 5.0) -> None:
    is_uri = isinstance(path, str)
    with closing(sqlite3.connect(path, timeout=timeout_s, uri=is_uri)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def _locked(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        _run(path, "CREATE TABLE late (x)", timeout_s=0.0)


def _read_only(path: Path) -> None:
    _run(path)
    _run(f"file:{path}?mode=ro", "CREATE TABLE late (x)")


def _full(path: Path) -> None:
    large = "INSERT INTO texts VALUES (zeroblob(100000))"
    _run(path, "CREATE TABLE texts (x)", "PRAGMA max_page_count=2", large)


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is no database" * 300)
    _run(path, "SELECT * FROM sqlite_master")


def _damaged(path: Path) -> None:
    _run(path, "CREATE TABLE texts (x)")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    _run(path, "SELECT * FROM texts")


def _folder(path: Path) -> None:
    path.mkdir()
    _run(path)


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (_locked, "another program works on it"),
        (_read_only, "it cannot be written: the file or its disk is read-only"),
        (_full, "the disk is full"),
        (_no_database, "it is damaged, or no database"),
        (_damaged, "it is damaged"),
        (_folder, "it cannot be opened"),
    ],
)
def test_a_fault_of_a_file_is_told_in_its_own_words(
    tmp_path: Path, fail: Callable[[Path], None], words: str
) -> None:
    with pytest.raises(sqlite3.Error) as caught:
        fail(tmp_path / "kept.sqlite3")

    assert storage_reason(caught.value) == words
    assert (sqlite_code(caught.value) in OWNED) == (fail is _locked)


def test_a_fault_that_came_through_sqlalchemy_is_told_alike(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'no-such-folder' / 'kept.sqlite3'}")

    with pytest.raises(SQLAlchemyError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT 1"))

    assert storage_reason(caught.value) == "it cannot be opened"


def test_a_server_that_cannot_be_reached_is_told_without_the_drivers_text() -> None:
    error = OperationalError(None, None, Exception("connection to dana:hunter2@db failed"))

    assert storage_reason(error) == "it does not answer, or refuses this user"


def test_an_error_without_words_of_its_own_is_told_by_its_kind() -> None:
    assert storage_reason(OSError("hunter2")) == "OSError"
