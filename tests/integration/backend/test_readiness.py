"""How far both sides are: a word lapses, and who is in the call is the media server's to say."""

from typing import Any

import pytest

from liftbay_backend.domain.readiness import LAPSES_AFTER
from liftbay_backend.services import due
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def say(bench: CallBench, who: Caller, state: str, rung: int | None = None) -> None:
    answer = await who.http.put(f"{bench.path}/readiness", json={"state": state, "rung": rung})
    assert answer.status_code == 200, answer.text


async def shown(bench: CallBench) -> dict[str, Any]:
    """What each side sees of itself and of the other."""
    both: dict[str, Any] = (await bench.mechanic.http.get(f"{bench.path}/readiness")).json()
    return both


async def told(bench: CallBench, role: str = "customer") -> list[str]:
    """The states of one side that the session's stream told, in order."""
    return [one["state"] for one in await bench.events("readiness") if one["role"] == role]


async def pass_time(bench: CallBench, seconds: float) -> None:
    bench.service.clock.advance(seconds=seconds)
    await due.lapse_readiness(bench.live)


@pytest.mark.parametrize("state", ["checking", "fixing", "ready", "in_call"])
async def test_who_says_nothing_any_more_is_absent(bench: CallBench, state: str) -> None:
    """A program that crashed, a closed laptop and a lost network all say nothing."""
    await say(bench, bench.customer, state, 3)

    await pass_time(bench, LAPSES_AFTER.total_seconds() - 1)
    before = await shown(bench)
    await pass_time(bench, 1)
    after = await shown(bench)

    assert before["customer"]["state"] == state
    assert after["customer"] == {"state": "absent", "rung": 3, "in_room": False}
    assert await told(bench) == [state, "absent"]


async def test_who_says_it_again_stays_and_tells_nobody_twice(bench: CallBench) -> None:
    await say(bench, bench.customer, "ready")
    for _ in range(4):
        await pass_time(bench, 60)
        await say(bench, bench.customer, "ready")
    await pass_time(bench, 60)

    assert (await shown(bench))["customer"]["state"] == "ready"
    assert await told(bench) == ["ready"]


async def test_a_lapse_reaches_both_dashboards(bench: CallBench) -> None:
    await say(bench, bench.mechanic, "ready")

    await pass_time(bench, 91)

    for caller in (bench.customer, bench.mechanic):
        session = (await caller.http.get(bench.path)).json()
        assert session["readiness"]["mechanic"]["state"] == "absent"
    assert await told(bench, "mechanic") == ["ready", "absent"]


async def test_who_is_in_the_room_is_in_the_call_for_as_long_as_the_media_server_sees_them(
    bench: CallBench,
) -> None:
    await say(bench, bench.customer, "ready", 4)
    await bench.join(bench.customer)
    inside = await shown(bench)
    await pass_time(bench, 600)
    later = await shown(bench)

    bench.drop(bench.customer)
    await bench.look()
    gone = await shown(bench)
    bench.back(bench.customer)
    await bench.look()

    assert inside["customer"] == {"state": "in_call", "rung": 4, "in_room": True}
    assert later["customer"]["state"] == "in_call"
    assert gone["customer"]["state"] == "absent"
    assert (await shown(bench))["customer"]["state"] == "in_call"
    assert await told(bench) == ["ready", "in_call", "absent", "in_call"]


async def test_a_second_device_in_its_checks_is_not_sent_away_by_the_first_ones_leaving(
    bench: CallBench,
) -> None:
    await bench.join(bench.customer)
    await say(bench, bench.customer, "checking")

    bench.drop(bench.customer)
    await bench.look()

    assert (await shown(bench))["customer"]["state"] == "checking"


async def test_nothing_lapses_in_a_session_that_is_over(bench: CallBench) -> None:
    await say(bench, bench.mechanic, "ready")
    await bench.end(bench.customer)

    await pass_time(bench, 600)

    assert await told(bench, "mechanic") == ["ready"]
