"""A call from its start to its end: who may press what, and what it does."""

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.contract import response


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A waiting session whose people stay signed in through hours of virtual time."""
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        yield await call_bench(service)


async def test_a_session_starts_when_the_service_sees_both(bench: CallBench) -> None:
    await bench.join(bench.customer)
    alone = await bench.customer.http.post(f"{bench.path}/start", json={})
    await bench.join(bench.mechanic)

    both = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert alone.status_code == 409
    assert alone.json()["code"] == "session.not_both_present"
    assert both.status_code == 200
    assert set(both.json()) == set(response("session_start"))
    assert both.json()["status"] == "live"
    assert both.json()["clock"]["state"] == "running"
    assert both.json()["clock"]["remaining_seconds"] == 3600


async def test_presence_is_never_taken_from_a_booking_alone(bench: CallBench) -> None:
    """Both joined, one left again unseen: the start looks for itself."""
    await bench.join(bench.customer)
    await bench.join(bench.mechanic)
    bench.drop(bench.mechanic)

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 409


async def test_starting_again_brings_the_same_clock(bench: CallBench) -> None:
    first = await bench.start()
    bench.service.clock.advance(seconds=5)

    again = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert again.json()["clock"]["revision"] == first["revision"]
    assert again.json()["clock"]["started_at"] == first["started_at"]
    assert again.json()["clock"]["remaining_seconds"] == 3595


async def test_a_start_without_a_call_server_is_refused_and_starts_nothing(
    bench: CallBench,
) -> None:
    await bench.join(bench.customer)
    await bench.join(bench.mechanic)
    bench.service.rooms.is_down = True

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 503
    assert (await bench.session())["status"] == "waiting"


async def test_an_ended_session_cannot_be_started(bench: CallBench) -> None:
    await bench.end(bench.customer)

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 409
    assert answer.json()["code"] == "session.ended"


async def test_the_clock_looks_like_the_contract(bench: CallBench) -> None:
    not_started = await bench.clock()
    await bench.start()
    running = await bench.clock()

    assert not_started == {
        **response("clock_not_started"),
        "server_now": not_started["server_now"],
    }
    assert set(running) == set(response("clock_running"))


async def test_both_sides_read_the_same_remaining_time(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=7)

    theirs = [await bench.clock(one) for one in (bench.customer, bench.mechanic)]

    assert theirs[0]["remaining_seconds"] == theirs[1]["remaining_seconds"] == 3180


async def test_end_is_idempotent(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    first = await bench.end(bench.customer)
    bench.service.clock.advance(seconds=3)

    again = await bench.end(bench.mechanic)

    assert first["status"] == "completed"
    assert again["end"] == first["end"]
    assert set(first) == set(response("session_end"))
    assert first["settlement"] == response("session_end")["settlement"]
    assert len(await bench.events("ended")) == 1


@pytest.mark.parametrize(("seconds", "status"), [(59, "cancelled"), (60, "completed")])
async def test_a_session_of_a_few_seconds_is_cancelled(
    bench: CallBench, seconds: int, status: str
) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=seconds)

    ended = await bench.end(bench.customer)

    assert ended["status"] == status
    assert ended["end"]["billable"] is (status == "completed")
    session = await bench.session()
    assert session["payment_status"] == ("paid" if status == "completed" else "refunding")


async def test_a_pause_that_is_due_counts_before_a_press(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=40)
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=30)

    ended = await bench.end(bench.customer)

    assert ended["end"]["duration_seconds"] == 50
    assert ended["status"] == "cancelled"


async def test_nobody_ends_in_the_other_ones_name(bench: CallBench) -> None:
    await bench.start()

    ended = await bench.end(bench.mechanic, reason="ended_by_customer")

    assert ended["end"]["reason"] == "ended_by_mechanic"
    assert ended["end"]["ended_by"] == "mechanic"


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(hours=1)])
async def test_a_late_press_is_ignored_after_a_newer_join(
    bench: CallBench, wrong_by: timedelta
) -> None:
    """Also where the clock of the machine that kept it for later is an hour ahead."""
    await bench.start()
    pressed_at = (bench.service.clock.now() + wrong_by).isoformat()
    old = str(uuid.uuid4())
    bench.drop(bench.customer)
    await bench.look()
    bench.service.clock.advance(seconds=20)
    bench.back(bench.customer, str(uuid.uuid4()))
    await bench.look()

    answer = await bench.end(bench.customer, old, pressed_at=pressed_at)

    assert answer == response("session_end_ignored")
    assert (await bench.session())["status"] == "live"


async def test_a_late_press_of_the_same_attempt_counts(bench: CallBench) -> None:
    await bench.join(bench.mechanic)
    attempt = await bench.join(bench.customer)
    await bench.customer.http.post(f"{bench.path}/start", json={})
    bench.service.clock.advance(minutes=2)
    pressed_at = bench.service.clock.now().isoformat()
    bench.drop(bench.customer)
    await bench.look()
    bench.service.clock.advance(seconds=5)
    bench.back(bench.customer, attempt)
    await bench.look()

    answer = await bench.end(bench.customer, attempt, pressed_at=pressed_at)

    assert answer["status"] == "completed"


async def test_a_window_closed_before_the_start_ends_nothing(bench: CallBench) -> None:
    await bench.join(bench.customer)

    answer = await bench.end(bench.customer, reason="window_closed")

    assert answer == {"status": "waiting", "end": None, "settlement": None}


async def test_end_pressed_before_the_start_cancels(bench: CallBench) -> None:
    answer = await bench.end(bench.customer)

    assert answer["status"] == "cancelled"
    assert answer["end"]["billable"] is False


async def test_a_stranger_can_neither_read_nor_end(bench: CallBench) -> None:
    await bench.start()
    stranger = await bench.service.customer("Pat Stranger")
    body = {"reason": "ended_by_customer", "pressed_at": "2026-11-22T12:00:00+00:00"}

    answers = [
        await stranger.http.get(f"{bench.path}/clock"),
        await stranger.http.post(f"{bench.path}/end", json=body),
        await stranger.http.post(f"{bench.path}/start", json={}),
        await stranger.http.put(f"{bench.path}/readiness", json={"state": "ready"}),
    ]

    assert [one.status_code for one in answers] == [403] * 4
    assert (await bench.session())["status"] == "live"
