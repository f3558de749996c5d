"""The steps of a settlement. Each may run again after a crash, and then changes nothing twice.

    payout:  begin -> pay the mechanic -> CRM record -> upsells -> finish
    refund:  begin -> refund the customer -> CRM record -> finish

What makes a step safe to repeat is in its docstring. Nothing here knows the engine that runs it.
"""

from datetime import timedelta
from typing import Final

from liftbay_backend.core import Core
from liftbay_backend.crm.record import correct_delivered, record_of
from liftbay_backend.db.models import CrmRecordRow, SessionRow, SettlementRow, UpsellRow
from liftbay_backend.domain.ids import SessionId, crm_record_id
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import SettlementState, WorkState
from liftbay_backend.domain.upsells import upsells_for
from liftbay_backend.durable.payouts import Payouts
from liftbay_backend.durable.transfers import TransferProvider
from liftbay_backend.repositories import settlements
from liftbay_backend.repositories.payments import is_refund_failing
from liftbay_backend.services import refunds
from liftbay_backend.services.checkout import close_checkouts
from liftbay_backend.services.session_view import settlement_for_customer, settlement_wire
from liftbay_backend.services.upsell_case import case_of
from liftbay_backend.work import Work, customer_audience, mechanic_audience

CLAIM_LASTS: Final = timedelta(minutes=5)
"""Longer than a round over all refunds and the payout of one session can last."""
_OWED: Final = ("pending", "failed")


class Settling:
    """The steps, over the service's core and a transfer provider."""

    def __init__(self, core: Core, transfers: TransferProvider) -> None:
        self._core = core
        self._payouts = Payouts(core, transfers)

    async def begin(self, session_id: SessionId) -> None:
        """Mark the settlement as running; a finished one stays finished."""
        async with self._core.works.begin() as work:
            row = await settlements.lock_settlement(work.db, session_id)
            if row.state is SettlementState.PENDING:
                row.state = SettlementState.RUNNING

    async def pay_mechanic(self, session_id: SessionId) -> None:
        """Move the mechanic's share, once. Safe to repeat: see `durable.payouts`."""
        await self._payouts.move(session_id)

    async def refund_customer(self, session_id: SessionId) -> None:
        """Give everything back. Safe to repeat: the provider's key is the refund's id."""
        await refunds.carry_out(self._core, session_id)

    async def record_in_crm(self, session_id: SessionId) -> None:
        """Write what the CRM is told. Safe to repeat: the session's id is the record's key.

        The delivery itself is `crm_delivery`'s; without a CRM the record is kept and none is due.
        """
        is_due = self._core.settings.crm_webhook_url is not None
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            settlement = await settlements.lock_settlement(work.db, session_id)
            if await work.db.get(CrmRecordRow, session_id) is not None:
                return
            work.db.add(
                CrmRecordRow(
                    session_id=session_id,
                    id=crm_record_id(session_id),
                    state=WorkState.PENDING if is_due else WorkState.NOT_DUE,
                    payload=await record_of(work, session, settlement),
                    created_at=work.now,
                    next_attempt_at=work.now if is_due else None,
                )
            )
            settlement.crm_state = "pending" if is_due else "not_due"

    async def offer_upsells(self, session_id: SessionId) -> None:
        """Store the customer's offers, all in one transaction; none unless it was completed.

        Safe to repeat: what was offered stays as it was, and ids follow from session and code.
        """
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            settlement = await settlements.lock_settlement(work.db, session_id)
            if kind_for(session.status) is not SettlementKind.PAYOUT:
                return
            if await settlements.count_upsells(work.db, session_id):
                return
            offers = upsells_for(await case_of(work.db, session, self._core.plans))
            for offer in offers:
                work.db.add(
                    UpsellRow(
                        id=offer.id,
                        session_id=session_id,
                        code=offer.code,
                        title=offer.title,
                        detail=offer.detail,
                        action=offer.action,
                        created_at=work.now,
                    )
                )
            settlement.upsell_count = len(offers)

    async def finish(self, session_id: SessionId) -> None:
        """Close the settlement and tell everybody, once: a closed one is not told again.

        While money does not move it is `failed` and open, also money of a later refund:
        `look_again` finishes it.
        """
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            row = await settlements.lock_settlement(work.db, session_id)
            await _close(work, session, row)

    async def look_again(self, session_id: SessionId) -> bool:
        """Move whatever money of a session waits for its next try; tells whether any did.

        The time of the next try is moved on first, so that two instances do not ask at once, and
        one that dies here leaves it to the next tick.
        """
        async with self._core.works.begin() as work:
            await work.session(session_id)
            row = await settlements.lock_settlement(work.db, session_id)
            if row.retry_at is None or row.retry_at > work.now:
                return False
            claimed = row.retry_at = work.now + CLAIM_LASTS
            if row.retries > 0:
                row.retries += 1
        await close_checkouts(self._core, session_id)
        await self.refund_customer(session_id)
        await self.pay_mechanic(session_id)
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            row = await settlements.lock_settlement(work.db, session_id)
            if row.retry_at == claimed:
                # Nothing was put off and nothing new came: all of it has moved.
                row.retry_at, row.retries = None, 0
            if self._core.settings.crm_webhook_url is not None:
                # Whatever changed since the CRM was told has left a look like this one behind.
                await correct_delivered(work, session, row)
            if row.state in (SettlementState.FAILED, SettlementState.DONE):
                # With the line above: a death in between would leave nobody to look again.
                await _close(work, session, row)
        return True


async def _close(work: Work, session: SessionRow, row: SettlementRow) -> None:
    """Let a locked settlement be done or failed, as its money stands; a change is told."""
    is_stuck = row.payout_state in _OWED or row.payout_error is not None
    fails = await is_refund_failing(work.db, session.id)
    state = SettlementState.FAILED if is_stuck or fails else SettlementState.DONE
    if row.state is state:
        return
    row.state = state
    row.finished_at = work.now if state is SettlementState.DONE else None
    told = {}
    to_both = settlement_for_customer(row, fails=fails)
    if await settlements.state_told_to_both(work.db, session.id) != to_both["state"]:
        # Else only the payout came further, or fell behind.
        work.emit(session, "settlement", {"settlement": to_both})
        told[customer_audience(session.customer_id)] = to_both
    if session.mechanic_id is not None:
        told[mechanic_audience(session.mechanic_id)] = settlement_wire(row)
    for audience, settlement in told.items():
        data = {"session_id": session.id, "settlement": settlement}
        work.emit_account(audience, "settlement", data, session_id=session.id)
    work.session_changed(session)
