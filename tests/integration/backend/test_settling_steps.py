"""The steps of a settlement: safe to repeat, and honest about refusals."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from liftbay_backend.db.models import LedgerEntryRow, PayoutRow, SettlementRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import SettlementState, WorkState
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import Transfer, TransferRefused
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService


@dataclass
class ScriptedTransfers:
    """A provider that answers as the script says and keeps what it really moved.

    Script words: ``ok``, ``refuse``, ``lost`` (moved, but the answer never arrived).
    """

    script: list[str] = field(default_factory=list)
    moved: dict[str, Transfer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def references(self, group: SessionId) -> tuple[str, ...]:
        return tuple(f"tr-{key}" for key, one in self.moved.items() if one.group == group)

    async def send(self, transfer: Transfer) -> str:
        self.asked.append(transfer.key)
        word = self.script.pop(0) if self.script else "ok"
        if word == "refuse":
            raise TransferRefused
        self.moved.setdefault(transfer.key, transfer)
        if word == "lost":
            raise TimeoutError
        return f"tr-{transfer.key}"


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
    query = select(func.coalesce(func.sum(LedgerEntryRow.amount_cents), 0)).where(
        LedgerEntryRow.account == f"mechanic:{bench.mechanic.mechanic_id}"
    )
    async with bench.service.core.database.reading() as db:
        return int((await db.execute(query)).scalar_one())


async def test_running_every_step_three_times_pays_once(bench: CallBench) -> None:
    transfers = ScriptedTransfers()
    settling = Settling(bench.service.core, transfers)

    for _ in range(3):
        await everything(settling, bench.session_id)

    assert len(transfers.moved) == 1
    assert await mechanic_got(bench) == 3499
    session = await bench.session()
    assert session["settlement"] == {
        "state": "done",
        "payout_cents": 3499,
        "payout_state": "paid",
        "crm_state": "delivered",
        "upsell_count": 1,
    }


async def test_a_lost_answer_is_found_by_listing_and_not_paid_again(bench: CallBench) -> None:
    transfers = ScriptedTransfers(["lost"])
    settling = Settling(bench.service.core, transfers)
    with pytest.raises(TimeoutError):
        await settling.pay_mechanic(bench.session_id)

    await settling.pay_mechanic(bench.session_id)

    key = f"payout-{bench.session_id}-1"
    assert transfers.asked == [key]
    assert await payouts(bench) == [(key, WorkState.DONE)]
    assert await mechanic_got(bench) == 3499


async def test_only_a_definite_refusal_begins_a_new_attempt(bench: CallBench) -> None:
    transfers = ScriptedTransfers(["refuse", "ok"])

    await Settling(bench.service.core, transfers).pay_mechanic(bench.session_id)

    assert await payouts(bench) == [
        (f"payout-{bench.session_id}-1", WorkState.REFUSED),
        (f"payout-{bench.session_id}-2", WorkState.DONE),
    ]
    assert await mechanic_got(bench) == 3499


async def test_a_payout_that_is_refused_for_good_fails_the_settlement(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers(["refuse"] * 3)
    settling = Settling(bench.service.core, transfers)

    await everything(settling, bench.session_id)

    async with bench.service.core.database.reading() as db:
        row = await db.get(SettlementRow, bench.session_id)
    assert row is not None
    assert (row.state, row.payout_state) == (SettlementState.FAILED, "failed")
    assert await mechanic_got(bench) == 0
