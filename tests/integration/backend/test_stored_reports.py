"""A preflight report on its way into the database: kept once, and without its nonce."""

import asyncio
import json
import uuid

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PreflightReportRow
from liftbay_backend.domain import short_code
from tests.fakes.backend_calls import CallBench, call_bench, passing_report
from tests.fakes.backend_service import BackendService


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def kept(bench: CallBench) -> list[PreflightReportRow]:
    async with bench.service.core.database.reading() as db:
        return list((await db.execute(select(PreflightReportRow))).scalars())


async def test_a_report_is_kept_without_its_nonce(bench: CallBench) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    report = passing_report(begun["nonce"])

    await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)

    (row,) = await kept(bench)
    assert begun["nonce"] not in json.dumps(row.report)
    del report["context"]["nonce"]
    assert row.report["context"] == report["context"]
    assert [one["code"] for one in row.report["checks"]] == [
        one["code"] for one in report["checks"]
    ]


async def test_a_report_sent_again_after_a_lost_answer_brings_that_answer(
    bench: CallBench,
) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    path = f"/api/preflight/{begun['run_id']}/report"
    report = passing_report(begun["nonce"])
    key = {"Idempotency-Key": str(uuid.uuid4())}

    first = await bench.customer.http.post(path, json=report, headers=key)
    again = await bench.customer.http.post(path, json=report, headers=key)
    other = await bench.customer.http.post(
        path, json={**report, "report_id": str(uuid.uuid4())}, headers=key
    )

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert len(await kept(bench)) == 1
    assert other.json()["code"] == "idempotency.body_differs"


async def test_reports_with_one_id_at_the_same_instant_are_all_kept(bench: CallBench) -> None:
    """Ids are the client's: a copied profile or a bad client may send one twice."""
    people = [bench.customer, *[await bench.service.customer(f"P{n} Roy") for n in range(7)]]
    begun = [(await one.http.post("/api/preflight", json={})).json() for one in people]
    report_id = str(uuid.uuid4())

    answers = await asyncio.gather(
        *(
            one.http.post(
                f"/api/preflight/{run['run_id']}/report",
                json={**passing_report(run["nonce"]), "report_id": report_id},
            )
            for one, run in zip(people, begun, strict=True)
        )
    )

    assert [one.status_code for one in answers] == [200] * len(people)
    ids = {one.json()["report_id"] for one in answers}
    assert len(ids) == len(people)
    assert report_id in ids
    assert {row.id for row in await kept(bench)} == ids


async def test_a_short_code_that_is_taken_is_minted_anew(
    bench: CallBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["AAAA-AAAA", "AAAA-AAAA", "BBBB-BBBB"])
    monkeypatch.setattr(short_code, "mint", lambda: next(codes))

    for _ in range(2):
        begun = (await bench.customer.http.post("/api/preflight", json={})).json()
        report = passing_report(begun["nonce"])
        await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)

    assert {row.short_code for row in await kept(bench)} == {"AAAA-AAAA", "BBBB-BBBB"}
