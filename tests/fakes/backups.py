"""A backup kept and put back into another place, on either engine and by its real programs."""

import asyncio
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from sqlalchemy import select

from liftbay_backend.backup.restoring import restore_backup
from liftbay_backend.backup.standing import after_restore
from liftbay_backend.backup.taking import take_backup
from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import UserRow
from liftbay_backend.repositories.restored import Restored
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench
from tests.fakes.backend_service import (
    CLIENT_HEADER,
    PASSWORD,
    BackendService,
    Caller,
    backend_service,
)
from tests.fakes.postgres import find_postgres

PROGRAM_SECONDS = 120
_FILES = "files"


@dataclass(slots=True)
class Backups:
    """One kept moment of a database with its files; `folder` is the test's own."""

    folder: Path
    restored: Restored | None = None

    async def keep(self, settings: Settings) -> None:
        """Keep the present."""
        if settings.is_sqlite:
            await asyncio.to_thread(take_backup, settings, self._file)
            return
        url = _plain(settings)
        await asyncio.to_thread(_run, "pg_dump", "-Fc", "-f", str(self._file), "-d", url)
        if (settings.data_dir / _FILES).exists():
            shutil.copytree(settings.data_dir / _FILES, self.folder / "kept-files")

    async def put_back(self, settings: Settings) -> Settings:
        """Put it back into a folder and a database that are new; returns their settings."""
        data_dir = self.folder / "put-back"
        if settings.is_sqlite:
            there = settings.model_copy(update={"data_dir": data_dir})
            self.restored = (await asyncio.to_thread(restore_backup, there, self._file)).found
            return there
        url = _new_database(_plain(settings))
        await asyncio.to_thread(_run, "pg_restore", "--exit-on-error", "-d", url, str(self._file))
        if (self.folder / "kept-files").exists():
            shutil.copytree(self.folder / "kept-files", data_dir / _FILES)
        data_dir.mkdir(exist_ok=True)
        there = Settings(**{**settings.model_dump(), "data_dir": data_dir, "database_url": url})
        database = Database(there.sqlalchemy_url)
        try:
            standing = await after_restore(there, database)
        finally:
            await database.close()
        assert standing.lost_files == ()
        self.restored = standing.found
        return there

    @property
    def _file(self) -> Path:
        return self.folder / "kept.backup"


@asynccontextmanager
async def put_back_service(
    backups: Backups, before: BackendService
) -> AsyncIterator[BackendService]:
    """Open the service on what was kept, a minute later; the earlier one serves no more."""
    settings = await backups.put_back(before.core.settings)
    try:
        async with backend_service(settings) as service:
            passed = before.clock.now() - service.clock.now()
            service.clock.advance(seconds=passed.total_seconds(), minutes=1)
            yield service
    finally:
        if not settings.is_sqlite:
            drop_database(_plain(settings))


async def signed_in_again(service: BackendService, bench: CallBench) -> CallBench:
    """Return the same people and session with new sign-ins at another service."""
    customer = await service.as_customer(bench.customer)
    async with service.core.database.reading() as db:
        query = select(UserRow.email).where(UserRow.id == bench.mechanic.user_id)
        email = (await db.execute(query)).scalar_one()
    http = await service.client(**CLIENT_HEADER)
    answer = await http.post("/api/mechanic/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    mechanic = Caller(http, bench.mechanic.user_id, bench.mechanic.mechanic_id)
    return replace(bench, service=service, customer=customer, mechanic=mechanic)


def drop_database(url: str) -> None:
    """Remove a PostgreSQL database that nobody needs any more."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def rows_of(settings: Settings) -> Callable[[str], list[tuple[object, ...]]]:
    """Return a reader of a database over a plain connection."""

    def ask(query: str) -> list[tuple[object, ...]]:
        if settings.is_sqlite:
            import sqlite3
            from contextlib import closing

            with closing(sqlite3.connect(settings.data_dir / "liftbay.sqlite3")) as db:
                return db.execute(query).fetchall()
        with psycopg.connect(_plain(settings)) as server:
            return server.execute(query.encode()).fetchall()

    return ask


def _plain(settings: Settings) -> str:
    return settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)


def _new_database(beside: str) -> str:
    server = beside.rpartition("/")[0]
    name = f"r_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


def _run(program: str, *arguments: str) -> None:
    programs = find_postgres()
    assert programs is not None
    subprocess.run(
        [str(programs / program), *arguments],
        check=True,
        timeout=PROGRAM_SECONDS,
        capture_output=True,
    )
