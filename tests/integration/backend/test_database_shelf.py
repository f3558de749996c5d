"""A database that was used before cannot be told from a fresh copy of its template."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.fakes import database_shelf
from tests.fakes.database_shelf import DatabaseShelf
from tests.fakes.postgres import PostgresServer
from tests.integration.backend.conftest import POSTGRES, TEMPLATE

pytestmark = pytest.mark.skipif(POSTGRES is None, reason="PostgreSQL is not installed")

PERSON = """
    INSERT INTO users (id, email, name, is_support, created_at)
    VALUES ('u', 'e@example.test', 'n', false, now())
"""


@pytest.fixture
def server(postgres_server: PostgresServer | None) -> PostgresServer:
    assert postgres_server is not None
    return postgres_server


@pytest.fixture
def shelf(server: PostgresServer) -> DatabaseShelf:
    return DatabaseShelf(server, TEMPLATE)


@pytest.fixture
def taken(shelf: DatabaseShelf) -> str:
    return shelf.take()


@contextmanager
def connected(server: PostgresServer, name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.url(name), autocommit=True) as db:
        yield db


def nothing(_db: psycopg.Connection[Any]) -> list[str]:
    return []


def next_number(db: psycopg.Connection[Any]) -> int:
    row = db.execute("SELECT nextval('ledger_entries_id_seq')").fetchone()
    assert row is not None
    return int(row[0])


def counted(db: psycopg.Connection[Any], table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def exists(server: PostgresServer, name: str) -> bool:
    with connected(server, "postgres") as db:
        found = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def test_rows_and_numbers_of_one_test_are_not_there_for_the_next(
    server: PostgresServer, shelf: DatabaseShelf, taken: str
) -> None:
    with connected(server, taken) as db:
        db.execute("UPDATE counters SET value = 7")
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.execute(PERSON.encode())
        first = next_number(db)

    found = shelf.give_back(taken, lambda db: [str(counted(db, "users"))])
    again = shelf.take()

    assert found == ["1"]
    assert again == taken
    with connected(server, again) as db, connected(server, TEMPLATE) as template:
        for table in ("counters", "alembic_version"):
            query = f"SELECT * FROM {table}".encode()
            assert db.execute(query).fetchall() == template.execute(query).fetchall()
        assert counted(db, "users") == 0
        assert next_number(db) == first == 1
    shelf.give_back(again, nothing)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE sessions DISABLE TRIGGER sessions_status",
        "DROP INDEX ix_messages_session_id_id",
        "CREATE TABLE left_behind (id integer)",
        "CREATE SCHEMA dbos",
        "ALTER TABLE users ADD COLUMN nick text",
        "ALTER DATABASE {} SET search_path = public",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_database_whose_schema_or_settings_were_changed_is_dropped(
    server: PostgresServer, shelf: DatabaseShelf, taken: str, change: str
) -> None:
    with connected(server, taken) as db:
        db.execute(change.format(taken).encode())

    shelf.give_back(taken, nothing)

    assert not exists(server, taken)
    assert shelf.take() != taken


def test_who_is_still_connected_is_cut_off_and_leaves_nothing(
    server: PostgresServer, shelf: DatabaseShelf, taken: str
) -> None:
    late = psycopg.connect(server.url(taken))
    late.execute(PERSON.encode())

    shelf.give_back(taken, nothing)

    with pytest.raises(psycopg.OperationalError):
        late.commit()
    late.close()
    assert shelf.take() == taken
    with connected(server, taken) as db:
        assert counted(db, "users") == 0
    shelf.give_back(taken, nothing)


def test_one_that_cannot_be_looked_at_is_dropped(
    server: PostgresServer, shelf: DatabaseShelf, taken: str
) -> None:
    def fail(_db: psycopg.Connection[Any]) -> list[str]:
        raise ValueError

    with pytest.raises(ValueError):
        shelf.give_back(taken, fail)

    assert not exists(server, taken)


def test_one_is_replaced_before_it_has_grown(
    server: PostgresServer,
    shelf: DatabaseShelf,
    taken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database_shelf, "MOST_USES", 2)

    shelf.give_back(taken, nothing)
    again = shelf.take()
    shelf.give_back(again, nothing)

    assert again == taken
    assert not exists(server, taken)
