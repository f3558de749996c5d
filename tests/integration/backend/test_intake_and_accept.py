"""From an intake to the one mechanic who wins it, over HTTP and both engines."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import (
    AccountEventRow,
    LedgerEntryRow,
    RequestRow,
    SessionEventRow,
    SessionRow,
)
from tests.fakes.backend_service import INTAKE, BackendService
from tests.fakes.contract import response


def shape(value: Any) -> Any:
    """Return the keys of an answer at every depth; lists by their first member."""
    match value:
        case dict():
            return {name: shape(one) for name, one in value.items()}
        case [first, *_]:
            return [shape(first)]
        case _:
            return None


async def test_an_intake_answers_exactly_as_the_contract_says(service: BackendService) -> None:
    customer = await service.customer()

    answer = await customer.http.post("/api/intake/start", json=INTAKE)

    wanted = response("intake_start")
    assert answer.status_code == 201
    assert shape(answer.json()) == shape(wanted)
    generated = {"id", "request_id"}
    got, want = answer.json()["session"], wanted["session"]
    want["clock"]["server_now"] = got["clock"]["server_now"]
    assert {k: v for k, v in got.items() if k not in generated} == {
        k: v for k, v in want.items() if k not in generated
    }
    assert answer.json()["payment"] == wanted["payment"]


async def test_the_full_price_is_booked_on_both_sides(service: BackendService) -> None:
    customer = await service.customer()

    session = await service.pending_session(customer)

    async with service.core.database.reading() as db:
        entries = (await db.execute(select(LedgerEntryRow))).scalars().all()
    booked = {entry.account: entry.amount_cents for entry in entries}
    assert booked == {f"customer:{customer.user_id}": -4999, "platform": 4999}
    assert {entry.session_id for entry in entries} == {session["id"]}


async def test_mechanics_see_the_request_and_the_winner_gets_the_session(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    pending = await service.pending_session(customer)

    shown = (await mechanic.http.get("/api/mechanics/requests")).json()
    accepted = await mechanic.http.post(
        f"/api/mechanics/requests/{pending['request_id']}/accept", json={}
    )

    assert shape(shown) == shape(response("requests"))
    assert shown["requests"][0]["mechanic_share_cents"] == 3499
    assert "Okafor" not in json.dumps(shown)
    assert accepted.status_code == 200
    assert shape(accepted.json()) == shape(response("request_accept"))
    session = accepted.json()["session"]
    assert (session["status"], session["my_role"]) == ("waiting", "mechanic")
    assert session["counterpart"] == {"name": "Sam Okafor", "role": "customer"}
    assert (await mechanic.http.get("/api/mechanics/requests")).json() == {"requests": []}


async def test_of_fifty_accepts_at_once_exactly_one_wins(service: BackendService) -> None:
    customer = await service.customer()
    mechanics = [await service.mechanic(f"M{number} Roy") for number in range(10)]
    pending = await service.pending_session(customer)
    address = f"/api/mechanics/requests/{pending['request_id']}/accept"

    answers = await asyncio.gather(
        *(mechanics[number % 10].http.post(address, json={}) for number in range(50))
    )

    winners = {a.json()["session"]["id"] for a in answers if a.status_code == 200}
    losers = [a for a in answers if a.status_code != 200]
    assert winners == {pending["id"]}
    assert {(a.status_code, a.json()["code"]) for a in losers} == {
        (409, "request.already_accepted")
    }
    # The winner's own repetitions bring the session again.
    assert len(losers) == 45
    async with service.core.database.reading() as db:
        row = (await db.execute(select(SessionRow))).scalar_one()
        request = (await db.execute(select(RequestRow))).scalar_one()
        moves = (
            await db.execute(select(func.count()).where(SessionEventRow.kind == "status"))
        ).scalar_one()
    assert row.mechanic_id == request.accepted_by
    assert row.mechanic_id in {one.mechanic_id for one in mechanics}
    assert moves == 1


async def test_nobody_accepts_a_request_of_their_own(service: BackendService) -> None:
    """It would be paid out to the one who paid it, less the service's share."""
    mechanic, other = await service.mechanic(), await service.mechanic("Robin Vale")
    pending = await service.pending_session(await service.as_customer(mechanic))
    address = f"/api/mechanics/requests/{pending['request_id']}/accept"

    seen = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
    own = await mechanic.http.post(address, json={})
    others = await other.http.post(address, json={})

    assert seen == []
    assert (own.status_code, own.json()["code"]) == (403, "auth.role_required")
    assert others.status_code == 200


async def test_both_dashboards_list_the_session_as_active(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)

    lists = [
        (await one.http.get("/api/sessions", params={"status": "waiting,live"})).json()
        for one in (customer, mechanic)
    ]

    for found in lists:
        assert shape(found) == shape(response("sessions"))
        assert [one["id"] for one in found["sessions"]] == [session["id"]]
    assert [found["sessions"][0]["counterpart"]["name"] for found in lists] == [
        "Dana Roy",
        "Sam Okafor",
    ]


async def test_every_change_is_told_to_the_dashboards_it_concerns(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()

    session = await service.waiting_session(customer, mechanic)

    async with service.core.database.reading() as db:
        rows = (
            (await db.execute(select(AccountEventRow).order_by(AccountEventRow.seq)))
            .scalars()
            .all()
        )
    told = [(row.audience, row.kind) for row in rows]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert ("mechanics", "request.opened") in told
    assert ("mechanics", "request.closed") in told
    assert (f"customer:{customer.user_id}", "session.changed") in told
    assert (f"mechanic:{mechanic.mechanic_id}", "session.changed") in told
    assert not any(mechanic.user_id in audience for audience, _ in told)
    assert {row.session_id for row in rows} == {session["id"]}


async def test_a_request_nobody_took_in_time_is_closed_to_latecomers(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    pending = await service.pending_session(customer)
    service.clock.advance(minutes=15)

    listed = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
    answer = await mechanic.http.post(
        f"/api/mechanics/requests/{pending['request_id']}/accept", json={}
    )

    assert listed == []
    assert (answer.status_code, answer.json()["code"]) == (409, "request.closed")


async def test_a_session_booked_for_later_becomes_scheduled(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    later = wire_time(service.clock.now() + timedelta(hours=3))

    session = await service.waiting_session(customer, mechanic, scheduled_for=later)

    assert (session["status"], session["scheduled_for"]) == ("scheduled", later)


@pytest.mark.parametrize(
    "change",
    [
        {"plan": 15},
        {"concern": "   "},
        {"concern": "bell \x07"},
        {"concern": "x" * 4001},
        {"urgency": "yesterday"},
        {"price_cents": 1},
        {"vehicle": None},
        {"vehicle": {**INTAKE["vehicle"], "year": "2016"}},
        {"vehicle": {**INTAKE["vehicle"], "year": 1600}},
        {"vehicle": {**INTAKE["vehicle"], "vin": "OIQ"}},
        {"vehicle": {**INTAKE["vehicle"], "odometer_km": -1}},
        {"scheduled_for": "2026-11-23T12:00:00"},
        {"scheduled_for": "2020-01-01T00:00:00+00:00"},
        {"scheduled_for": "2040-01-01T00:00:00+00:00"},
    ],
)
async def test_an_intake_that_does_not_keep_to_the_contract_creates_nothing(
    service: BackendService, change: dict[str, Any]
) -> None:
    customer = await service.customer()

    answer = await customer.http.post("/api/intake/start", json={**INTAKE, **change})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    async with service.core.database.reading() as db:
        assert (await db.execute(select(func.count(SessionRow.id)))).scalar_one() == 0


@pytest.mark.parametrize("plan", ["nothing", "chat10"])
async def test_only_the_video_plans_can_be_bought_here(service: BackendService, plan: str) -> None:
    customer = await service.customer()

    answer = await customer.http.post("/api/intake/start", json={**INTAKE, "plan": plan})

    assert (answer.status_code, answer.json()["code"]) == (404, "plan.not_found")


async def test_the_plans_on_offer_are_the_services_own(service: BackendService) -> None:
    customer = await service.customer()

    answer = await customer.http.get("/api/plans")

    assert answer.json() == response("plans")


async def test_history_comes_in_pages_and_can_be_searched(service: BackendService) -> None:
    customer = await service.customer()
    for number in range(53):
        service.clock.advance(seconds=1)
        await service.pending_session(customer, concern=f"Noise number {number} 100%")

    first = (await customer.http.get("/api/sessions")).json()
    second = (
        await customer.http.get("/api/sessions", params={"before": first["next_before"]})
    ).json()
    found = (await customer.http.get("/api/sessions", params={"q": "civic 17 100%"})).json()
    none = (await customer.http.get("/api/sessions", params={"q": "%zz"})).json()

    concerns = [one["concern"] for one in first["sessions"] + second["sessions"]]
    assert concerns == [f"Noise number {number} 100%" for number in range(52, -1, -1)]
    assert second["next_before"] is None
    assert [one["concern"] for one in found["sessions"]] == ["Noise number 17 100%"]
    assert none["sessions"] == []


@pytest.mark.parametrize(
    "query", [{"before": "nonsense"}, {"before": "eyJhIjogMX0"}, {"status": "waiting,nonsense"}]
)
async def test_a_query_that_makes_no_sense_is_refused(
    service: BackendService, query: dict[str, str]
) -> None:
    customer = await service.customer()

    answer = await customer.http.get("/api/sessions", params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
