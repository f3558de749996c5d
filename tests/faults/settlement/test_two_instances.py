"""Two instances do the same session at once, and one of them freezes in mid-settlement."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from liftbay_backend.db.models import PaymentRow, SessionRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.states import PaymentKind, WorkState
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench
from tests.fakes.stripe_server import Object
from tests.faults.seed import chance
from tests.faults.settlement.facts import Facts
from tests.faults.settlement.instances import Instances, two_instances
from tests.faults.settlement.stage import PLAN_CENTS, QUARTER, QUARTER_CENTS
from tests.integration.backend.conftest import POSTGRES

END = {"reason": "ended_by_customer", "attempt": None}
REFUND_CENTS = 500
REFUND = {"reason": "The picture froze.", "amount_cents": REFUND_CENTS}
SESSIONS = 3
FREEZES = 3
QUARTER_S = 900
A_MOMENT_S = 4.0
A_MINUTE_S = 60.0
"""Longer than a lease: the other instance takes the work over."""
CALM_S = 5.0

pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.parametrize(
        "new_database", ["postgresql"] if POSTGRES is not None else [], indirect=True
    ),
]


@pytest_asyncio.fixture
async def both(make_settings: Callable[..., Settings]) -> AsyncIterator[Instances]:
    async with two_instances(make_settings) as opened:
        yield opened


def assert_settled_once(facts: Facts, paid_cents: int, given_cents: int = 0) -> None:
    assert facts.settlement is not None
    share = mechanic_share_cents(paid_cents - given_cents)
    assert facts.transfers == 1
    assert facts.moved_cents == facts.settlement.payout_cents == share
    assert (facts.given_cents, facts.owed_cents) == (given_cents, 0)
    assert {one.state for one in facts.refunds} <= {WorkState.DONE}
    assert list(facts.kept_by_crm) == [one.id for one in facts.records]
    assert len(facts.records) == 1
    assert facts.upsells == ["follow_up"]
    assert (facts.told, facts.told_accounts) == (1, 2)


async def end(both: Instances, bench: CallBench, times: int = 2) -> None:
    """Let both people press End at both instances at once."""
    body = {**END, "pressed_at": both.stripes.service.clock.now().isoformat()}
    path = f"{bench.path}/end"
    answers = await asyncio.gather(
        both.everywhere(bench.customer, path, body, times),
        both.everywhere(bench.mechanic, path, {**body, "reason": "ended_by_mechanic"}, times),
    )
    assert {one.status_code for some in answers for one in some} == {200}, answers


async def extended(both: Instances, bench: CallBench) -> None:
    """Let the customer buy minutes at both instances, and pay once."""
    answers = await both.everywhere(bench.customer, f"{bench.path}/extensions", QUARTER)
    assert {one.status_code for one in answers} == {201}, answers
    query = select(PaymentRow.checkout_id).where(
        PaymentRow.session_id == bench.session_id, PaymentRow.kind == PaymentKind.EXTENSION
    )
    total = select(SessionRow.total_seconds).where(SessionRow.id == bench.session_id)
    database = both.stripes.service.core.database
    async with database.reading() as db:
        [page] = (await db.execute(query)).scalars().all()
        before = (await db.execute(total)).scalar_one()
    assert page is not None
    heard = await both.tell(both.stripes.stripe.pay(page))
    async with database.reading() as db:
        after = (await db.execute(total)).scalar_one()
    assert sorted(heard) == [False] * (len(heard) - 1) + [True]
    assert after - before == QUARTER_S


@pytest.mark.slow
async def test_both_do_the_same_session_and_one_freezes_for_a_moment(both: Instances) -> None:
    """Extensions, ends and refunds at both at once; the one that settles stops in its transfer."""
    bench = await both.live_session()
    frozen = freeze_at_transfer(both)
    await extended(both, bench)

    # Some of the answers come after the thaw.
    ending = asyncio.ensure_future(end(both, bench))
    name = await frozen
    support = await both.stripes.service.support()
    given = [await both.at_other(name, support, f"{bench.path}/refund", REFUND)]
    await asyncio.sleep(A_MOMENT_S)
    both.processes[name].thaw()
    await ending
    given += await both.everywhere(support, f"{bench.path}/refund", REFUND, 1)

    assert {one.status_code for one in given} == {200}, given
    facts = await both.settled(bench)
    paid = PLAN_CENTS + QUARTER_CENTS
    assert_settled_once(facts, paid, REFUND_CENTS * len(given))


def freeze_at_transfer(both: Instances) -> "asyncio.Future[str]":
    """Freeze whoever sends the next transfer, after Stripe made it and before it hears so."""
    frozen: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def freeze(transfer: Object) -> None:
        if not frozen.done():
            name = both.owner_of(transfer["transfer_group"])
            both.processes[name].freeze()
            frozen.set_result(name)

    both.stripes.stripe.transferred = freeze
    return frozen


@pytest.mark.slow
async def test_one_frozen_for_a_minute_is_stood_in_for(both: Instances) -> None:
    bench, again = await both.live_sessions(2)
    frozen = freeze_at_transfer(both)

    ending = asyncio.ensure_future(end(both, bench))
    name = await frozen
    async with asyncio.timeout(A_MINUTE_S):
        while not await both.is_settled(bench):
            await asyncio.sleep(0.3)
        taken_over = both.owner_of(bench.session_id)
        await asyncio.sleep(A_MOMENT_S)
    both.processes[name].thaw()
    await ending
    await asyncio.sleep(CALM_S)

    assert taken_over != name
    assert_settled_once(await both.settled(bench), PLAN_CENTS)
    # Awake again it is an instance like any other.
    both.stripes.stripe.transferred = lambda _: None
    await end(both, again)
    assert_settled_once(await both.settled(again), PLAN_CENTS)


@pytest.mark.slow
async def test_one_frozen_for_a_minute_at_any_moment_loses_nothing(both: Instances) -> None:
    """Also with locks in its hands, which the database takes from it after half a minute."""
    dice = chance("a frozen instance")
    for _ in range(FREEZES):
        benches = await both.live_sessions(2)
        name = dice.choice(sorted(both.processes))
        await asyncio.gather(*(end(both, bench, 1) for bench in benches))
        await asyncio.sleep(dice.uniform(0, 0.5))
        both.processes[name].freeze()
        await asyncio.sleep(A_MINUTE_S)
        both.processes[name].thaw()
        for bench in benches:
            assert_settled_once(await both.settled(bench), PLAN_CENTS)
    async with both.stripes.service.core.database.reading() as db:
        sessions = (await db.execute(select(func.count()).select_from(SessionRow))).scalar_one()
    assert sessions == 2 * FREEZES
    assert len(both.stripes.stripe.transfers) == 2 * FREEZES


@pytest.mark.slow
async def test_both_do_many_sessions_at_once(both: Instances) -> None:
    benches = await both.live_sessions(SESSIONS)
    support = await both.stripes.service.support()
    await asyncio.gather(*(extended(both, bench) for bench in benches))

    async def all_at_once(bench: CallBench) -> int:
        await end(both, bench)
        given = await both.everywhere(support, f"{bench.path}/refund", REFUND)
        assert {one.status_code for one in given} == {200}, given
        return len(given)

    ordered = await asyncio.gather(*(all_at_once(bench) for bench in benches))

    for bench, times in zip(benches, ordered, strict=True):
        facts = await both.settled(bench)
        assert_settled_once(facts, PLAN_CENTS + QUARTER_CENTS, REFUND_CENTS * times)
