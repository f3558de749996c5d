"""The end of a probe process that does not do its part."""

import asyncio
import sys

import pytest

from preflight.probe import process as process_module
from preflight.probe.process import ProbeProcess


async def test_a_process_that_never_gets_ready_is_ended_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever leaves the preflight page waits for this."""
    monkeypatch.setattr(process_module, "GRACE_S", 0.2)
    process = ProbeProcess((sys.executable, "-S", "-c", "import time; time.sleep(60)"))
    process.start()

    async with asyncio.timeout(10):
        await process.stop()
        while process.alive:
            await asyncio.sleep(0.01)

    assert process.returned is not None
