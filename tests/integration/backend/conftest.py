"""The service over every database engine that this machine has."""

import asyncio
import shutil
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
from tests.fakes.database_shelf import DatabaseShelf
from tests.fakes.ledger_audit import faults_on_disk, faults_over
from tests.fakes.postgres import PostgresServer, find_postgres
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage

POSTGRES = find_postgres()
ENGINES = ["sqlite", *(["postgresql"] if POSTGRES is not None else [])]
TEMPLATE = "template_liftbay"


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
        _sql(server, f"CREATE DATABASE {TEMPLATE}")
        asyncio.run(_migrated(_async_url(server.url(TEMPLATE))))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def database_shelf(postgres_server: PostgresServer | None) -> DatabaseShelf | None:
    """Return databases of the server that are as its template is."""
    if postgres_server is None:
        return None
    return DatabaseShelf(postgres_server, TEMPLATE)


@pytest.fixture(params=ENGINES)
def new_database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: Path,
    postgres_server: PostgresServer | None,
    database_shelf: DatabaseShelf | None,
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
        assert database_shelf is not None
        made.append(database_shelf.take())
        return postgres_server.url(made[-1])

    yield make
    faults.extend(faults_on_disk(tmp_path))
    if database_shelf is not None:
        for name in made:
            faults.extend(database_shelf.give_back(name, faults_over))
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


@pytest_asyncio.fixture
async def stage(
    make_settings: Callable[..., Settings],
) -> AsyncIterator[StripeStage]:
    """Return the service paid by a Stripe of ours, with Stripe's own patience."""
    async with stripe_stage(make_settings) as opened:
        yield opened


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
