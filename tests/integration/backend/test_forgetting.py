"""The proofs that something was done once are kept long enough, and not for ever."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from client_api.outbox import KEPT_FOR_OTHERS
from liftbay_backend.core import Core
from liftbay_backend.db.models import ExecutorLeaseRow, IdempotencyKeyRow, WebhookEventRow
from liftbay_backend.services.forgetting import KEPT_FOR, forget_old_proofs
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import fixture

A_DAY = timedelta(days=1)


async def keep_one_of_each(core: Core, name: str) -> None:
    async with core.works.begin() as work:
        work.db.add(
            IdempotencyKeyRow(account="sam", key=name, fingerprint="f", claimed_at=work.now)
        )
        work.db.add(WebhookEventRow(provider="livekit", event_id=name, received_at=work.now))
        work.db.add(
            ExecutorLeaseRow(executor_id=name, started_at=work.now, expires_at=work.now + A_DAY)
        )


async def kept(core: Core) -> list[str]:
    """Return the names of what is left, each kind's in turn."""
    columns = (IdempotencyKeyRow.key, WebhookEventRow.event_id, ExecutorLeaseRow.executor_id)
    async with core.database.reading() as db:
        return [
            name
            for column in columns
            for name in (await db.execute(select(column).order_by(column))).scalars()
        ]


async def test_only_what_nobody_can_repeat_any_more_is_forgotten(service: BackendService) -> None:
    await keep_one_of_each(service.core, "old")
    service.clock.advance(seconds=KEPT_FOR.total_seconds())

    nothing = await forget_old_proofs(service.core)
    service.clock.advance(seconds=2 * A_DAY.total_seconds())
    await keep_one_of_each(service.core, "new")
    gone = await forget_old_proofs(service.core)

    assert (nothing, gone) == (0, 3)
    assert await kept(service.core) == ["new", "new", "new"]


async def test_a_diagnostic_is_kept_as_long_as_is_said(service: BackendService) -> None:
    anyone = await service.client()
    sent = await anyone.post("/api/diagnostics", json=fixture("report")["report"])
    assert sent.status_code < 300, sent.text
    service.clock.advance(minutes=(29 * 24 + 23) * 60)

    before = await forget_old_proofs(service.core)
    service.clock.advance(minutes=2 * 60)
    after = await forget_old_proofs(service.core)

    assert (before, after) == (0, 1)


async def test_a_start_forgets_too(make_settings: Callable[..., Settings]) -> None:
    async with backend_service(make_settings()) as service:
        await keep_one_of_each(service.core, "old")
        service.clock.advance(seconds=(KEPT_FOR + 2 * A_DAY).total_seconds())

        async with service.app.router.lifespan_context(service.app):
            left = await kept(service.core)

    assert "old" not in left


def test_a_client_gives_up_long_before() -> None:
    assert KEPT_FOR >= 2 * KEPT_FOR_OTHERS
