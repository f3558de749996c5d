"""A customer sees what they paid and got back, and nothing of how the mechanic is paid."""

import json
from typing import Any

import httpx
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, MetaData, insert, select

from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import AccountEventRow, SessionEventRow
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.domain.roles import Role
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable.settling import Settling
from liftbay_backend.events import account_events, session_events
from liftbay_backend.identity import Principal
from liftbay_backend.migrations.versions import m0011_payouts_of_events
from liftbay_backend.policy import POLICIES, Policy
from liftbay_backend.repositories.payments import refunds_of_session
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService
from tests.fakes.customer_view import SaysTooMuch, check_customers_answer, told_of_the_mechanic
from tests.fakes.transfers import ScriptedTransfers
from tests.integration.backend.old_money import AT, fill_money
from tests.integration.backend.test_policy_walk import BODIES, STREAMS
from tests.integration.backend.test_settling_steps import everything

CUSTOMERS = (
    Policy.SIGNED_IN,
    Policy.CUSTOMER,
    Policy.PARTICIPANT,
    Policy.PARTICIPANT_OR_SUPPORT,
    Policy.SESSION_CUSTOMER,
    # Refused as they are, they must tell nothing either.
    Policy.SESSION_MECHANIC,
    Policy.SESSION_SUPPORT,
)
FIGURES = {"mechanic_share_cents", "payout_cents", "payout_state"}


@pytest.fixture
async def bench(service: BackendService, expected_logs: ExpectedLogs) -> CallBench:
    """A completed session of which some was given back, and whose mechanic has no account."""
    expected_logs.allow("payout.refused")
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=30)
    await bench.end(bench.customer)
    await everything(failing(bench), bench.session_id)
    support = await service.support()
    body = {"reason": "It froze.", "amount_cents": 1000}
    assert (await support.http.post(f"{bench.path}/refund", json=body)).status_code == 200
    assert await failing(bench).look_again(bench.session_id)
    return bench


def failing(bench: CallBench) -> Settling:
    return Settling(bench.service.core, ScriptedTransfers(["no_account"]))


async def test_no_answer_to_a_customer_speaks_of_the_mechanics_money(bench: CallBench) -> None:
    """Every route that a customer may use, of a session that is paid out or is to be."""
    asked, wrong = set(), {}
    for (method, path), policy in POLICIES.items():
        if policy not in CUSTOMERS or path in STREAMS or "{run_id}" in path:
            continue
        address = path.replace("{session_id}", bench.session_id).replace("{file_id}", "none")
        body = BODIES.get(path.rpartition("/")[2], {})
        answer = await plain(bench).request(method, address, json=body)
        asked.add((method, path))
        if answer.headers.get("content-type", "").endswith("json") and answer.content:
            found = list(told_of_the_mechanic(answer.json()))
            if found:
                wrong[method, path] = found
    for name, events in (await streams(bench)).items():
        found = [one for event in events for one in told_of_the_mechanic(event)]
        if found:
            wrong["GET", name] = found

    assert wrong == {}
    assert {path for _, path in asked} >= {"/api/sessions", "/api/sessions/{session_id}/summary"}


async def test_a_customer_sees_what_was_paid_and_given_back(bench: CallBench) -> None:
    summary = (await bench.customer.http.get(f"{bench.path}/summary")).json()
    session = await bench.session()

    assert (summary["paid_cents"], summary["refunded_cents"]) == (4999, 1000)
    assert session["price_cents"] == 4999
    # The mechanic's payout does not move; that is none of the customer's troubles.
    assert session["settlement"] == summary["settlement"]
    assert session["settlement"]["state"] == "done"


async def test_a_refund_that_fails_is_shown_to_its_customer(
    bench: CallBench,
) -> None:
    async with bench.service.core.works.begin() as work:
        await work.session(bench.session_id)
        refund = (await refunds_of_session(work.db, bench.session_id))[0]
        refund.state, refund.error = WorkState.PENDING, "declined"

    shown = (await bench.session())["settlement"]

    assert shown["state"] == "failed"
    assert FIGURES & {name for name, value in shown.items() if value is not None} == set()


async def test_the_mechanic_and_support_see_how_the_payout_stands(bench: CallBench) -> None:
    seen = []
    for caller in (bench.mechanic, await bench.service.support()):
        session = (await caller.http.get(bench.path)).json()
        summary = (await caller.http.get(f"{bench.path}/summary")).json()
        seen += [session["settlement"], summary["settlement"]]
        listed = (await caller.http.get("/api/sessions")).json()["sessions"]
        shares = [one["mechanic_share_cents"] for one in (session, summary, *listed)]
        assert shares == [2799] * 3
    ended = await bench.end(bench.mechanic, reason="ended_by_mechanic")

    for told in (*seen, ended["settlement"]):
        assert (told["state"], told["payout_cents"]) == ("failed", 2799)
        assert (told["payout_state"], told["payout_error"]) == ("failed", "no_account")
    told = await dashboards(bench, "mechanic")
    assert [one["settlement"]["payout_state"] for one in told] == ["failed"]


async def test_the_customers_of_the_tests_are_judged(service: BackendService) -> None:
    """Without this, a hook that nobody calls would pass everything."""
    customer = await service.customer()

    assert check_customers_answer in customer.http.event_hooks["response"]
    loose = httpx.Response(
        200,
        json={"sessions": [{"settlement": {"payout_cents": 0}}]},
        request=httpx.Request("GET", "http://service.test/api/sessions"),
    )
    with pytest.raises(SaysTooMuch, match="sessions/0/settlement/payout_cents"):
        await check_customers_answer(loose)


async def test_what_earlier_versions_told_loses_the_figures_with_the_upgrade(
    database_url: str,
) -> None:
    """Events stay until the archive, and a customer may resume from the first."""
    told = {"state": "done", "payout_cents": 3499, "payout_state": "paid", "payout_error": None}
    database = Database(database_url)
    try:
        async with database.writer.connect() as connection:
            await connection.run_sync(fill_with, told)
            await connection.run_sync(upgrade_again)
            await connection.commit()
        async with database.reading() as db:
            events = (await db.execute(select(SessionEventRow))).scalars().all()
            news = (await db.execute(select(AccountEventRow))).scalars().all()
    finally:
        await database.close()

    hidden = {**dict.fromkeys(told), "state": "done"}
    assert [(one.kind, one.data) for one in events] == [
        ("note", {"at": "now", "version": 1}),
        ("settlement", {"at": "now", "settlement": hidden}),
    ]
    assert {one.audience: (one.data or {})["settlement"] for one in news} == {
        "customer:cust": hidden,
        "mechanic:mech": told,
    }


def fill_with(connection: Connection, told: dict[str, Any]) -> None:
    """Put events of an earlier version into a database."""
    tables = MetaData()
    tables.reflect(connection)
    fill_money(connection, tables)
    data = {"at": "now", "settlement": told}
    rows = [("note", {"at": "now", "version": 1}), ("settlement", data)]
    for number, (kind, one) in enumerate(rows):
        values = {"session_id": "paid", "seq": number, "kind": kind, "data": one, "at": AT}
        connection.execute(insert(SessionEventRow).values(values))
    for number, audience in enumerate(("customer:cust", "mechanic:mech")):
        values = {"seq": number, "audience": audience, "kind": "settlement", "at": AT}
        connection.execute(insert(AccountEventRow).values(session_id="paid", data=data, **values))


def upgrade_again(connection: Connection) -> None:
    """Run that one migration over what is there now."""
    with Operations.context(MigrationContext.configure(connection)):
        m0011_payouts_of_events.upgrade()


def plain(bench: CallBench) -> httpx.AsyncClient:
    """The customer's client without the hook that would end the walk at its first find."""
    http = bench.customer.http
    http.event_hooks["response"] = [
        one for one in http.event_hooks["response"] if one is not check_customers_answer
    ]
    return http


async def streams(bench: CallBench) -> dict[str, list[Any]]:
    """Return the data of every event that the customer's two streams bring, from the first on."""
    who = reader(bench, "customer")
    read, _ = session_events(bench.service.core, who, bench.session_id, 0)
    async with bench.service.core.database.reading() as db:
        look = await read(db, 0)
    assert look is not None
    told = look.events
    return {
        "/api/sessions/{session_id}/events": [json.loads(one.data) for one in told],
        "/api/events": await dashboards(bench, "customer"),
    }


def reader(bench: CallBench, side: str) -> Principal:
    """Return who reads a stream, without a sign-in that could end."""
    is_mechanic = side == "mechanic"
    assert bench.mechanic.mechanic_id is not None
    customer = UserId(bench.customer.user_id)
    return Principal(
        user_id=UserId(bench.mechanic.user_id) if is_mechanic else customer,
        customer_id=None if is_mechanic else customer,
        mechanic_id=MechanicId(bench.mechanic.mechanic_id) if is_mechanic else None,
        roles=frozenset({Role.MECHANIC if is_mechanic else Role.CUSTOMER}),
        expires_at=bench.service.clock.now(),
        name="",
        email="",
    )


async def dashboards(bench: CallBench, side: str) -> list[Any]:
    """Return the data of the settlement events and session events of one side's dashboard."""
    is_mechanic = side == "mechanic"
    principal = reader(bench, side)
    read, _ = await account_events(bench.service.core, principal, 0)
    async with bench.service.core.database.reading() as db:
        look = await read(db, 0)
    assert look is not None
    told = look.events
    found = [(one.kind, json.loads(one.data)) for one in told]
    assert {kind for kind, _ in found} >= {"session.changed", "settlement"}
    return [data for kind, data in found if kind == "settlement" or not is_mechanic]
