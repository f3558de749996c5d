"""One session over both databases and both stores of files."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.s3_server import S3Server
from tests.fakes.uploads import Sender, sender

STORES = ["folder", "s3"]


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A running S3 server."""
    with S3Server() as server:
        yield server


@pytest.fixture(params=STORES)
def file_settings(
    request: pytest.FixtureRequest,
    make_settings: Callable[..., Settings],
    s3_server: S3Server,
) -> Callable[..., Settings]:
    """Return a maker of settings with one of the stores."""
    store: dict[str, Any] = dict(s3_server.settings) if request.param == "s3" else {}
    return lambda **changes: make_settings(**store, **changes)


@pytest_asyncio.fixture
async def bench(file_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A waiting session."""
    async with backend_service(file_settings()) as service:
        yield await call_bench(service)


@pytest.fixture
def customer(bench: CallBench) -> Sender:
    return sender(bench.customer, bench.path)


@pytest.fixture
def mechanic(bench: CallBench) -> Sender:
    return sender(bench.mechanic, bench.path)
