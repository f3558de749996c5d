"""One real LiveKit server for these tests, and rooms and clients on it."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.client_process import ClientProcess

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[LiveKitServer]:
    """A running server."""
    with LiveKitServer() as running:
        yield running


@pytest.fixture
async def room(server: LiveKitServer) -> str:
    """The name of a new room."""
    name = f"session-{next(_numbers)}"
    await server.create_room(name)
    return name


StartClient = Callable[..., Awaitable[ClientProcess]]


@pytest.fixture
async def start_client() -> AsyncIterator[StartClient]:
    """Starts client processes and ends them with the test."""
    clients: list[ClientProcess] = []

    async def start(name: str, *arguments: str) -> ClientProcess:
        client = ClientProcess(name, *arguments)
        clients.append(client)
        await client.start()
        return client

    yield start
    for client in clients:
        await client.close()
