"""Who is in the room: absences stop the paid time, webhooks are hints, rooms come back."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import insert

from liftbay_backend.db.models import WebhookEventRow
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services.webhooks import PROVIDER
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.contract import fixture
from tests.fakes.rooms import SIGNATURE
from tests.integration.backend.held_writers import all_wait_to_write

DELIVERIES = 6


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A waiting session whose people stay signed in through hours of virtual time."""
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        yield await call_bench(service)


async def test_joins_are_told_to_both_sides(bench: CallBench) -> None:
    await bench.start()

    told = await bench.events("presence")

    assert [(one["role"], one["state"]) for one in told] == [
        ("customer", "present"),
        ("mechanic", "present"),
    ]
    shape = fixture("session_events")["events"][2]["data"]
    assert set(told[0]) == set(shape)
    assert told[0]["absence_left_seconds"] == 600


async def test_paid_time_stops_ten_seconds_after_the_last_sign_of_life(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=100)
    await bench.clock(bench.mechanic)
    bench.service.clock.advance(seconds=21)
    bench.drop(bench.mechanic)

    await bench.look()

    clock = await bench.clock()
    assert clock["state"] == "paused"
    assert clock["remaining_seconds"] == 3600 - 110
    absent = (await bench.events("presence"))[-1]
    assert absent["state"] == "absent"
    assert absent["role"] == "mechanic"
    assert absent["absence_left_seconds"] == 579


async def test_a_short_drop_costs_and_pauses_nothing(bench: CallBench) -> None:
    await bench.start()
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=3)
    bench.back(bench.mechanic)

    await bench.look()

    clock = await bench.clock()
    assert clock["state"] == "running"
    assert clock["paused_seconds"] == 0
    assert clock["remaining_seconds"] == 3597


async def test_the_clock_runs_on_after_the_return(bench: CallBench) -> None:
    await bench.start()
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=70)
    await bench.look()
    bench.back(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=30)

    clock = await bench.clock()

    assert clock["state"] == "running"
    assert clock["paused_seconds"] == 60
    assert clock["remaining_seconds"] == 3600 - 10 - 30
    revisions = [one["clock"]["revision"] for one in await bench.events("clock")]
    assert revisions == sorted(set(revisions))


async def test_ten_minutes_of_absence_end_the_session(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=120)
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=599)
    await bench.look()
    before = (await bench.session())["status"]
    bench.service.clock.advance(seconds=2)

    await bench.look()

    session = await bench.session()
    assert before == "live"
    assert session["status"] == "completed"
    assert session["end"]["reason"] == "abandoned"
    assert session["end"]["ended_by"] == "service"
    assert session["end"]["duration_seconds"] == 130


async def test_an_unreachable_call_server_makes_nobody_absent(bench: CallBench) -> None:
    await bench.start()
    bench.service.rooms.is_down = True
    bench.service.clock.advance(seconds=30)

    with pytest.raises(RoomsUnavailable):
        await bench.live.watch.look(bench.session_id)

    assert (await bench.clock())["state"] == "running"
    assert [one["state"] for one in await bench.events("presence")] == ["present", "present"]


async def test_a_call_server_that_stays_away_is_paid_by_nobody(bench: CallBench) -> None:
    """Requests of both go on: their programs live, and they neither see nor hear each other."""
    await bench.start()
    bench.service.clock.advance(seconds=100)
    bench.service.rooms.is_down = True
    states = []
    for _ in range(20):
        bench.service.clock.advance(seconds=5)
        await bench.clock(bench.mechanic)
        states.append((await bench.clock())["state"])
        with pytest.raises(RoomsUnavailable):
            await bench.look()
    away = await bench.clock()
    bench.service.clock.advance(seconds=300)
    with pytest.raises(RoomsUnavailable):
        await bench.look()
    bench.service.rooms.is_down = False

    await bench.look()

    back = await bench.clock()
    # The minute that it may be away, and the grace of absence behind it.
    assert states == ["running"] * 15 + ["paused"] * 5
    assert (back["state"], back["remaining_seconds"]) == ("running", away["remaining_seconds"])
    assert 3600 - 100 - 80 <= back["remaining_seconds"] <= 3600 - 100 - 70
    told = [(one["role"], one["state"]) for one in await bench.events("presence")][2:]
    assert told == [
        ("customer", "absent"),
        ("mechanic", "absent"),
        ("customer", "present"),
        ("mechanic", "present"),
    ]


async def test_a_call_server_that_never_comes_back_ends_the_session(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=120)
    bench.service.rooms.is_down = True
    for seconds in (0, 61, 605):
        bench.service.clock.advance(seconds=seconds)
        with pytest.raises(RoomsUnavailable):
            await bench.look()

    session = await bench.session()
    assert session["status"] == "completed"
    assert session["end"]["reason"] == "abandoned"


async def test_a_restarted_call_server_gets_its_room_back(bench: CallBench) -> None:
    await bench.start()
    bench.service.rooms.restart()

    await bench.look()

    room = f"session-{bench.session_id}"
    assert bench.service.rooms.created.count(room) == 2
    bench.back(bench.customer)
    bench.back(bench.mechanic)
    await bench.look()
    assert (await bench.clock())["state"] == "running"


async def test_the_room_of_an_ended_session_is_not_made_again(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    bench.service.rooms.restart()

    await bench.look()

    assert bench.service.rooms.created.count(f"session-{bench.session_id}") == 1


async def test_a_webhook_is_believed_once_and_only_signed(bench: CallBench) -> None:
    await bench.start()
    bench.drop(bench.mechanic)
    http = await bench.service.client()
    room = f"session-{bench.session_id}"
    body = bench.service.rooms.webhook(
        "EV_1", "participant_left", room, bench.identity(bench.mechanic)
    )

    unsigned = await http.post("/api/livekit/webhook", content=body)
    before = await bench.events("presence")
    headers = {"Authorization": SIGNATURE, "Content-Type": "application/webhook+json"}
    first = await http.post("/api/livekit/webhook", content=body, headers=headers)
    again = await http.post("/api/livekit/webhook", content=body, headers=headers)

    assert unsigned.status_code == 401
    assert unsigned.json()["code"] == "webhook.bad_signature"
    assert (first.json(), again.json()) == ({"first": True}, {"first": False})
    assert len(await bench.events("presence")) == len(before) + 1


async def test_a_webhook_delivered_many_times_at_once_has_one_effect_and_no_fault(
    bench: CallBench,
) -> None:
    """On PostgreSQL each delivery has a connection of its own, so all of them see no row first.

    They are held until each has looked and waits to write: by a transaction that writes the same
    row and gives it up.
    """
    await bench.start()
    bench.drop(bench.mechanic)
    before = await bench.events("presence")
    http = await bench.service.client(Authorization=SIGNATURE)
    body = bench.service.rooms.webhook(
        "EV_1", "participant_left", f"session-{bench.session_id}", bench.identity(bench.mechanic)
    )
    database = bench.service.core.database
    async with database.writing() as db:
        row = {"provider": PROVIDER, "event_id": "EV_1", "received_at": bench.service.clock.now()}
        await db.execute(insert(WebhookEventRow).values(row))
        deliveries = asyncio.gather(
            *(http.post("/api/livekit/webhook", content=body) for _ in range(DELIVERIES))
        )
        await all_wait_to_write(database, DELIVERIES)
        await db.rollback()

    answers = await deliveries

    assert [one.status_code for one in answers] == [200] * DELIVERIES
    assert sorted(one.json()["first"] for one in answers) == [False] * (DELIVERIES - 1) + [True]
    assert len(await bench.events("presence")) == len(before) + 1


async def test_a_late_webhook_about_somebody_who_is_back_does_no_harm(bench: CallBench) -> None:
    await bench.start()
    http = await bench.service.client()
    body = bench.service.rooms.webhook(
        "EV_9", "participant_left", f"session-{bench.session_id}", bench.identity(bench.mechanic)
    )

    await http.post("/api/livekit/webhook", content=body, headers={"Authorization": SIGNATURE})

    assert [one["state"] for one in await bench.events("presence")] == ["present", "present"]


@pytest.mark.parametrize("silent_s", [5, 20])
async def test_an_end_before_the_call_server_notices_a_death_believes_it(
    bench: CallBench, silent_s: int
) -> None:
    """Decision 0012: nobody was seen to leave, so the silence counts; it is short."""
    await bench.start()
    bench.service.clock.advance(seconds=100)
    await bench.clock(bench.mechanic)
    bench.service.clock.advance(seconds=silent_s)

    ended = await bench.end(bench.customer)

    assert ended["end"]["duration_seconds"] == 100 + silent_s


async def test_a_death_that_the_call_server_noticed_counts_before_the_end(
    bench: CallBench,
) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=100)
    await bench.clock(bench.mechanic)
    bench.service.clock.advance(seconds=20)
    bench.drop(bench.mechanic)
    await bench.look()

    ended = await bench.end(bench.customer)

    assert ended["end"]["duration_seconds"] == 110
