"""A payout that does not arrive is tried again for as long as it is owed, and it shows why."""

import asyncio

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PayoutRow, SessionRow, SettlementRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import Moved
from liftbay_backend.services import due
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService
from tests.fakes.transfers import ScriptedTransfers
from tests.integration.backend.test_settling_steps import balance, everything, mechanic_got


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    """A completed session that wants its settlement."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    return bench


async def tick(bench: CallBench, settling: Settling, **later: float) -> int:
    """Let time pass and money be looked at again."""
    bench.service.clock.advance(**later)
    return await due.move_money_again(bench.live, settling.look_again)


async def _nothing_to_start(*_: object) -> None:
    """Nothing is lost here that a workflow would do."""


@pytest.mark.parametrize("reason", ["no_account", "declined"])
async def test_a_definite_refusal_is_tried_again_until_it_is_paid(
    bench: CallBench, expected_logs: ExpectedLogs, reason: str
) -> None:
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers([reason, reason])
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)
    refused = await bench.session(bench.mechanic)

    rounds = [await tick(bench, settling, seconds=seconds) for seconds in (9, 1, 19, 1)]

    paid = await bench.session(bench.mechanic)
    told = refused["settlement"]
    assert (told["state"], told["payout_state"], told["payout_error"]) == (
        "failed",
        "failed",
        reason,
    )
    # 10 s after the first refusal, 20 s after the second.
    assert rounds == [0, 1, 0, 1]
    assert transfers.asked == [f"payout-{bench.session_id}-{n}" for n in (1, 2, 3)]
    told = paid["settlement"]
    assert (told["state"], told["payout_state"], told["payout_error"]) == ("done", "paid", None)
    assert await mechanic_got(bench) == 3499
    news = await bench.mechanics_news("settlement")
    assert [one["settlement"]["state"] for one in news] == ["failed", "done"]
    # To the customer it was done before.
    told = [one["settlement"]["state"] for one in await bench.events("settlement")]
    assert told == ["pending", "done"]


async def test_what_is_owed_is_shown_to_the_mechanic_and_never_written_off(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    """Fifty refusals take more than a week of tries, and the fifty-first try pays."""
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers(["no_account"] * 50)
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)
    owed = (await bench.mechanic.http.get("/api/earnings")).json()

    for _ in range(50):
        async with bench.service.core.database.reading() as db:
            row = await db.get_one(SettlementRow, bench.session_id)
        assert row.finished_at is None
        assert row.retry_at is not None
        wait = (row.retry_at - bench.service.clock.now()).total_seconds()
        assert 0 < wait <= 6 * 3600
        assert await tick(bench, settling, seconds=wait) == 1

    assert (owed["owed_cents"], owed["settled_cents"]) == (3499, 0)
    assert [one["state"] for one in owed["sessions"]] == ["failed"]
    assert await balance(bench, "owed") == 0
    assert await mechanic_got(bench) == 3499
    async with bench.service.core.database.reading() as db:
        row = await db.get_one(SettlementRow, bench.session_id)
        attempts = (await db.execute(select(PayoutRow.state))).scalars().all()
    assert (row.retry_at, row.retries, row.payout_error) == (None, 0, None)
    assert [one.value for one in attempts] == ["refused"] * 50 + ["done"]


async def test_money_of_a_refund_that_does_not_move_is_shown_too(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    """The settlement was done; a reversal that is refused makes it open again, until it is not."""
    expected_logs.allow("payout.refused")
    settling = Settling(bench.service.core, ScriptedTransfers(["ok", "declined"]))
    await everything(settling, bench.session_id)
    support = await bench.service.support()
    body = {"reason": "It froze.", "amount_cents": 1000}
    assert (await support.http.post(f"{bench.path}/refund", json=body)).status_code == 200

    shown = []
    for seconds in (0, 0, 10):
        await tick(bench, settling, seconds=seconds)
        told = (await bench.session(bench.mechanic))["settlement"]
        shown.append((told["state"], told["payout_error"]))

    assert ("failed", "declined") in shown
    assert shown[-1] == ("done", None)
    news = await bench.mechanics_news("settlement")
    assert [one["settlement"]["state"] for one in news] == ["done", "failed", "done"]
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (2799, 0)


async def test_a_settlement_that_nobody_looks_at_any_more_is_found(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    """An older version could die between the last cent and the last word."""
    expected_logs.allow("payout.refused")
    settling = Settling(bench.service.core, ScriptedTransfers(["declined"]))
    await everything(settling, bench.session_id)
    async with bench.service.core.works.begin() as work:
        (await work.db.get_one(SettlementRow, bench.session_id)).retry_at = None
    alone = await tick(bench, settling, minutes=20)

    await due.sweep_settlements(bench.live, _nothing_to_start)
    await tick(bench, settling, seconds=1)

    assert alone == 0
    assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"
    assert await mechanic_got(bench) == 3499


async def test_a_transfer_is_booked_by_one_attempt_alone(
    bench: CallBench, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An instance stops before it lists; the other is refused and pays anew; then it goes on."""
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers(["declined"])
    first, other = Settling(bench.service.core, transfers), Settling(bench.service.core, transfers)
    listed, go_on = asyncio.Event(), asyncio.Event()
    list_all = transfers.moved

    async def stopped(group: SessionId) -> tuple[Moved, ...]:
        # Only the first is stopped.
        monkeypatch.setattr(transfers, "moved", list_all)
        listed.set()
        await go_on.wait()
        return await list_all(group)

    await first.begin(bench.session_id)
    monkeypatch.setattr(transfers, "moved", stopped)
    waiting = asyncio.ensure_future(first.pay_mechanic(bench.session_id))
    await listed.wait()
    await other.pay_mechanic(bench.session_id)
    await tick(bench, other, seconds=10)
    go_on.set()
    await waiting

    assert len(transfers.sent) == 1
    assert (await mechanic_got(bench), await balance(bench, "owed")) == (3499, 0)
    assert transfers.reversed == {}


async def test_a_provider_that_is_down_is_asked_again_with_the_same_key(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.unclear")
    transfers = ScriptedTransfers(["down", "lost"])
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)
    down = (await bench.session(bench.mechanic))["settlement"]

    await tick(bench, settling, seconds=10)
    await tick(bench, settling, seconds=20)

    key = f"payout-{bench.session_id}-1"
    assert (down["state"], down["payout_state"], down["payout_error"]) == (
        "failed",
        "pending",
        "provider_down",
    )
    # The second one moved, and its answer was lost: it is found and not sent a third time.
    assert transfers.asked == [key, key]
    assert list(transfers.sent) == [key]
    assert (await bench.session(bench.mechanic))["settlement"]["state"] == "done"
    assert await mechanic_got(bench) == 3499


async def test_two_instances_do_not_try_at_once(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    transfers = ScriptedTransfers(["declined"])
    settling = Settling(bench.service.core, transfers)
    await everything(settling, bench.session_id)
    bench.service.clock.advance(seconds=10)

    looked = [await settling.look_again(bench.session_id) for _ in range(2)]

    assert looked == [True, False]
    assert len(transfers.asked) == 2


async def test_the_rest_of_a_settlement_does_not_wait_for_the_money(
    bench: CallBench, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("payout.refused")
    settling = Settling(bench.service.core, ScriptedTransfers(["no_account"]))

    await everything(settling, bench.session_id)

    told = (await bench.session(bench.mechanic))["settlement"]
    assert (told["crm_state"], told["upsell_count"]) == ("not_due", 1)
    async with bench.service.core.database.reading() as db:
        session = await db.get_one(SessionRow, bench.session_id)
    assert session.status is SessionStatus.COMPLETED
