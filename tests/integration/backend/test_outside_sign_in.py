"""People whose sign-in an outside Supabase keeps."""

import asyncio
from collections.abc import Callable

from sqlalchemy import text

from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import PASSWORD, backend_service
from tests.fakes.outside_sign_in import OUTSIDE, outside_token
from tests.integration.backend.held_writers import all_wait_to_write


async def test_somebody_new_from_outside_may_ask_several_things_at_once(
    make_settings: Callable[..., Settings],
) -> None:
    """A client opens its dashboard with parallel requests, before there is a row of theirs.

    Each is held until all have looked for the row, by a transaction that locks the table.
    """
    async with backend_service(make_settings(**OUTSIDE)) as service:
        http = await service.client(Authorization=f"Bearer {outside_token()}")
        database = service.core.database
        async with database.writing() as db:
            if not database.is_sqlite:
                await db.execute(text("LOCK TABLE users IN SHARE MODE"))
            asked = asyncio.gather(*(http.get("/api/me") for _ in range(5)))
            await all_wait_to_write(database, 5)

        answers = await asked

    assert [one.status_code for one in answers] == [200] * 5
    assert {one.json()["email"] for one in answers} == {"sam@example.test"}
    assert len({one.json()["user_id"] for one in answers}) == 1


async def test_an_address_that_another_account_has_brings_no_fault(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("account.email_taken")
    async with backend_service(make_settings(**OUTSIDE)) as service:
        first, second = outside_token(), outside_token()
        taken = await service.client(Authorization=f"Bearer {first}")
        await taken.get("/api/me")

        answer = await (await service.client(Authorization=f"Bearer {second}")).get("/api/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")


async def test_an_outside_supabase_takes_the_embedded_paths_away(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(**OUTSIDE)) as service:
        answer = await (await service.client()).post(
            "/auth/v1/signup", json={"email": "sam@example.test", "password": PASSWORD}
        )

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
