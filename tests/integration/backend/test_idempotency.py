"""One intent, one effect, however often it arrives."""

import asyncio
import uuid
from typing import Any

from sqlalchemy import func, select

from liftbay_backend.db.models import IdempotencyKeyRow, SessionRow
from liftbay_backend.idempotency import Once
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.work import Work
from tests.fakes.backend_calls import committed
from tests.fakes.backend_service import INTAKE, BackendService


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


async def sessions(service: BackendService) -> int:
    async with service.core.database.reading() as db:
        return int((await db.execute(select(func.count(SessionRow.id)))).scalar_one())


async def test_the_same_key_brings_the_first_answer(service: BackendService) -> None:
    customer, headers = await service.customer(), key()

    first = await customer.http.post("/api/intake/start", json=INTAKE, headers=headers)
    second = await customer.http.post("/api/intake/start", json=INTAKE, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert await sessions(service) == 1


async def test_the_same_key_with_another_body_is_refused(service: BackendService) -> None:
    customer, headers = await service.customer(), key()
    await customer.http.post("/api/intake/start", json=INTAKE, headers=headers)

    answer = await customer.http.post(
        "/api/intake/start", json={**INTAKE, "concern": "Another"}, headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.body_differs")
    assert await sessions(service) == 1


async def test_ten_at_once_have_one_effect(service: BackendService) -> None:
    customer, headers = await service.customer(), key()

    answers = await asyncio.gather(
        *(customer.http.post("/api/intake/start", json=INTAKE, headers=headers) for _ in range(10))
    )

    assert await sessions(service) == 1
    codes = {answer.status_code for answer in answers}
    assert 201 in codes
    assert codes <= {201, 409}
    running = [answer for answer in answers if answer.status_code == 409]
    assert all(one.json()["code"] == "idempotency.running" for one in running)
    assert all(one.headers["retry-after"] == "1" for one in running)


async def test_a_key_belongs_to_its_account(service: BackendService) -> None:
    one, other, headers = await service.customer(), await service.customer("Ida"), key()

    first = await one.http.post("/api/intake/start", json=INTAKE, headers=headers)
    second = await other.http.post("/api/intake/start", json=INTAKE, headers=headers)

    assert first.json()["session"]["id"] != second.json()["session"]["id"]


async def test_a_refusal_is_not_remembered(service: BackendService) -> None:
    customer, headers = await service.customer(), key()
    bad = {**INTAKE, "plan": "nothing"}

    answers = [
        await customer.http.post("/api/intake/start", json=bad, headers=headers) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    async with service.core.database.reading() as db:
        assert (await db.execute(select(func.count(IdempotencyKeyRow.key)))).scalar_one() == 0


async def test_the_second_of_two_at_once_brings_the_answer_of_the_first(
    service: BackendService,
) -> None:
    once = Once(service.core, "user:u", str(uuid.uuid4()), "f")
    effects: list[int] = []

    async def slow(_work: Work) -> dict[str, Any]:
        effects.append(1)
        await asyncio.sleep(0.2)
        return {"number": len(effects)}

    answers = await asyncio.gather(*(once.run(slow) for _ in range(3)))

    assert effects == [1]
    assert {bytes(answer.body) for answer in answers} == {b'{"number":1}'}


async def claimed_apart(service: BackendService, once: Once) -> None:
    """Leave a claim as an instance of before 2026-12 does."""
    async with service.core.works.begin() as work:
        work.db.add(
            IdempotencyKeyRow(
                account=once.account,
                key=once.key,
                fingerprint=once.fingerprint,
                claimed_at=work.now,
            )
        )


async def test_while_an_older_instance_still_runs_the_first_the_second_is_told_so(
    service: BackendService,
) -> None:
    once = Once(service.core, "user:u", str(uuid.uuid4()), "f")
    await claimed_apart(service, once)
    seen: list[ErrorCode] = []

    try:
        await once.run(_nothing)
    except Problem as problem:
        seen.append(problem.error)

    assert seen == [ErrorCode.IDEMPOTENCY_RUNNING]


async def test_a_claim_that_a_crash_left_behind_is_taken_over(service: BackendService) -> None:
    once = Once(service.core, "user:u", str(uuid.uuid4()), "f")
    await claimed_apart(service, once)
    service.clock.advance(seconds=61)

    answer = await once.run(_nothing)

    assert answer.status_code == 200


async def test_an_intent_with_a_key_is_one_transaction(service: BackendService) -> None:
    once = Once(service.core, "user:u", str(uuid.uuid4()), "f")
    before = committed()

    await once.run(_nothing)

    assert committed() - before == 1


async def test_a_fault_inside_the_effect_leaves_the_key_free(service: BackendService) -> None:
    once = Once(service.core, "user:u", str(uuid.uuid4()), "f")
    raised = []

    try:
        await once.run(_broken)
    except RuntimeError as error:
        raised.append(str(error))

    assert raised == ["broken"]
    assert (await once.run(_nothing)).status_code == 200


async def test_a_key_that_is_no_uuid_is_refused(service: BackendService) -> None:
    customer = await service.customer()

    answer = await customer.http.post(
        "/api/intake/start", json=INTAKE, headers={"Idempotency-Key": "again"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def _nothing(_work: Work) -> dict[str, Any]:
    return {}


async def _broken(_work: Work) -> dict[str, Any]:
    raise RuntimeError("broken")
