"""The service with its background work: ticks, looks and durable settlements, on both engines."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from liftbay_backend.lifecycle import look_at_rooms
from liftbay_backend.services import due
from liftbay_backend.services.session_report import session_report
from liftbay_backend.settings import Settings, SettingsError
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service

SETTLED_WITHIN_S = 20.0


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[BackendService]:
    """Open the service and run its lifespan, which the other tests leave out."""
    async with backend_service(settings) as service:
        async with service.app.router.lifespan_context(service.app):
            yield service


async def settled(bench: CallBench) -> dict[str, Any]:
    """Wait for the durable work and return what an operator reads."""
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while True:
            report = await session_report(bench.service.core.database, bench.session_id)
            assert report is not None
            if report["settlement"] is not None and report["settlement"]["state"] == "done":
                return report
            await asyncio.sleep(0.05)


async def test_an_end_is_settled_by_itself(make_settings: Callable[..., Settings]) -> None:
    async with running(make_settings()) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=2)
        await bench.end(bench.customer)

        report = await settled(bench)
        told = await bench.customer.http.get(f"{bench.path}/upsells")

    assert [one["state"] for one in report["payouts"]] == ["done"]
    assert report["payouts"][0]["amount_cents"] == 3499
    assert report["payouts"][0]["mechanic_id"] == bench.mechanic.mechanic_id
    assert len(report["crm_records"]) == 1
    assert [one["code"] for one in report["upsells"]] == ["follow_up"]
    assert len(told.json()["upsells"]) == 1


async def test_a_session_of_a_few_seconds_is_refunded_in_full(
    make_settings: Callable[..., Settings],
) -> None:
    async with running(make_settings()) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(seconds=5)
        await bench.end(bench.customer)

        report = await settled(bench)

    assert report["status"] == "cancelled"
    assert report["payment_status"] == "refunded"
    assert report["payouts"] == []
    assert report["settlement"]["payout_state"] == "not_due"


async def test_the_tick_ends_a_session_at_zero_without_anybody(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(tick_seconds=0.05, access_token_seconds=86_400)
    async with running(settings) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=60)

        report = await settled(bench)

    assert report["status"] == "completed"
    assert report["end"]["reason"] == "time_up"


async def test_a_cancelled_session_is_refunded_by_itself(
    make_settings: Callable[..., Settings],
) -> None:
    async with running(make_settings()) as service:
        bench = await call_bench(service)
        answer = await bench.customer.http.post(f"{bench.path}/cancel", json={"reason": None})
        assert answer.status_code == 200

        report = await settled(bench)

    assert report["payment_status"] == "refunded"


async def test_looks_tell_health_whether_the_call_server_answers(
    service: BackendService,
) -> None:
    live = service.app.state.live
    service.rooms.is_down = True
    await look_at_rooms(live)
    down = service.core.health.checks["sfu"]
    service.rooms.is_down = False

    await look_at_rooms(live)

    assert (down, service.core.health.checks["sfu"]) == ("down", "ok")


async def test_a_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with running(settings), backend_service(settings) as second:
        with pytest.raises(SettingsError, match="already works"):
            async with second.app.router.lifespan_context(second.app):
                pass


async def test_work_that_fails_holds_up_no_other_work(
    make_settings: Callable[..., Settings],
    expected_logs: ExpectedLogs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_logs.allow("background.failed")

    async def broken(_live: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(due, "expire_requests", broken)
    async with running(make_settings(tick_seconds=0.05)) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(minutes=2)
        await bench.end(bench.customer)
        service.clock.advance(seconds=10)

        async with asyncio.timeout(SETTLED_WITHIN_S):
            while not service.rooms.deleted:
                await asyncio.sleep(0.05)
        report = await settled(bench)

    assert report["status"] == "completed"
