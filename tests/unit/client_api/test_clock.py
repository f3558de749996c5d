"""The machine's own clocks behind the port."""

from __future__ import annotations

from datetime import timedelta

from client_api.clock import SystemClock


async def test_the_system_clock_tells_aware_time_and_goes_on() -> None:
    clock = SystemClock()

    before = clock.monotonic_ns()
    await clock.sleep(0.001)
    await clock.sleep(-1)

    assert clock.monotonic_ns() - before >= 1_000_000
    assert clock.now().utcoffset() == timedelta(0)
