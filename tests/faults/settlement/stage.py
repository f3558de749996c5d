"""Sessions of every kind that want their settlement, and what must be true of them whenever."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from liftbay_backend.crm.record import CORRECTED, SETTLED
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.states import PaymentKind, WorkState
from liftbay_backend.services.payout_accounts import set_payout_account
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench
from tests.fakes.crm_receiver import SECRET, CrmReceiver, crm_receiver
from tests.fakes.stripe_server import Object
from tests.faults.settlement.facts import Facts, facts_of
from tests.faults.settlement.saved import Saved
from tests.faults.settlement.settlers import End, Settlers, settlers
from tests.faults.settlement.settling_process import Order
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage

PLAN_CENTS, QUARTER_CENTS, HALF_CENTS = 4999, 1499, 2499
QUARTER, HALF = {"extension": "extension-900"}, {"extension": "extension-1800"}
MONTH_SECONDS = 30 * 86400
AWAY_MINUTES = 10
"""What passes between two processes: claims and leases of the dead one have run out."""

LIFE_S = 2.0
"""How long a process lives on a quiet machine."""


class Kind(StrEnum):
    """What becomes of a session's money."""

    PLAIN = "plain"
    EXTENDED = "extended"
    REFUNDED_IN_PART = "refunded in part"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    PAID_LATE = "paid late"


MEANWHILE = (Kind.REFUNDED_IN_PART, Kind.REFUNDED, Kind.PAID_LATE)
"""Something happens to these after their end."""


@dataclass(slots=True)
class Case:
    """One ended session.

    Attributes:
        paid_cents: for what counts, late payments not among it.
        late_cents: paid on a page that was open at the end; the event comes after it.
        ordered_cents: what was ordered back by support, or by the service for a cancelled one.
    """

    kind: Kind
    bench: CallBench
    paid_cents: int = PLAN_CENTS
    late_cents: int = 0
    ordered_cents: int = 0
    late: Object | None = None


@dataclass(slots=True)
class Stage:
    """A service that only takes requests, Stripe, a CRM, and processes that settle.

    Attributes:
        meanwhile: the sessions to which something is still to happen.
    """

    stripes: StripeStage
    crm: CrmReceiver
    settlers: Settlers
    saved: Saved
    cases: list[Case] = field(default_factory=list)
    meanwhile: list[Case] = field(default_factory=list)

    def order(self, **how: Any) -> Order:
        """Return the order for a process that starts some minutes after the last one."""
        clock = self.stripes.service.clock
        clock.advance(minutes=AWAY_MINUTES)
        return Order(clock.now().isoformat(), **how)

    async def prepare(self, kinds: Sequence[Kind] = tuple(Kind)) -> None:
        """End a session of every kind, and remember that."""
        self.cases = [await self._ended(kind) for kind in kinds]
        await self.saved.save()
        self._as_ended()

    async def again(self) -> None:
        """Let nothing have happened since the sessions ended."""
        await self.saved.restore()
        self._as_ended()

    def _as_ended(self) -> None:
        for case in self.cases:
            case.ordered_cents = case.paid_cents if case.kind is Kind.CANCELLED else 0
        self.meanwhile = [case for case in self.cases if case.kind in MEANWHILE]

    async def happen(self, dice: random.Random) -> None:
        """Let what happens to a session after its end happen to one of them."""
        case = self.meanwhile.pop(dice.randrange(len(self.meanwhile)))
        match case.kind:
            case Kind.REFUNDED_IN_PART:
                await self._refund(case, dice.randrange(1, case.paid_cents))
            case Kind.REFUNDED:
                await self._refund(case, case.paid_cents)
            case _:
                # Whoever settles may have found it already, closing the page.
                assert case.late is not None
                answer = await self.stripes.send(case.late)
                assert answer.status_code == 200

    async def settle(self, order: Order, dice: random.Random) -> End:
        """Let a process live, and let something happen at a random moment of its life."""
        living = asyncio.ensure_future(self.settlers.settle(order))
        if self.meanwhile and dice.random() < 0.6:
            done, _ = await asyncio.wait([living], timeout=dice.uniform(0, LIFE_S))
            if not done:
                await self.happen(dice)
        return await living

    async def _ended(self, kind: Kind) -> Case:
        # Payments are told apart by their age.
        self.stripes.service.clock.advance(seconds=1)
        bench = await self.stripes.bench()
        account = f"acct_{kind.name}"
        self.stripes.stripe.accounts.add(account)
        email = (await bench.mechanic.http.get("/api/me")).json()["email"]
        await set_payout_account(self.stripes.service.core.works, email, account)
        await bench.start()
        case = Case(kind, bench)
        self.stripes.service.clock.advance(seconds=30 if kind is Kind.CANCELLED else 180)
        if kind is Kind.EXTENDED:
            await bench.customer.http.post(f"{bench.path}/extensions", json=QUARTER)
            await self.stripes.pay(PaymentKind.EXTENSION)
            case.paid_cents += QUARTER_CENTS
        if kind is Kind.PAID_LATE:
            await bench.customer.http.post(f"{bench.path}/extensions", json=HALF)
            page = await self.stripes.page(PaymentKind.EXTENSION)
            case.late, case.late_cents = self.stripes.stripe.pay(page), HALF_CENTS
        await bench.end(bench.customer)
        return case

    async def _refund(self, case: Case, cents: int) -> None:
        case.ordered_cents = cents
        support = await self.stripes.service.support()
        body = {"reason": "The picture froze.", "amount_cents": cents}
        answer = await support.http.post(f"{case.bench.path}/refund", json=body)
        assert answer.status_code == 200, answer.text

    # --- what must be true -----------------------------------------------------------------------

    async def nothing_is_twice(self) -> None:
        """Hold at every moment, right after a death as well."""
        for case, facts in await self._facts():
            assert facts.transfers <= 1, case.kind
            assert len(facts.records) <= 1
            _is_told_in_order(case, facts)
            assert facts.upsells in ([], ["follow_up"])
            assert facts.told <= 1
            assert facts.told_accounts <= 2
            assert facts.given_cents <= case.ordered_cents + case.late_cents

    async def all_is_settled_once(self) -> None:
        """Hold when nothing is left to do."""
        for case, facts in await self._facts():
            _is_settled_once(case, facts)
            for caller in (case.bench.customer, case.bench.mechanic):
                answer = await caller.http.get(f"{case.bench.path}/summary")
                assert answer.json()["session_id"] == case.bench.session_id

    async def told(self) -> list[list[str]]:
        """Return the types of what the CRM has of each session, in the order in which it came."""
        return [
            [one["type"] for one in facts.kept_by_crm.values()] for _, facts in await self._facts()
        ]

    async def _facts(self) -> list[tuple[Case, Facts]]:
        core = self.stripes.service.core
        found = await facts_of(core.database, self.stripes.stripe, self.crm)
        assert set(found) == {case.bench.session_id for case in self.cases}
        return [(case, found[case.bench.session_id]) for case in self.cases]


def _is_settled_once(case: Case, facts: Facts) -> None:
    is_cancelled = case.kind is Kind.CANCELLED
    kept = case.paid_cents - case.ordered_cents
    settlement = facts.settlement
    assert settlement is not None
    assert settlement.state.value == "done"
    assert (settlement.retry_at, settlement.payout_error) == (None, None)
    assert facts.moved_cents == settlement.payout_cents == mechanic_share_cents(kept), case.kind
    # All of it may have gone back before the mechanic got any.
    assert facts.transfers in ({0} if is_cancelled else {1} if kept else {0, 1})
    assert {one.state for one in facts.refunds} <= {WorkState.DONE}
    assert facts.given_cents == case.ordered_cents + case.late_cents
    assert facts.owed_cents == 0
    assert [one.state for one in facts.records] == [WorkState.DONE]
    _is_told_in_order(case, facts)
    assert list(facts.kept_by_crm)[-1] == facts.records[0].id
    last = facts.kept_by_crm[facts.records[0].id]["data"]
    status = "cancelled" if is_cancelled else "completed" if kept else "refunded"
    assert (last["status"], last["paid_cents"]) == (status, kept), case.kind
    assert last["mechanic_share_cents"] == settlement.payout_cents
    assert facts.upsells == ([] if is_cancelled else ["follow_up"])
    assert (facts.told, facts.told_accounts) == (1, 2)


def _is_told_in_order(case: Case, facts: Facts) -> None:
    """Hold that the CRM has one record, and at most one correction where support gave back."""
    told = list(facts.kept_by_crm.values())
    may_change = case.kind in (Kind.REFUNDED_IN_PART, Kind.REFUNDED)
    assert len(told) <= (2 if may_change else 1), case.kind
    kinds = [SETTLED, CORRECTED][: len(told)]
    assert [one["type"] for one in told] == kinds, case.kind
    for name, correction in zip(facts.kept_by_crm, told[1:], strict=False):
        assert correction["data"]["supersedes"] == name, case.kind


@asynccontextmanager
async def settlement_stage(make_settings: Callable[..., Settings]) -> AsyncIterator[Stage]:
    """Open everything on a fresh database."""
    made: list[Settings] = []

    with crm_receiver() as crm:

        def make(**changes: object) -> Settings:
            made.append(
                make_settings(
                    **changes,
                    crm_webhook_url=crm.url,
                    crm_webhook_secret=SECRET,
                    crm_deadline_seconds=5.0,
                    # People stay signed in while days pass.
                    access_token_seconds=MONTH_SECONDS,
                    mechanic_cookie_seconds=MONTH_SECONDS,
                )
            )
            return made[0]

        async with stripe_stage(make) as stripes, settlers(made[0]) as processes:
            saved = Saved(stripes.service.core, stripes.stripe, crm)
            try:
                yield Stage(stripes, crm, processes, saved)
            finally:
                saved.drop()
