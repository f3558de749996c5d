"""The service over every database engine that this machine has."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.logs import route_to_logging
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.ledger_audit import faults_on_disk, faults_on_server
from tests.fakes.postgres import PostgresServer, find_postgres

POSTGRES = find_postgres()
ENGINES = ["sqlite", *(["postgresql"] if POSTGRES is not None else [])]


@pytest.fixture(autouse=True)
def _logs_as_in_the_service() -> None:
    """Route logs as the running service does; structlog's own default draws every traceback."""
    route_to_logging("INFO")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "liftbay.sqlite3"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer | None]:
    """Run one PostgreSQL server with a migrated template database, where there is one to run."""
    if POSTGRES is None:
        yield None
        return
    server = PostgresServer(POSTGRES)
    server.start()
    try:
        _sql(server, "CREATE DATABASE template_liftbay")
        asyncio.run(_migrated(_async_url(server.url("template_liftbay"))))
        yield server
    finally:
        server.stop()


@pytest.fixture(params=ENGINES)
def new_database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: Path,
    postgres_server: PostgresServer | None,
) -> Iterator[Callable[[], str | None]]:
    """Return a maker of migrated databases: an address, or None for SQLite in the data folder.

    After the test the books of each are looked at, whatever the test was about.
    """
    made: list[str] = []
    file = tmp_path / "liftbay.sqlite3"
    faults: list[str] = []

    def make() -> str | None:
        if request.param == "sqlite":
            faults.extend(faults_on_disk(tmp_path))
            # A journal that was left beside it would be taken for this one's.
            for old in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                old.unlink(missing_ok=True)
            shutil.copyfile(sqlite_template, file)
            return None
        assert postgres_server is not None
        name = f"t_{uuid.uuid4().hex[:12]}"
        _sql(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_liftbay")
        made.append(name)
        return postgres_server.url(name)

    yield make
    faults.extend(faults_on_disk(tmp_path))
    if postgres_server is not None:
        for name in made:
            faults.extend(faults_on_server(postgres_server.url(name)))
            _sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
    assert faults == [], "the books are not in order"


@pytest.fixture
def make_settings(
    tmp_path: Path, new_database: Callable[[], str | None]
) -> Callable[..., Settings]:
    """Return a maker of settings over a fresh database."""

    def make(**changes: object) -> Settings:
        return Settings(data_dir=tmp_path, database_url=new_database(), **changes)  # type: ignore[arg-type]  # pydantic checks

    return make


@pytest_asyncio.fixture
async def service(make_settings: Callable[..., Settings]) -> AsyncIterator[BackendService]:
    """Return the service with the product's settings."""
    async with backend_service(make_settings()) as running:
        yield running


@pytest.fixture
def database_url(make_settings: Callable[..., Settings]) -> str:
    """Return the address of a migrated database."""
    return make_settings().sqlalchemy_url


async def _migrated(url: str) -> None:
    database = Database(url)
    try:
        await migrate(database)
    finally:
        await database.close()


def _async_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _sql(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
