"""A preflight report on its way into the database: kept once, and without its nonce."""

import json

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PreflightReportRow
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
