"""What the contract promises is what the service says: no fixture is left to the client alone."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import PASSWORD, BackendService
from tests.fakes.contract import CONTRACT, fixture, response

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def kind(value: Any) -> Any:
    """Return keys and types at every depth; times and ids are kinds of text of their own."""
    match value:
        case dict():
            return {name: kind(one) for name, one in value.items()}
        case list():
            return [kind(one) for one in value]
        case str() if TIME.fullmatch(value):
            return "time"
        case str() if UUID.fullmatch(value):
            return "uuid"
        case _:
            return type(value).__name__


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


def test_no_fixture_is_forgotten() -> None:
    """Each is read by name in a test of the service."""
    tests = [*Path(__file__).parent.glob("**/*.py"), *CONTRACT.parent.glob("unit/backend/**/*.py")]
    texts = "\n".join(path.read_text("utf-8") for path in tests)

    read = set(re.findall(r"(?:contract|response|fixture)\(\s*\"([a-z_]+)\"", texts))
    read |= set(re.findall(r"\"([a-z_]+)\.json\"", texts))

    assert {path.stem for path in CONTRACT.glob("*.json")} - read == set()


@pytest.mark.parametrize("name", ["me_customer", "me_mechanic"])
async def test_who_am_i_is_answered_as_promised(bench: CallBench, name: str) -> None:
    """Compared: me_customer and me_mechanic."""
    wanted = {
        "me_customer": fixture("me_customer"),
        "me_mechanic": fixture("me_mechanic"),
    }[name]["response"]
    caller = bench.customer if name == "me_customer" else bench.mechanic

    told = (await caller.http.get("/api/me")).json()

    assert kind(told) == kind({**wanted, "email": told["email"]})
    assert (told["name"], told["roles"]) == (wanted["name"], wanted["roles"])


async def test_a_mechanics_sign_in_is_answered_as_promised(bench: CallBench) -> None:
    wanted = response("mechanic_login")
    email = (await bench.mechanic.http.get("/api/me")).json()["email"]

    told = (
        await bench.mechanic.http.post(
            "/api/mechanic/login", json={"email": email, "password": PASSWORD}
        )
    ).json()

    assert kind(told) == kind(wanted)
    assert (told["name"], told["expires_in"]) == (wanted["name"], wanted["expires_in"])


async def test_a_paused_clock_is_told_as_promised(bench: CallBench) -> None:
    wanted = response("clock_paused")
    await bench.start()
    bench.drop(bench.mechanic)
    bench.service.clock.advance(seconds=20)
    await bench.look()

    told = await bench.clock()

    assert kind(told) == kind(wanted)
    same = ("state", "ends_at", "total_seconds", "warnings")
    assert {name: told[name] for name in same} == {name: wanted[name] for name in same}


async def test_a_completed_session_is_told_as_promised(bench: CallBench) -> None:
    wanted = response("session_completed")
    await bench.start()
    bench.service.clock.advance(minutes=41)
    await bench.end(bench.customer)
    # Whoever is ready and who is not is of no weight here; a rung is a number where there is one.
    wanted["readiness"]["mechanic"]["rung"] = None

    told = await bench.session()

    assert kind(told) == kind(wanted)
    same = ("type", "status", "plan", "currency", "payment_status", "counterpart", "my_role")
    assert {name: told[name] for name in same} == {name: wanted[name] for name in same}
    assert told["end"]["reason"] == wanted["end"]["reason"]


async def test_the_lists_beside_a_session_are_answered_as_promised(bench: CallBench) -> None:
    messages = response("messages")
    upsells = response("upsells")
    await bench.start()
    sent = fixture("message")["request"]
    for text in [one["text"] for one in messages["messages"]]:
        body = {**sent, "client_id": str(uuid.uuid4()), "text": text}
        await bench.customer.http.post(f"{bench.path}/messages", json=body)
    told = (await bench.customer.http.get(f"{bench.path}/messages")).json()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    core = bench.service.core
    settling = Settling(core, BookTransfers(core.database, core.clock))
    for step in (settling.begin, settling.pay_mechanic, settling.record_in_crm):
        await step(bench.session_id)
    await settling.offer_upsells(bench.session_id)

    offered = (await bench.customer.http.get(f"{bench.path}/upsells")).json()

    assert kind(told) == kind(messages)
    assert kind(offered) == kind(upsells)


async def test_the_service_and_availability_are_told_as_promised(bench: CallBench) -> None:
    health = response("health")
    presence = fixture("presence")

    told = (await bench.customer.http.get("/api/health")).json()
    body = presence["request"]
    available = (await bench.mechanic.http.put("/api/me/presence", json=body)).json()

    assert kind(told) == kind(health)
    assert available == presence["response"]


async def test_a_session_that_waits_is_told_as_promised(bench: CallBench) -> None:
    wanted = response("session")
    await bench.mechanic.http.put(f"{bench.path}/readiness", json={"state": "ready", "rung": 6})

    told = await bench.session()

    assert kind(told) == kind(wanted)
    assert (told["status"], told["my_role"]) == (wanted["status"], wanted["my_role"])
