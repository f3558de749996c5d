"""What people leave in a session, and what is left of it afterwards."""

import uuid
from typing import Any

import pytest

from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService
from tests.fakes.contract import fixture, response


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


def says(text: str) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "text": text}


async def test_messages_arrive_in_order_and_once(bench: CallBench) -> None:
    first, second = says("Can you hear the squeal?"), says("Yes, rev it once.")
    path = f"{bench.path}/messages"
    posted = await bench.customer.http.post(path, json=first)
    again = await bench.customer.http.post(path, json=first)
    await bench.mechanic.http.post(path, json=second)

    listed = (await bench.mechanic.http.get(path)).json()["messages"]
    later = (await bench.customer.http.get(path, params={"after": listed[0]["id"]})).json()

    assert posted.status_code == 201
    assert again.json() == posted.json()
    assert set(posted.json()) == set(response("message"))
    assert [(one["author"], one["text"]) for one in listed] == [
        ("customer", first["text"]),
        ("mechanic", second["text"]),
    ]
    assert [one["text"] for one in later["messages"]] == [second["text"]]


@pytest.mark.parametrize(
    "body",
    [{"client_id": "5", "text": "x"}, says(""), says("x" * 4001), {**says("x"), "author": "me"}],
    ids=["no uuid", "empty", "too long", "unknown field"],
)
async def test_a_message_of_another_shape_is_refused(
    bench: CallBench, body: dict[str, Any]
) -> None:
    answer = await bench.customer.http.post(f"{bench.path}/messages", json=body)

    assert answer.status_code == 422


async def test_nobody_chats_after_the_end_but_a_repeated_message_is_answered(
    bench: CallBench,
) -> None:
    sent = says("last words")
    await bench.customer.http.post(f"{bench.path}/messages", json=sent)
    await bench.end(bench.customer)

    repeated = await bench.customer.http.post(f"{bench.path}/messages", json=sent)
    fresh = await bench.customer.http.post(f"{bench.path}/messages", json=says("one more"))

    assert repeated.status_code == 201
    assert fresh.status_code == 409


async def test_notes_are_version_checked(bench: CallBench) -> None:
    body = fixture("notes")["request"]
    path = f"{bench.path}/notes"

    without = await bench.mechanic.http.put(path, json=body)
    first = await bench.mechanic.http.put(path, json=body, headers={"If-Match": '"0"'})
    stale = await bench.mechanic.http.put(path, json=body, headers={"If-Match": '"0"'})
    read = await bench.mechanic.http.get(path)

    assert (without.status_code, without.json()["code"]) == (428, "notes.version_required")
    assert first.status_code == 200
    assert set(first.json()) == set(response("notes"))
    assert first.json()["version"] == 1
    assert (stale.status_code, stale.json()["code"]) == (412, "notes.version_conflict")
    assert stale.json()["version"] == 1
    assert read.headers["etag"] == '"1"'
    assert read.json() == first.json()


async def test_the_customer_reads_notes_after_the_end_and_writes_none(bench: CallBench) -> None:
    path = f"{bench.path}/notes"
    body = fixture("notes")["request"]

    wrote = await bench.customer.http.put(path, json=body, headers={"If-Match": '"0"'})
    early = await bench.customer.http.get(path)
    await bench.end(bench.customer)
    late = await bench.customer.http.get(path)

    assert wrote.status_code == 403
    assert (early.status_code, early.json()["code"]) == (409, "session.not_ended")
    assert late.status_code == 200


async def test_a_cost_range_is_a_range(bench: CallBench) -> None:
    body = fixture("notes")["request"]
    body["findings"][0]["cost_low_cents"] = 99_999

    answer = await bench.mechanic.http.put(
        f"{bench.path}/notes", json=body, headers={"If-Match": '"0"'}
    )

    assert answer.status_code == 422


async def test_the_customer_rates_after_the_end(bench: CallBench) -> None:
    path, body = f"{bench.path}/rating", fixture("rating")["request"]

    early = await bench.customer.http.post(path, json=body)
    await bench.end(bench.customer)
    rated = await bench.customer.http.post(path, json=body)
    by_mechanic = await bench.mechanic.http.post(path, json=body)
    too_many = await bench.customer.http.post(path, json={"stars": 6, "comment": ""})

    assert (early.status_code, early.json()["code"]) == (409, "session.not_ended")
    assert rated.json() == response("rating")
    assert by_mechanic.status_code == 403
    assert too_many.status_code == 422


async def test_a_summary_comes_after_the_end_with_findings_and_amount(bench: CallBench) -> None:
    early = await bench.customer.http.get(f"{bench.path}/summary")
    notes = fixture("notes")["request"]
    await bench.mechanic.http.put(f"{bench.path}/notes", json=notes, headers={"If-Match": '"0"'})
    await bench.start()
    bench.service.clock.advance(minutes=41)
    await bench.end(bench.customer)

    answer = await bench.customer.http.get(f"{bench.path}/summary")

    summary = answer.json()
    assert (early.status_code, early.json()["code"]) == (409, "session.not_ended")
    assert set(summary) == set(response("summary"))
    assert summary["findings"] == notes["findings"]
    assert summary["duration_seconds"] == 2460
    assert summary["lines"] == response("summary")["lines"]
    assert (summary["paid_cents"], summary["refunded_cents"]) == (4999, 0)
    assert summary["mechanic_share_cents"] is None


async def test_the_mechanics_summary_shows_the_share_and_no_offers(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.mechanic)

    summary = (await bench.mechanic.http.get(f"{bench.path}/summary")).json()

    assert summary["my_role"] == "mechanic"
    assert summary["mechanic_share_cents"] == 3499
    assert summary["upsells"] == []


async def test_a_summary_prints_as_a_pdf_with_any_letters(bench: CallBench) -> None:
    notes = fixture("notes")["request"]
    notes["findings"][0]["title"] = "Ремень <b> & 皮带 изношен"
    await bench.mechanic.http.put(f"{bench.path}/notes", json=notes, headers={"If-Match": '"0"'})
    await bench.end(bench.customer)

    answer = await bench.customer.http.get(
        f"{bench.path}/summary", headers={"Accept": "application/pdf"}
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    # What it says is read back in tests/unit/backend/services/test_summary_pdf.py.
    assert answer.content.startswith(b"%PDF-")


async def test_earnings_are_the_mechanics_own_by_mechanic_id(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    other = await bench.service.mechanic("Lee Other")

    mine = (await bench.mechanic.http.get("/api/earnings")).json()
    theirs = (await other.http.get("/api/earnings")).json()
    by_customer = await bench.customer.http.get("/api/earnings")

    assert set(mine) == set(response("earnings"))
    assert set(mine["sessions"][0]) == set(response("earnings")["sessions"][0])
    assert (mine["settled_cents"], mine["owed_cents"]) == (0, 3499)
    assert mine["sessions"][0]["state"] == "owed"
    assert theirs["sessions"] == []
    assert by_customer.status_code == 403


async def test_offers_are_for_the_customer(bench: CallBench) -> None:
    await bench.end(bench.customer)

    offers = await bench.customer.http.get(f"{bench.path}/upsells")
    by_mechanic = await bench.mechanic.http.get(f"{bench.path}/upsells")

    assert offers.json() == {"upsells": []}
    assert by_mechanic.status_code == 403
