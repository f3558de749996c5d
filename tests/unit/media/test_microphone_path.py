"""The way from the microphone to the room, with a source that answers as the test says."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import numpy as np
import pytest

from client_api.tasks import spawn
from desktop.media.microphone_path import MicrophonePath
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock
from tests.conftest import ExpectedLogs


class Source:
    """Counts what it takes; fails while it is told to."""

    def __init__(self) -> None:
        self.taken = 0
        self.fails = False

    async def capture_frame(self, frame: object) -> None:
        self.taken += 1
        if self.fails:
            raise RuntimeError("InvalidState - a capture is pending")


class Stage:
    """A path that runs."""

    def __init__(self) -> None:
        self.source = Source()
        loop = asyncio.get_running_loop()
        self.path = MicrophonePath(cast(Any, self.source), list, loop, None)
        self.running = spawn(self.path.run(), name="path under test")

    async def speak(self) -> None:
        """Let one piece of 20 ms come from the microphone."""
        before = self.source.taken
        for _ in range(2):
            self.path.tap(AudioBlock(np.full((BLOCK_SAMPLES, 1), 900, np.int16), 0))
        async with asyncio.timeout(5):
            while self.source.taken == before:
                await asyncio.sleep(0)
        await asyncio.sleep(0)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    made.path.stop()
    await made.running


async def test_a_piece_that_the_sdk_refuses_costs_that_piece_and_not_the_microphone(
    stage: Stage, expected_logs: ExpectedLogs
) -> None:
    """A path that ended here would leave a person unheard, and nothing would tell of it."""
    expected_logs.allow("sound was not passed on")
    stage.source.fails = True
    await stage.speak()
    await stage.speak()

    stage.source.fails = False
    await stage.speak()

    assert stage.path.captured == 2


async def test_a_source_that_goes_on_refusing_is_told_once(
    stage: Stage, expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("sound was not passed on")
    stage.source.fails = True

    for _ in range(5):
        await stage.speak()

    assert caplog.text.count("sound was not passed on") == 1
