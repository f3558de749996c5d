"""The fake clock keeps to its port."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from client_api.clock import Clock
from client_api.tasks import spawn
from tests.fakes.clock import FakeClock, settle


def as_port(clock: FakeClock) -> Clock:
    """mypy checks here that the fake has the shape of its port."""
    return clock


async def test_sleepers_wake_at_their_own_moment_and_in_order() -> None:
    clock = FakeClock()
    woken: list[tuple[str, int]] = []
    begin_ns = clock.monotonic_ns()

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, (clock.monotonic_ns() - begin_ns) // 1_000_000))

    tasks = [spawn(sleep("late", 2), name="late"), spawn(sleep("soon", 0.5), name="soon")]
    await clock.advance(1)
    assert woken == [("soon", 500)]
    assert clock.sleeping == 1
    await clock.advance(minutes=1)
    await asyncio.gather(*tasks)

    assert woken == [("soon", 500), ("late", 2000)]


async def test_a_cancelled_sleeper_holds_nobody_up() -> None:
    clock = FakeClock()
    task = spawn(clock.sleep(1), name="sleep")
    await settle()

    task.cancel()
    await clock.advance(2)

    assert clock.sleeping == 0


def test_the_wall_clock_may_be_changed_alone() -> None:
    clock = FakeClock()
    before = clock.monotonic_ns()

    clock.set_wall_clock(datetime(2031, 1, 1, tzinfo=UTC))
    clock.move(1)

    assert clock.monotonic_ns() - before == 1_000_000_000
    assert clock.now() == datetime(2031, 1, 1, tzinfo=UTC) + timedelta(seconds=1)
