"""Offers after a session, from its findings, its plan and what was offered for the car before."""

from datetime import timedelta
from typing import Any

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.services import due
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import INTAKE, BackendService

BELT = {"title": "Alternator belt worn", "detail": "Cracks", "severity": "soon"}


def settling_of(service: BackendService) -> Settling:
    core = service.core
    return Settling(core, BookTransfers(core.database, core.clock))


async def another(bench: CallBench, **intake: Any) -> CallBench:
    """Return the same two people's next session, which must start within a quarter of an hour."""
    service = bench.service
    session = await service.waiting_session(bench.customer, bench.mechanic, **intake)
    return CallBench(service, bench.customer, bench.mechanic, SessionId(session["id"]))


async def held(bench: CallBench, *findings: dict[str, str], minutes: float = 10) -> list[str]:
    """Hold the session, end it, settle it; return the codes that the customer sees."""
    await bench.start()
    found = [{**one, "cost_low_cents": None, "cost_high_cents": None} for one in findings]
    noted = await bench.mechanic.http.put(
        f"{bench.path}/notes", json={"findings": found, "text": ""}, headers={"If-Match": '"0"'}
    )
    assert noted.status_code == 200, noted.text
    bench.service.clock.advance(minutes=minutes)
    if minutes < 45:
        await bench.end(bench.customer)
    else:
        await due.end_sessions_at_zero(bench.live)
    return await offered(bench)


async def offered(bench: CallBench) -> list[str]:
    await settling_of(bench.service).offer_upsells(bench.session_id)
    answer = await bench.customer.http.get(f"{bench.path}/upsells")
    return [one["code"] for one in answer.json()["upsells"]]


async def test_nothing_is_offered_twice_for_the_same_car(service: BackendService) -> None:
    first = await call_bench(service)
    codes = [await held(first, BELT)]
    codes.append(await held(await another(first), BELT))
    another_car = {**INTAKE["vehicle"], "vin": "2HGFC2F59GH500002"}
    codes.append(await held(await another(first, vehicle=another_car), BELT))

    assert codes == [["belt_quotes"], [], ["belt_quotes"]]


async def test_after_a_quarter_of_a_year_it_may_be_offered_again(service: BackendService) -> None:
    first = await call_bench(service)
    second = await another(first)
    before = await held(first, BELT)
    async with service.core.works.begin() as work:
        session = await work.session(first.session_id)
        session.ended_at = work.now - timedelta(days=91)

    later = await held(second, BELT)

    assert before == later == ["belt_quotes"]


async def test_a_plan_whose_time_ran_out_brings_a_longer_one(service: BackendService) -> None:
    bench = await call_bench(service, plan="video15")

    codes = await held(bench, minutes=45)

    assert codes == ["longer_session"]


async def test_offers_made_once_stay_as_they_are(service: BackendService) -> None:
    bench = await call_bench(service)
    first = await held(bench, BELT)
    fine = [{**BELT, "severity": "ok", "cost_low_cents": None, "cost_high_cents": None}]
    await bench.mechanic.http.put(
        f"{bench.path}/notes", json={"findings": fine, "text": ""}, headers={"If-Match": '"1"'}
    )

    again = await offered(bench)

    assert first == again == ["belt_quotes"]


async def test_a_cancelled_session_is_offered_nothing(service: BackendService) -> None:
    """Neither called off before it began nor ended after seconds, even if the step is run."""
    called_off = await call_bench(service)
    await called_off.customer.http.post(f"{called_off.path}/cancel", json={"reason": None})
    too_short = await another(called_off)

    codes = [await offered(called_off), await held(too_short, BELT, minutes=0.2)]

    assert codes == [[], []]
    assert (await too_short.session())["status"] == "cancelled"
    assert (await too_short.session())["settlement"]["upsell_count"] == 0
