"""What a sweep finds: ends nobody settled, and settlements that stand still."""

import pytest
from sqlalchemy import select, update

from liftbay_backend.db.models import PaymentRow, RefundRow, SessionRow, SettlementRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.domain.states import PaymentStatus
from liftbay_backend.services import due
from liftbay_backend.services.refunds import carry_out
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


class Starts:
    """What would have been started."""

    def __init__(self) -> None:
        self.seen: list[tuple[SessionId, SettlementKind]] = []

    async def __call__(self, session_id: SessionId, kind: SettlementKind) -> None:
        self.seen.append((session_id, kind))


async def type_in(bench: CallBench, status: SessionStatus) -> None:
    """Change a status as somebody with a database prompt does."""
    async with bench.service.core.database.writing() as db:
        await db.execute(
            update(SessionRow).where(SessionRow.id == bench.session_id).values(status=status)
        )


async def payments(bench: CallBench) -> list[tuple[PaymentStatus, str | None]]:
    query = (
        select(PaymentRow.status, RefundRow.reason)
        .outerjoin(RefundRow, RefundRow.payment_id == PaymentRow.id)
        .where(PaymentRow.session_id == bench.session_id)
    )
    async with bench.service.core.database.reading() as db:
        return [(status, reason) for status, reason in (await db.execute(query)).all()]


@pytest.mark.parametrize("status", [SessionStatus.CANCELLED, SessionStatus.EXPIRED])
async def test_an_adopted_end_without_a_session_is_refunded_in_full(
    bench: CallBench, expected_logs: ExpectedLogs, status: SessionStatus
) -> None:
    expected_logs.allow("settlement.adopted")
    await type_in(bench, status)
    starts = Starts()

    await due.sweep_settlements(bench.live, starts)
    bench.service.clock.advance(minutes=1)
    await due.sweep_settlements(bench.live, starts)

    assert starts.seen == [(bench.session_id, SettlementKind.REFUND)]
    assert await payments(bench) == [(PaymentStatus.REFUNDING, status.value)]
    assert await carry_out(bench.service.core, bench.session_id) == 1
    assert (await bench.session())["payment_status"] == "refunded"


async def test_an_adopted_completed_session_is_paid_out_and_not_refunded(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("settlement.adopted")
    await bench.start()
    await type_in(bench, SessionStatus.COMPLETED)

    await due.sweep_settlements(bench.live, Starts())

    async with bench.service.core.database.reading() as db:
        row = await db.get_one(SettlementRow, bench.session_id)
    assert (row.payout_cents, row.payout_state) == (3499, "pending")
    assert await payments(bench) == [(PaymentStatus.PAID, None)]


async def test_a_settlement_that_stands_still_for_a_day_is_named(
    bench: CallBench, expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("settlement.stuck")
    await bench.start()
    await bench.end(bench.customer)
    bench.service.clock.advance(minutes=24 * 60 - 1)
    await due.sweep_settlements(bench.live, Starts())
    too_early = [one for one in caplog.records if "settlement.stuck" in one.getMessage()]
    bench.service.clock.advance(minutes=1)

    await due.sweep_settlements(bench.live, Starts())

    (named,) = [one for one in caplog.records if "settlement.stuck" in one.getMessage()]
    assert too_early == []
    assert bench.session_id in named.getMessage()
