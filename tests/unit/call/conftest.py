"""What the tests of the call share."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.fakes.call_stage import Stage
from tests.fakes.clock import settle


@pytest.fixture
async def stage() -> AsyncGenerator[Stage, None]:
    stage = Stage()
    stage.outbox.start()
    stage.actor.start()
    await settle()
    yield stage
    await stage.actor.close()
    await stage.outbox.close()
