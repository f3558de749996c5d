"""Tasks are kept, ended together, and heard when they fail."""

from __future__ import annotations

import asyncio
import gc

from client_api.tasks import Tasks, spawn, within
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock, settle


async def test_a_failure_is_logged_with_the_tasks_name(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("task paint failed")

    async def fail() -> None:
        raise ZeroDivisionError

    task = spawn(fail(), name="paint")
    await asyncio.wait({task})

    assert isinstance(task.exception(), ZeroDivisionError)


async def test_a_task_nobody_holds_is_not_lost() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    spawn(work(), name="work")
    gc.collect()
    await asyncio.wait_for(done.wait(), 1)

    assert done.is_set()


async def test_an_owner_ends_all_its_tasks_but_the_one_that_asks() -> None:
    tasks = Tasks()
    waiting = tasks.spawn(asyncio.Event().wait(), name="waiting")

    async def close_all() -> str:
        await tasks.close()
        return "still here"

    closing = tasks.spawn(close_all(), name="closing")

    assert await closing == "still here"
    assert waiting.cancelled()
    assert len(tasks) == 0


async def test_a_task_that_is_done_is_let_go() -> None:
    tasks = Tasks()

    await tasks.spawn(asyncio.sleep(0), name="short")
    await asyncio.sleep(0)

    assert len(tasks) == 0


async def test_an_owner_waits_no_longer_than_its_patience_for_a_task_that_hangs() -> None:
    tasks, released = Tasks(), asyncio.Event()

    async def hang() -> None:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    hanging = tasks.spawn(hang(), name="hanging")
    await asyncio.sleep(0)

    await asyncio.wait_for(tasks.close(patience_s=0.01), 5)

    assert not hanging.done()
    released.set()
    await hanging


async def test_an_owner_without_tasks_ends_at_once() -> None:
    closing = asyncio.ensure_future(Tasks().close())

    await asyncio.sleep(0)

    assert closing.done()


async def test_after_the_end_nothing_starts_any_more() -> None:
    tasks, began = Tasks(), False

    async def work() -> None:
        nonlocal began
        began = True

    await tasks.close()
    late = tasks.spawn(work(), name="late")
    await asyncio.wait([late])

    assert late.cancelled()
    assert not began


async def test_what_ends_in_time_is_told_and_its_timer_goes() -> None:
    clock, done = FakeClock(), asyncio.Event()
    waiting = spawn(within(spawn(done.wait(), name="work"), 5.0, clock), name="waiting")
    await settle()

    done.set()
    await settle()

    assert waiting.result()
    assert clock.sleeping == 0


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    clock = FakeClock()
    work = spawn(asyncio.Event().wait(), name="work")
    waiting = spawn(within(work, 5.0, clock), name="waiting")
    await settle()

    await clock.advance(4.9)
    assert not waiting.done()
    await clock.advance(0.2)

    assert not waiting.result()
    assert work.cancelled()


async def test_a_wait_that_is_called_off_leaves_nothing_behind() -> None:
    clock = FakeClock()
    work = spawn(asyncio.Event().wait(), name="work")
    waiting = spawn(within(work, 5.0, clock), name="waiting")
    await settle()

    waiting.cancel()
    await settle()

    assert work.cancelled()
    assert clock.sleeping == 0
