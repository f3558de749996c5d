"""A delta renews a report: the gating checks anew, and of the rest what is fresh enough."""

import copy
import uuid
from typing import Any

import pytest

from liftbay_backend.db.models import PreflightReportRow
from tests.fakes.backend_calls import CallBench, call_bench, measured, passing_report
from tests.fakes.backend_service import BackendService, Caller

UPLINK: dict[str, Any] = {
    "code": "media.uplink_low",
    "group": "media",
    "gating": False,
    "state": "passed",
    "measured": {"uplink_kbps": 2400.0},
    "age_ms": 60_000,
}


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def first(bench: CallBench) -> dict[str, Any]:
    """Hand a whole report in, with a trial call a minute ago; return the answer."""
    begun = await bench.begin(bench.customer)
    bench.service.rooms.join_with(begun["probe"]["tokens"]["join"])
    report = passing_report(begun["nonce"])
    report["checks"].append(copy.deepcopy(UPLINK))
    answer = await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)
    verdict: dict[str, Any] = answer.json()
    return verdict


async def renew(
    bench: CallBench,
    renews: str,
    *,
    caller: Caller | None = None,
    session: str | None = None,
    rtt_ms: float = 40.0,
) -> dict[str, Any]:
    """Hand in a delta of a new run, and return the answer."""
    caller = caller or bench.customer
    begun = await bench.begin(caller, session)
    bench.service.rooms.join_with(begun["probe"]["tokens"]["join"])
    delta = {**passing_report(begun["nonce"]), "renews": renews}
    measured(delta, "net.rtt_high")["rtt_median_ms"] = rtt_ms
    answer = await caller.http.post(f"/api/preflight/{begun['run_id']}/report", json=delta)
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


async def kept(bench: CallBench, report_id: str) -> PreflightReportRow:
    async with bench.service.core.database.reading() as db:
        return await db.get_one(PreflightReportRow, report_id)


def ages(row: PreflightReportRow, code: str) -> list[int]:
    return [one["age_ms"] for one in row.report["checks"] if one["code"] == code]


async def test_a_delta_keeps_report_and_code_and_opens_the_door_again(bench: CallBench) -> None:
    verdict = await first(bench)
    bench.service.clock.advance(minutes=6)
    assert (await bench.token(bench.customer, verdict["report_id"])).json()["reason"] == "stale"

    renewed = await renew(bench, verdict["report_id"])

    assert renewed["report_id"] == verdict["report_id"]
    assert renewed["short_code"] == verdict["short_code"]
    assert (await bench.token(bench.customer, verdict["report_id"])).status_code == 200


async def test_what_a_delta_leaves_out_grows_older_with_the_report(bench: CallBench) -> None:
    verdict = await first(bench)
    bench.service.clock.advance(minutes=6)

    await renew(bench, verdict["report_id"])

    row = await kept(bench, verdict["report_id"])
    assert ages(row, "media.uplink_low") == [60_000 + 6 * 60_000]
    assert "nonce" not in row.report["context"]


async def test_after_half_an_hour_the_trial_call_counts_no_more(bench: CallBench) -> None:
    verdict = await first(bench)
    bench.service.clock.advance(minutes=29, seconds=1)

    await renew(bench, verdict["report_id"])

    assert ages(await kept(bench, verdict["report_id"]), "media.uplink_low") == []


async def test_a_delta_that_does_not_pass_closes_the_door(bench: CallBench) -> None:
    verdict = await first(bench)

    renewed = await renew(bench, verdict["report_id"], rtt_ms=400)

    assert renewed["passed"] is False
    refused = await bench.token(bench.customer, verdict["report_id"])
    assert refused.json()["blocking"] == ["net.rtt_high"]


@pytest.mark.parametrize("whose", ["another account's", "another session's", "nobody's"])
async def test_a_delta_renews_nothing_that_is_not_its_own(bench: CallBench, whose: str) -> None:
    verdict = await first(bench)
    before = (await kept(bench, verdict["report_id"])).arrived_at
    bench.service.clock.advance(minutes=1)

    if whose == "another account's":
        renewed = await renew(bench, verdict["report_id"], caller=bench.mechanic)
    elif whose == "another session's":
        renewed = await renew(bench, verdict["report_id"], session=str(uuid.uuid4()))
    else:
        renewed = await renew(bench, str(uuid.uuid4()))

    assert renewed["report_id"] != verdict["report_id"]
    assert (await kept(bench, verdict["report_id"])).arrived_at == before
