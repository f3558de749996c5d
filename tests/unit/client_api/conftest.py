"""What the tests of the sign-in and of the transport share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

import pytest
import stamina

from tests.fakes.http_service import http_service
from tests.unit.client_api.sign_in_world import World


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """A request is tried four times at the most, each time at once."""
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def tried_twice() -> Iterator[None]:
    """A request is tried once more at the most, and at once."""
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
async def world(tried_twice: None) -> AsyncGenerator[World, None]:
    """A sign-in with nobody in it, and its service."""
    async with http_service() as service:
        world = World(service)
        yield world
        await world.sign_in.close()
        await world.transport.close()
