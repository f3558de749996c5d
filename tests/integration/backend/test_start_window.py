"""Fifteen minutes to start, judged where a call begins; none of these tests has a tick.

The service was up and its tick was not, or its database had just come back: a token was given and
a session went live long after it was over.
"""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from liftbay_backend.durable.settling import Settling
from liftbay_backend.rooms.ports import RoomParticipant
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.transfers import ScriptedTransfers


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A session that was accepted right now, with reports and sign-ins that outlast its window."""
    lasting = {"access_token_seconds": 86_400, "report_valid_seconds": 3600}
    async with backend_service(make_settings(**lasting)) as service:
        yield await call_bench(service)


async def both_in(bench: CallBench) -> None:
    await bench.join(bench.customer)
    await bench.join(bench.mechanic)


async def start(bench: CallBench) -> httpx.Response:
    return await bench.customer.http.post(f"{bench.path}/start", json={})


def assert_over(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (409, "session.ended"), answer.text


async def test_a_session_starts_in_the_last_moment_of_its_window(bench: CallBench) -> None:
    await both_in(bench)
    bench.service.clock.advance(seconds=899.9)

    answer = await start(bench)

    assert answer.status_code == 200
    assert answer.json()["status"] == "live"


async def test_a_start_after_the_window_ends_the_session_and_gives_the_money_back(
    bench: CallBench,
) -> None:
    await both_in(bench)
    bench.service.clock.advance(seconds=900)

    answer = await start(bench)

    assert_over(answer)
    ended = await bench.session()
    assert (ended["status"], ended["payment_status"]) == ("expired", "refunding")
    assert ended["end"]["reason"] == "expired"
    assert bench.live.settlements_wanted.is_set()
    settling = Settling(bench.service.core, ScriptedTransfers())
    await settling.begin(bench.session_id)
    await settling.refund_customer(bench.session_id)
    assert (await bench.session())["payment_status"] == "refunded"
    assert_over(await start(bench))


async def test_a_token_is_given_in_the_window_alone(bench: CallBench) -> None:
    """Not even the report is looked at behind it: 409 comes before 428."""
    report = await bench.preflight(bench.customer)
    bench.service.clock.advance(seconds=899)
    in_time = await bench.token(bench.customer, report)
    bench.service.clock.advance(seconds=1)

    late = await bench.token(bench.customer, report)
    without_report = await bench.token(bench.mechanic, None)

    assert in_time.status_code == 200
    assert_over(late)
    assert_over(without_report)
    assert (await bench.session())["status"] == "expired"


async def test_a_booked_session_has_its_window_from_the_booked_time_on(bench: CallBench) -> None:
    later = bench.service.clock.now() + timedelta(hours=2)
    booked = await bench.service.waiting_session(
        bench.customer, bench.mechanic, scheduled_for=later.isoformat()
    )
    other = CallBench(bench.service, bench.customer, bench.mechanic, booked["id"])
    await both_in(other)
    other.service.clock.advance(minutes=134)
    in_time = await other.token(other.customer, await other.preflight(other.customer))
    other.service.clock.advance(minutes=1)

    late = await start(other)

    assert in_time.status_code == 200
    assert_over(late)
    assert (await other.session())["status"] == "expired"


async def test_a_window_that_closes_while_a_start_is_under_way_is_judged_under_the_lock(
    bench: CallBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the room takes a moment, and that moment counts."""
    await both_in(bench)
    bench.service.clock.advance(seconds=899)
    look = bench.service.rooms.participants

    async def slow_look(room: str) -> tuple[RoomParticipant, ...] | None:
        bench.service.clock.advance(seconds=1)
        return await look(room)

    monkeypatch.setattr(bench.service.rooms, "participants", slow_look)

    answer = await start(bench)

    assert_over(answer)
    assert (await bench.session())["status"] == "waiting"
    assert_over(await start(bench))
    assert (await bench.session())["status"] == "expired"


async def test_a_window_that_closes_while_a_token_is_made_is_judged_under_the_lock(
    bench: CallBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = await bench.preflight(bench.customer)
    bench.service.clock.advance(seconds=899)

    async def slow_room(*room: object) -> None:
        bench.service.clock.advance(seconds=1)

    monkeypatch.setattr(bench.service.rooms, "ensure_room", slow_room)

    assert_over(await bench.token(bench.customer, report))
    assert_over(await bench.token(bench.customer, report))
    assert (await bench.session())["status"] == "expired"


async def test_a_session_that_runs_has_no_window_any_more(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=20)

    again = await start(bench)
    token = await bench.token(bench.customer, None)

    assert again.status_code == 200
    assert token.status_code == 200
