"""Quality samples: whatever a client measures is kept for support, and no more than that."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from client_api.durable_queue import MAX_QUALITY
from liftbay_backend.db.models import QualitySampleRow, SessionRow
from liftbay_backend.domain.roles import Side
from liftbay_backend.services.pace import BATCHES
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller
from tests.fakes.contract import fixture, response

BATCHES_A_MINUTE = int(BATCHES.removesuffix("/minute"))
LIMIT = 2 * (3600 + 900 + 600)
"""Of the diagnostic plan: its hour, the start window and the absence cap."""


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def post(
    bench: CallBench, caller: Caller, *, samples: int = 5, **fields: Any
) -> httpx.Response:
    sample = {**fixture("quality")["request"]["samples"][0], **fields}
    body = {"attempt": str(uuid.uuid4()), "samples": [sample] * samples}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    return await caller.http.post(f"{bench.path}/quality", json=body, headers=key)


async def kept(bench: CallBench, side: Side) -> int:
    async with bench.service.core.database.reading() as db:
        query = select(func.count()).where(
            QualitySampleRow.session_id == bench.session_id, QualitySampleRow.side == side
        )
        return (await db.execute(query)).scalar_one()


async def fill(bench: CallBench, samples: int) -> None:
    """Put the customer's samples of a long call into the database."""
    async with bench.service.core.works.begin() as work:
        work.db.add_all(
            QualitySampleRow(
                session_id=bench.session_id,
                side=Side.CUSTOMER,
                attempt=str(uuid.uuid4()),
                at=work.now,
                sample={},
            )
            for _ in range(samples)
        )


async def test_quality_samples_reach_support_alone(bench: CallBench) -> None:
    support = await bench.service.support()
    body = fixture("quality")["request"]

    posted = await bench.customer.http.post(f"{bench.path}/quality", json=body)
    read = await support.http.get(f"{bench.path}/quality")
    by_customer = await bench.customer.http.get(f"{bench.path}/quality")

    assert posted.status_code == 202
    assert posted.json() == response("quality")
    assert read.json()["samples"][0]["rtt_ms"] == 24.0
    assert read.json()["samples"][0]["role"] == "customer"
    assert by_customer.status_code == 403


async def test_support_pages_back_to_the_first_sample(
    bench: CallBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liftbay_backend.services.quality.SAMPLES_PAGE", 3)
    support = await bench.service.support()
    for number in range(7):
        await post(bench, bench.customer, samples=1, rtt_ms=float(number))

    pages: list[list[float]] = []
    address = f"{bench.path}/quality"
    before: int | None = None
    while len(pages) < 5:
        params = {} if before is None else {"before": before}
        told = (await support.http.get(address, params=params)).json()
        pages.append([one["rtt_ms"] for one in told["samples"]])
        before = told["next_before"]
        if before is None:
            break
    wrong = await support.http.get(address, params={"before": 0})

    assert pages == [[4.0, 5.0, 6.0], [1.0, 2.0, 3.0], [0.0]]
    assert wrong.status_code == 422


async def test_a_sample_cannot_say_whose_it_is(bench: CallBench) -> None:
    """A sample may hold fields of its sender's choice, but not in the place of ours."""
    support = await bench.service.support()

    await post(bench, bench.customer, samples=1, role="mechanic", attempt="mine", extra=1)

    (read,) = (await support.http.get(f"{bench.path}/quality")).json()["samples"]
    assert read["role"] == "customer"
    assert read["attempt"] == str(uuid.UUID(read["attempt"]))
    assert read["extra"] == 1


async def test_a_batch_is_kept_in_its_order_and_as_it_came(bench: CallBench) -> None:
    """The database takes it apart, so what is odd in it must come through as well."""
    support = await bench.service.support()
    odd = [
        {"text": "Größe ✓ \U0001f697 \u0000 \\u0041"},
        {"deep": {"b": [1, 2.50, None, True, {"a": ""}], "a": "'\"; DROP"}},
        {"large": 2**53, "small": 1e-9, "empty": {}},
    ]
    samples = [{**fixture("quality")["request"]["samples"][0], "extra": one} for one in odd]
    body = {"attempt": str(uuid.uuid4()), "samples": samples}

    posted = await bench.customer.http.post(f"{bench.path}/quality", json=body)

    assert posted.json() == {"accepted": 3}
    told = (await support.http.get(f"{bench.path}/quality")).json()["samples"]
    assert [one["extra"] for one in told] == odd


async def test_a_batch_that_comes_twice_is_kept_once(bench: CallBench) -> None:
    body = {**fixture("quality")["request"]}
    key = {"Idempotency-Key": str(uuid.uuid4())}

    answers = [
        await bench.customer.http.post(f"{bench.path}/quality", json=body, headers=key)
        for _ in range(3)
    ]

    assert [(one.status_code, one.json()) for one in answers] == [(202, response("quality"))] * 3
    assert await kept(bench, Side.CUSTOMER) == len(body["samples"])


async def test_a_batch_that_was_refused_leaves_its_key_free(bench: CallBench) -> None:
    await fill(bench, LIMIT)
    body = {**fixture("quality")["request"]}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    refused = await bench.customer.http.post(f"{bench.path}/quality", json=body, headers=key)
    async with bench.service.core.works.begin() as work:
        longer = update(SessionRow).values(total_seconds=SessionRow.total_seconds + 3600)
        await work.db.execute(longer.where(SessionRow.id == bench.session_id))

    taken = await bench.customer.http.post(f"{bench.path}/quality", json=body, headers=key)

    assert (refused.status_code, taken.status_code) == (429, 202)
    assert await kept(bench, Side.CUSTOMER) == LIMIT + len(body["samples"])


async def test_what_waited_through_an_outage_is_taken_in_one_go(bench: CallBench) -> None:
    answers = [await post(bench, bench.customer) for _ in range(MAX_QUALITY)]

    assert {one.status_code for one in answers} == {202}
    assert await kept(bench, Side.CUSTOMER) == 5 * MAX_QUALITY


async def test_a_side_that_posts_too_fast_is_asked_to_wait_and_the_other_is_not(
    bench: CallBench,
) -> None:
    for _ in range(BATCHES_A_MINUTE):
        assert (await post(bench, bench.customer, samples=0)).status_code == 202

    refused = await post(bench, bench.customer)
    other = await post(bench, bench.mechanic)

    assert (refused.status_code, refused.json()["code"]) == (429, "rate.limited")
    assert refused.json()["reason"] == "pace"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert await kept(bench, Side.CUSTOMER) == 0
    assert other.status_code == 202


async def test_a_session_keeps_twice_what_can_be_measured_in_it_and_no_more(
    bench: CallBench,
) -> None:
    await fill(bench, LIMIT - 7)

    last = await post(bench, bench.customer, samples=7)
    refused = await post(bench, bench.customer, samples=1)
    other = await post(bench, bench.mechanic)

    assert last.status_code == 202
    assert (refused.status_code, refused.json()["code"]) == (429, "rate.limited")
    assert (refused.json()["reason"], refused.json()["limit"]) == ("session", LIMIT)
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0
    assert await kept(bench, Side.CUSTOMER) == LIMIT
    assert other.status_code == 202


async def test_paid_minutes_bring_room_for_their_samples(bench: CallBench) -> None:
    await fill(bench, LIMIT)
    async with bench.service.core.works.begin() as work:
        longer = update(SessionRow).values(total_seconds=SessionRow.total_seconds + 3600)
        await work.db.execute(longer.where(SessionRow.id == bench.session_id))

    answer = await post(bench, bench.customer)

    assert answer.status_code == 202


async def test_a_sample_is_no_place_for_a_file(bench: CallBench) -> None:
    answer = await post(bench, bench.customer, samples=1, picture="x" * 2048)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert "2048 bytes" in answer.json()["detail"]
    assert await kept(bench, Side.CUSTOMER) == 0
