"""What a live session costs while nothing happens: signs of life are gathered, rooms take turns."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from liftbay_backend.db.models import PresenceRow
from liftbay_backend.domain.roles import Side
from liftbay_backend.lifecycle import look_at_rooms
from liftbay_backend.repositories.presence import SignOfLife, note_signs_of_life
from liftbay_backend.services.room_watch import CALM_LOOK_SECONDS
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench, committed
from tests.fakes.backend_service import BackendService, backend_service


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    async with backend_service(make_settings()) as service:
        yield await call_bench(service)


async def noted(bench: CallBench, side: Side) -> float:
    """Return how many seconds ago the table says that this side was heard of."""
    async with bench.service.core.database.reading() as db:
        row = await db.get_one(PresenceRow, (bench.session_id, side))
    assert row.last_sign_of_life_at is not None
    return (bench.service.clock.now() - row.last_sign_of_life_at).total_seconds()


async def test_polls_of_the_clock_write_nothing_and_one_transaction_keeps_them_all(
    bench: CallBench,
) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=40)
    before = committed()
    for caller in (bench.customer, bench.mechanic, bench.customer):
        await bench.clock(caller)
    polls = committed() - before

    await bench.live.watch.keep_signs()
    await bench.live.watch.keep_signs()

    assert (polls, committed() - before) == (0, 1)
    assert [await noted(bench, side) for side in Side] == [0, 0]


async def test_a_newer_sign_of_life_of_another_instance_stays(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=40)
    await bench.clock(bench.customer)
    bench.service.clock.advance(seconds=3)
    elsewhere = SignOfLife(bench.session_id, Side.CUSTOMER, bench.service.clock.now())
    async with bench.service.core.database.writing() as db:
        await note_signs_of_life(db, [elsewhere])

    await bench.live.watch.keep_signs()

    assert await noted(bench, Side.CUSTOMER) == 0


async def test_a_room_with_both_sides_is_looked_at_every_few_seconds(bench: CallBench) -> None:
    await bench.start()
    watch, clock = bench.live.watch, bench.service.clock
    await watch.look(bench.session_id)

    turns = []
    for _ in range(round(CALM_LOOK_SECONDS)):
        turns.append(watch.in_turn([bench.session_id]))
        clock.advance(seconds=1)

    assert turns[:4] == [()] * 4
    assert watch.in_turn([bench.session_id]) == (bench.session_id,)


async def test_a_room_in_which_somebody_misses_is_looked_at_each_time(bench: CallBench) -> None:
    await bench.start()
    bench.drop(bench.mechanic)
    await bench.look()

    assert bench.live.watch.in_turn([bench.session_id]) == (bench.session_id,)

    bench.back(bench.mechanic)
    await look_at_rooms(bench.live)

    assert (await bench.events("presence"))[-1]["state"] == "present"
    assert bench.live.watch.in_turn([bench.session_id]) == (bench.session_id,), "perhaps old news"

    await look_at_rooms(bench.live)

    assert bench.live.watch.in_turn([bench.session_id]) == ()


async def test_after_a_media_server_was_away_every_room_has_its_turn(
    bench: CallBench,
) -> None:
    """It may have been restarted: then it knows no room, and nobody gets back before it does."""
    await bench.start()
    await bench.live.watch.look(bench.session_id)
    assert bench.live.watch.in_turn([bench.session_id]) == ()
    bench.service.rooms.is_down = True

    await look_at_rooms(bench.live)

    assert bench.live.watch.in_turn([bench.session_id]) == (bench.session_id,)


async def test_signs_that_are_just_being_written_are_not_missed(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=5)
    heard_at = bench.service.clock.now()
    await bench.clock(bench.customer)
    watch = bench.live.watch
    async with bench.service.core.works.begin() as work:
        session = await work.session(bench.session_id)
        # The row is locked, so what is written waits here, on both databases.
        writing = asyncio.create_task(watch.keep_signs())
        await asyncio.sleep(0)
        booking = watch.book(work, session)
    await writing

    assert booking.signs == {Side.CUSTOMER: heard_at}


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_reading_cannot_write(service: BackendService) -> None:
    """On PostgreSQL both share a pool."""
    database = service.core.database

    with pytest.raises(DBAPIError, match="readonly"):
        async with database.reading() as db:
            await db.execute(text("DELETE FROM users"))
