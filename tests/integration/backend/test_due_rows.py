"""What falls due by time alone: 0:00, expiries, rooms to close."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from liftbay_backend.services import due
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A waiting session whose people stay signed in through hours of virtual time."""
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        yield await call_bench(service)


async def test_at_zero_the_service_ends_the_session_by_itself(bench: CallBench) -> None:
    clock = await bench.start()
    bench.service.clock.advance(seconds=3599.9)
    assert await due.end_sessions_at_zero(bench.live) == 0
    bench.service.clock.advance(seconds=0.6)

    assert await due.end_sessions_at_zero(bench.live) == 1

    session = await bench.session()
    assert session["status"] == "completed"
    assert session["end"]["reason"] == "time_up"
    assert session["end"]["ended_at"] == clock["ends_at"]
    assert session["end"]["duration_seconds"] == 3600
    assert session["clock"]["state"] == "ended"
    assert session["clock"]["remaining_seconds"] == 0


async def test_a_pause_that_fell_due_before_zero_counts_first(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=3580)
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.live.watch.look(bench.session_id)
    bench.service.clock.advance(seconds=25)

    assert await due.end_sessions_at_zero(bench.live) == 0

    clock = await bench.clock()
    assert clock["state"] == "paused"
    assert clock["remaining_seconds"] == 10


async def test_the_room_is_closed_ten_seconds_after_the_end(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    bench.service.clock.advance(seconds=9.9)
    too_early = await due.close_rooms(bench.live)
    bench.service.clock.advance(seconds=0.1)

    closed = await due.close_rooms(bench.live)

    assert (too_early, closed) == (0, 1)
    assert bench.service.rooms.deleted == [f"session-{bench.session_id}"]
    assert await due.close_rooms(bench.live) == 0


async def test_a_room_that_cannot_be_closed_now_is_closed_later(bench: CallBench) -> None:
    await bench.start()
    await bench.end(bench.customer)
    bench.service.clock.advance(seconds=10)
    bench.service.rooms.is_down = True
    failed = await due.close_rooms(bench.live)
    bench.service.rooms.is_down = False
    bench.service.clock.advance(seconds=1)

    closed = await due.close_rooms(bench.live)

    assert (failed, closed) == (0, 1)


async def test_an_unaccepted_request_expires_and_is_refunded(service: BackendService) -> None:
    customer = await service.customer()
    session = await service.pending_session(customer)
    live = service.app.state.live
    service.clock.advance(minutes=14.9)
    assert await due.expire_requests(live) == 0
    service.clock.advance(minutes=0.1)

    assert await due.expire_requests(live) == 1

    found = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert found["status"] == "unattended"
    assert found["payment_status"] == "refunding"
    assert found["end"]["reason"] == "unattended"


async def test_an_accepted_session_that_never_starts_expires(bench: CallBench) -> None:
    bench.service.clock.advance(minutes=14.9)
    assert await due.expire_no_shows(bench.live) == 0
    bench.service.clock.advance(minutes=0.1)

    assert await due.expire_no_shows(bench.live) == 1

    session = await bench.session()
    assert session["status"] == "expired"
    assert session["payment_status"] == "refunding"


async def test_a_session_booked_for_soon_and_accepted_after_that_has_its_whole_window(
    bench: CallBench,
) -> None:
    """Counted from the booked time alone, it was gone two minutes after the mechanic took it."""
    soon = bench.service.clock.now() + timedelta(minutes=1)
    pending = await bench.service.pending_session(bench.customer, scheduled_for=soon.isoformat())
    bench.service.clock.advance(minutes=14)
    path = f"/api/mechanics/requests/{pending['request_id']}/accept"
    accepted = (await bench.mechanic.http.post(path, json={})).json()["session"]
    await bench.end(bench.customer)
    bench.service.clock.advance(seconds=899)

    assert accepted["status"] == "waiting"
    assert await due.expire_no_shows(bench.live) == 0

    bench.service.clock.advance(seconds=1)

    assert await due.expire_no_shows(bench.live) == 1
    shown = (await bench.customer.http.get(f"/api/sessions/{pending['id']}")).json()
    assert shown["status"] == "expired"


async def test_a_session_booked_for_later_is_no_no_show_before_its_time(bench: CallBench) -> None:
    later = bench.service.clock.now() + timedelta(hours=2)
    booked = await bench.service.waiting_session(
        bench.customer, bench.mechanic, scheduled_for=later.isoformat()
    )
    await bench.end(bench.customer)
    bench.service.clock.advance(minutes=120 + 14)
    assert await due.expire_no_shows(bench.live) == 0
    bench.service.clock.advance(minutes=1)

    assert await due.expire_no_shows(bench.live) == 1

    shown = (await bench.customer.http.get(f"/api/sessions/{booked['id']}")).json()
    assert shown["status"] == "expired"


async def test_a_started_session_is_no_no_show(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=16)

    assert await due.expire_no_shows(bench.live) == 0


async def test_a_plan_of_ninety_seconds_warns_as_the_settings_say(
    make_settings: Callable[..., Settings],
) -> None:
    plan = {
        "code": "diagnostic",
        "type": "video",
        "total_seconds": 90,
        "price_cents": 4999,
        "extension_seconds": 60,
        "extension_price_cents": 999,
    }
    settings = make_settings(plans_json=json.dumps([plan]), clock_warnings=(60, 30))
    async with backend_service(settings) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(seconds=90)
        await due.end_sessions_at_zero(bench.live)

        session = await bench.session()

    assert session["clock"]["warnings"] == [60, 30]
    assert session["end"]["reason"] == "time_up"
    assert session["status"] == "completed"
