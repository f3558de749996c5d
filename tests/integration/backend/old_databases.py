"""Databases as earlier versions of the service left them, filled in every table by made data."""

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, create_engine, func, select, text
from sqlalchemy.types import JSON, Boolean, DateTime, Float, Integer, LargeBinary, Text

from liftbay_backend.db.migrate import upgrade
from liftbay_backend.domain import request_fsm, session_fsm
from tests.fakes.backups import drop_database
from tests.fakes.postgres import PostgresServer
from tests.integration.backend.old_money import AT, MADE_MONEY, fill_money

ROWS = 3
_STATUS = {"sessions": session_fsm, "requests": request_fsm}
# What a table's column must hold where any text would not do.
_WORDS: dict[str, tuple[str, ...]] = {
    "author": ("customer", "mechanic"),
    "side": ("customer", "mechanic"),
    "type": ("video",),
    "clock_state": ("not_started",),
    "payment_status": ("due",),
    "currency": ("usd",),
}
_STATES = {
    "presence": ("absent",),
    "readiness": ("absent",),
    "files": ("ready",),
    "crm_records": ("not_due",),
}


def revisions() -> list[str]:
    """Return every revision, the oldest first."""
    with as_file(files("liftbay_backend.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        script = ScriptDirectory.from_config(config)
        return [one.revision for one in script.walk_revisions()][::-1]


@contextmanager
def empty_databases(
    engine: str, folder: Path, server: PostgresServer | None
) -> Iterator[Callable[[], str]]:
    """Hand out addresses of databases in which nothing is yet; PostgreSQL's are dropped behind."""
    made: list[str] = []

    def make() -> str:
        name = f"m_{uuid.uuid4().hex[:12]}"
        if engine == "sqlite":
            return f"sqlite+aiosqlite:///{folder / name}"
        assert server is not None
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        made.append(server.url(name))
        return made[-1].replace("postgresql://", "postgresql+psycopg://")

    try:
        yield make
    finally:
        for url in made:
            drop_database(url)


def sqlite_at(path: Path, revision: str) -> None:
    """Make a filled SQLite file at a revision."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            fill(connection, revision)
            connection.commit()
    finally:
        engine.dispose()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")


def fill(connection: Connection, revision: str) -> None:
    """Bring an empty database to a revision and put rows into every table of it."""
    upgrade(connection, revision)
    found = MetaData()
    found.reflect(connection)
    fill_money(connection, found)
    for table in found.sorted_tables:
        if table.name not in {*MADE_MONEY, "alembic_version"}:
            for row in _rows(connection, table):
                connection.execute(table.insert().values(row))
    _walk_statuses(connection, found)


def counted(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def contents(connection: Connection) -> dict[str, list[str]]:
    """Return every row of every table as text, by table and sorted."""
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: sorted(
            json.dumps(dict(row), default=str, sort_keys=True)
            for row in connection.execute(select(table)).mappings()
        )
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    parents = {
        column.name: [
            value
            for (value,) in connection.execute(
                select(one.column).order_by(one.column).limit(2 * ROWS)
            )
        ]
        for column in table.columns
        for one in column.foreign_keys
    }
    before = connection.execute(select(func.count()).select_from(table)).scalar_one()
    for number in range(before, before + ROWS):
        yield {
            column.name: parents[column.name][number % len(parents[column.name])]
            if parents.get(column.name)
            else _value(table, column.name, column.type, number)
            for column in table.columns
        }


def _value(table: Table, name: str, kind: Any, number: int) -> Any:
    if name in ("state", "status") and not isinstance(kind, Integer):
        words = _STATES.get(table.name, ("pending",))
        return words[number % len(words)]
    if name in _WORDS and not (name == "type" and table.name == "files"):
        return _WORDS[name][number % len(_WORDS[name])]
    match kind:
        case JSON():
            return {"made": number}
        case DateTime():
            return AT
        case Boolean():
            return bool(number % 2)
        case Integer() | Float():
            return number + 1
        case LargeBinary():
            return f"{name} of {table.name} {number}".encode()
        case Text():
            return f"{name} of {table.name} {number}: Grüße, 雨, 🚗"
        case _:
            room = getattr(kind, "length", None) or 40
            return f"{name}-{number}-of-{table.name}"[: room - 1] + str(number % 10)


def _walk_statuses(connection: Connection, found: MetaData) -> None:
    """Bring one row to each status, along the machine, as the triggers want it."""
    for name, machine in _STATUS.items():
        table = found.tables[name]
        template = dict(connection.execute(select(table).limit(1)).mappings().one())
        for goal, way in _ways(machine).items():
            row = {**template, "id": f"{name}-{goal}"[:36], "status": way[0]}
            if name == "requests":
                row["session_id"] = f"sessions-{goal}"[:36]
                if (
                    connection.execute(
                        text("SELECT 1 FROM sessions WHERE id = :id"), {"id": row["session_id"]}
                    ).first()
                    is None
                ):
                    continue
            connection.execute(table.insert().values(row))
            for status in way[1:]:
                connection.execute(
                    table.update().where(table.c.id == row["id"]).values(status=status)
                )


def _ways(machine: Any) -> dict[str, list[str]]:
    first = machine.INITIAL.value
    ways, queue = {first: [first]}, [machine.INITIAL]
    while queue:
        here = queue.pop(0)
        for following in sorted(machine.TRANSITIONS[here]):
            if following.value not in ways:
                ways[following.value] = [*ways[here.value], following.value]
                queue.append(following)
    return ways
