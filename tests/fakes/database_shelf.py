"""Migrated PostgreSQL databases for tests, emptied and given out again.

A database of its own for each test costs a copy of nine megabytes, a catalogue that every
connection reads anew, and a drop; to empty one is a tenth of that. Whoever takes one cannot tell
it from a fresh copy of the template: it has no rows, its sequences begin anew, nobody is connected
to it, and its catalogue is the very one that was copied. One that is not so is dropped.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg import sql

from tests.fakes.postgres import PostgresServer

MOST_USES: Final = 30
"""Rows that were deleted keep their place; a database is replaced before it has grown."""
GONE_WITHIN_SECONDS: Final = 2.0
"""A connection's process lives a moment longer than its client."""

_CATALOGUES: Final = (
    *("pg_attrdef", "pg_attribute", "pg_cast", "pg_class", "pg_collation", "pg_constraint"),
    *("pg_default_acl", "pg_depend", "pg_description", "pg_enum", "pg_event_trigger"),
    *("pg_extension", "pg_foreign_server", "pg_index", "pg_inherits", "pg_language"),
    *("pg_largeobject_metadata", "pg_namespace", "pg_operator", "pg_policy", "pg_proc"),
    *("pg_publication", "pg_rewrite", "pg_sequence", "pg_statistic_ext", "pg_trigger", "pg_type"),
)
# Where each row lies and which transaction wrote it. Only VACUUM FULL moves rows otherwise.
_ONE_CATALOGUE: Final = (
    "SELECT '{0}', count(*), sum(hashtext(ctid::text || xmin::text)::bigint) FROM pg_catalog.{0}"
)
_CATALOGUE: Final = " UNION ALL ".join(_ONE_CATALOGUE.format(name) for name in _CATALOGUES)
_SETTINGS: Final = """
    SELECT count(*) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_OTHERS: Final = """
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""

Look = Callable[[psycopg.Connection[Any]], list[str]]


class DatabaseShelf:
    """The databases of one server. They are dropped with the server.

    Args:
        server: it runs, and nobody writes into its template any more.
        template: a migrated database.
    """

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._uses: dict[str, int] = {}
        with psycopg.connect(server.url(template), autocommit=True) as db:
            self._catalogue = _catalogue_of(db)
            self._tables = _names(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self._sequences = _names(
                db, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            )
            self._rows = {name: rows for name in self._tables if (rows := _rows(db, name))}

    def take(self) -> str:
        """Return the name of a database that is as the template is."""
        if self._free:
            return self._free.pop()
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        self._uses[name] = 0
        return name

    def give_back(self, name: str, look: Look) -> list[str]:
        """Take a database back and return what was found in it before it was emptied.

        Args:
            look: asks over a plain connection what of the rows is wrong.
        """
        try:
            with psycopg.connect(self._server.url(name), autocommit=True) as db:
                found = look(db)
                is_new = self._empty(db)
        except BaseException:
            self._drop(name)
            raise
        self._uses[name] += 1
        if is_new and self._uses[name] < MOST_USES:
            self._free.append(name)
        else:
            self._drop(name)
        return found

    def _empty(self, db: psycopg.Connection[Any]) -> bool:
        """Make it as the template is; False where that cannot be said for sure."""
        if not _is_alone(db) or self._catalogue != _catalogue_of(db):
            return False
        statements = [sql.SQL("DELETE FROM {}").format(_table(name)) for name in self._tables]
        statements += [
            sql.SQL("SELECT setval({}, 1, false)").format(sql.Literal(f'public."{name}"'))
            for name in self._sequences
        ]
        # What migrations have written.
        statements += [
            sql.SQL("INSERT INTO {} VALUES ({})").format(
                _table(name), sql.SQL(", ").join(map(sql.Literal, row))
            )
            for name, rows in self._rows.items()
            for row in rows
        ]
        # Neither triggers nor foreign keys: they are about rows that have somebody.
        db.execute("SET session_replication_role = replica")
        db.execute(sql.SQL("; ").join(statements))
        return True

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._uses.pop(name, None)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server.url("postgres"), autocommit=True) as db:
            db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _is_alone(db: psycopg.Connection[Any]) -> bool:
    """End whoever is still connected, and wait until what they did is done or undone."""
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while db.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}".encode()).fetchall():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _catalogue_of(db: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return db.execute(_CATALOGUE.encode()).fetchall() + db.execute(_SETTINGS.encode()).fetchall()


def _names(db: psycopg.Connection[Any], query: str) -> list[str]:
    return sorted(str(name) for (name,) in db.execute(query.encode()))


def _rows(db: psycopg.Connection[Any], table: str) -> list[tuple[Any, ...]]:
    return db.execute(sql.SQL("SELECT * FROM {}").format(_table(table))).fetchall()


def _table(name: str) -> sql.Identifier:
    return sql.Identifier("public", name)
