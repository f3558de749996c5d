"""A service that is asked to stop while PostgreSQL is away stops, in a time that is known."""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.serving import STOP_WITHIN_SECONDS
from tests.fakes.postgres import PostgresServer
from tests.fakes.service_process import ServiceProcess
from tests.integration.backend.conftest import POSTGRES

AWAY_S = 3.0
"""Long enough for the engine to have met a database that does not answer."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(POSTGRES is None, reason="no PostgreSQL on this machine"),
]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    assert POSTGRES is not None
    server = PostgresServer(POSTGRES)
    server.start()
    yield server
    server.stop()


def test_a_stop_without_the_database_is_cut_off(server: PostgresServer, tmp_path: Path) -> None:
    url = server.url("postgres")
    asyncio.run(_migrated(url))
    with ServiceProcess(tmp_path / "data", {"database_url": url}) as service:
        server.halt(signal.SIGINT)
        time.sleep(AWAY_S)
        began = time.monotonic()

        status = service.stop()

        took = time.monotonic() - began
        said = [one["event"] for one in service.logged()]

    assert took < STOP_WITHIN_SECONDS + 20
    # It says itself that it was not the end one wishes for.
    assert (status == 0) != (said[-1] == "serve.stop_cut_off")
    assert "durable.lease_left" in said


async def _migrated(url: str) -> None:
    database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
    await migrate(database)
    await database.close()
