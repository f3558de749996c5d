"""The steps of a settlement: safe to repeat, and honest about refusals."""

import pytest
from sqlalchemy import func, select

from liftbay_backend.db.models import LedgerEntryRow, PayoutRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable.settling import Settling
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService
from tests.fakes.transfers import ScriptedTransfers


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    """A completed session that wants its settlement."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    return bench


async def everything(settling: Settling, session_id: SessionId) -> None:
    for step in (
        settling.begin,
        settling.pay_mechanic,
        settling.record_in_crm,
        settling.offer_upsells,
        settling.finish,
    ):
        await step(session_id)


async def payouts(bench: CallBench) -> list[tuple[str, WorkState]]:
    query = select(PayoutRow).order_by(PayoutRow.attempt)
    async with bench.service.core.database.reading() as db:
        return [(row.key, row.state) for row in (await db.execute(query)).scalars()]


async def mechanic_got(bench: CallBench) -> int:
    return await balance(bench, "mechanic")


async def balance(bench: CallBench, account: str) -> int:
    """Return what a mechanic's account of this kind holds."""
    query = select(func.coalesce(func.sum(LedgerEntryRow.amount_cents), 0)).where(
        LedgerEntryRow.account == f"{account}:{bench.mechanic.mechanic_id}"
    )
    async with bench.service.core.database.reading() as db:
        return int((await db.execute(query)).scalar_one())


async def test_running_every_step_three_times_pays_once(bench: CallBench) -> None:
    transfers = ScriptedTransfers()
    settling = Settling(bench.service.core, transfers)

    for _ in range(3):
        await everything(settling, bench.session_id)

    assert len(transfers.sent) == 1
    assert await mechanic_got(bench) == 3499
    session = await bench.session(bench.mechanic)
    assert session["settlement"] == {
        "state": "done",
        "payout_cents": 3499,
        "payout_state": "paid",
        "payout_error": None,
        "crm_state": "not_due",
        "upsell_count": 1,
    }


async def test_a_lost_answer_is_found_by_listing_and_not_paid_again(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.unclear")
    transfers = ScriptedTransfers(["lost"])
    settling = Settling(bench.service.core, transfers)
    await settling.pay_mechanic(bench.session_id)

    await settling.pay_mechanic(bench.session_id)

    key = f"payout-{bench.session_id}-1"
    assert transfers.asked == [key]
    assert await payouts(bench) == [(key, WorkState.DONE)]
    assert await mechanic_got(bench) == 3499


async def test_what_is_owed_stands_in_the_books_from_the_end_on(bench: CallBench) -> None:
    assert await balance(bench, "owed") == 3499
    assert await mechanic_got(bench) == 0

    await Settling(bench.service.core, ScriptedTransfers()).pay_mechanic(bench.session_id)

    assert await balance(bench, "owed") == 0
    assert await mechanic_got(bench) == 3499
