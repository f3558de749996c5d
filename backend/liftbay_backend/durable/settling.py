"""The steps of a settlement. Each may run again after a crash, and then changes nothing twice.

    payout:  begin -> pay the mechanic -> CRM record -> upsells -> finish
    refund:  begin -> refund the customer -> CRM record -> finish

What makes a step safe to repeat is in its docstring. Nothing here knows the engine that runs it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import structlog

from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.models import (
    CrmRecordRow,
    NotesRow,
    PayoutRow,
    SessionRow,
    UpsellRow,
)
from liftbay_backend.domain.ids import MechanicId, SessionId, new_uuid
from liftbay_backend.domain.settlement import Finding, upsells_for
from liftbay_backend.domain.states import SettlementState, WorkState
from liftbay_backend.durable.transfers import Transfer, TransferProvider, TransferRefused
from liftbay_backend.payments import ledger
from liftbay_backend.repositories import settlements
from liftbay_backend.services import refunds
from liftbay_backend.services.session_view import end_wire, settlement_wire
from liftbay_backend.work import customer_audience, mechanic_audience

TRANSFER_DEADLINE_SECONDS: Final = 20.0
MOST_ATTEMPTS: Final = 3
_log = structlog.get_logger(__name__)


class Settling:
    """The steps, over the service's core and a transfer provider."""

    def __init__(self, core: Core, transfers: TransferProvider) -> None:
        self._core = core
        self._transfers = transfers

    async def begin(self, session_id: SessionId) -> None:
        """Mark the settlement as running; a finished one stays finished."""
        async with self._core.works.begin() as work:
            row = await settlements.lock_settlement(work.db, session_id)
            if row.state is SettlementState.PENDING:
                row.state = SettlementState.RUNNING

    async def pay_mechanic(self, session_id: SessionId) -> None:
        """Move the mechanic's share, once.

        Safe to repeat: the attempt is a row before the money moves, the provider is asked for
        transfers of this session first, and the ledger takes each posting once. A new attempt
        follows only a definite refusal; after an unclear end the same key is sent again.
        """
        for _ in range(MOST_ATTEMPTS):
            payout = await self._open_attempt(session_id)
            if payout is None:
                return
            transfer = Transfer(
                payout.key,
                session_id,
                MechanicId(payout.mechanic_id),
                payout.amount_cents,
                payout.currency,
            )
            try:
                async with asyncio.timeout(TRANSFER_DEADLINE_SECONDS):
                    known = await self._transfers.references(session_id)
                    reference = known[0] if known else await self._transfers.send(transfer)
            except TransferRefused:
                await self._refused(payout.key)
                continue
            await self._paid(session_id, payout.key, reference)
            return
        _log.error("payout.refused", session_id=session_id, attempts=MOST_ATTEMPTS)
        async with self._core.works.begin() as work:
            (await settlements.lock_settlement(work.db, session_id)).payout_state = "failed"

    async def refund_customer(self, session_id: SessionId) -> None:
        """Give everything back. Safe to repeat: the provider's key is the payment's id."""
        await refunds.carry_out(self._core, session_id)

    async def record_in_crm(self, session_id: SessionId) -> None:
        """Write what the CRM is told. Safe to repeat: the session's id is the record's key."""
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            if await work.db.get(CrmRecordRow, session_id) is None:
                work.db.add(
                    CrmRecordRow(
                        session_id=session_id,
                        id=new_uuid(),
                        state=WorkState.DONE,
                        payload=_crm_payload(session),
                        created_at=work.now,
                        delivered_at=work.now,
                    )
                )
            (await settlements.lock_settlement(work.db, session_id)).crm_state = "delivered"

    async def offer_upsells(self, session_id: SessionId) -> None:
        """Store the customer's offers. Safe to repeat: their ids follow from session and code."""
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            notes = await work.db.get(NotesRow, session_id)
            findings = _findings(notes.findings if notes is not None else ())
            for offer in upsells_for(session_id, session.concern, findings):
                if await work.db.get(UpsellRow, offer.id) is None:
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
            await work.db.flush()
            count = await settlements.count_upsells(work.db, session_id)
            (await settlements.lock_settlement(work.db, session_id)).upsell_count = count

    async def finish(self, session_id: SessionId) -> None:
        """Close the settlement and tell everybody, once: a closed one is not told again."""
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            row = await settlements.lock_settlement(work.db, session_id)
            if row.finished_at is not None:
                return
            is_failed = row.payout_state == "failed"
            row.state = SettlementState.FAILED if is_failed else SettlementState.DONE
            row.finished_at = work.now
            told = settlement_wire(row)
            work.emit(session, "settlement", {"settlement": told})
            audiences = [customer_audience(session.customer_id)]
            if session.mechanic_id is not None:
                audiences.append(mechanic_audience(session.mechanic_id))
            for audience in audiences:
                data = {"session_id": session.id, "settlement": told}
                work.emit_account(audience, "settlement", data, session_id=session.id)
            work.session_changed(session)

    async def _open_attempt(self, session_id: SessionId) -> PayoutRow | None:
        """Return the attempt to carry out, or None when nothing is owed or all is paid."""
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            settlement = await settlements.lock_settlement(work.db, session_id)
            if settlement.payout_cents <= 0 or session.mechanic_id is None:
                settlement.payout_state = "not_due"
                return None
            last = await settlements.last_payout(work.db, session_id)
            if last is not None and last.state is WorkState.DONE:
                settlement.payout_state = "paid"
                return None
            if last is not None and last.state is WorkState.PENDING:
                return last
            attempt = 1 if last is None else last.attempt + 1
            row = PayoutRow(
                key=f"payout-{session_id}-{attempt}",
                session_id=session_id,
                attempt=attempt,
                mechanic_id=session.mechanic_id,
                amount_cents=settlement.payout_cents,
                currency=session.currency,
                state=WorkState.PENDING,
                created_at=work.now,
            )
            work.db.add(row)
            return row

    async def _refused(self, key: str) -> None:
        async with self._core.works.begin() as work:
            row = await work.db.get(PayoutRow, key)
            assert row is not None
            row.state = WorkState.REFUSED
            row.finished_at = work.now

    async def _paid(self, session_id: SessionId, key: str, reference: str) -> None:
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            row = await work.db.get(PayoutRow, key)
            assert row is not None
            if row.state is not WorkState.DONE:
                row.state = WorkState.DONE
                row.provider_ref = reference
                row.finished_at = work.now
            await ledger.post(
                work,
                session,
                f"payout-{session_id}",
                [
                    (ledger.PLATFORM, -row.amount_cents),
                    (ledger.mechanic_account(row.mechanic_id), row.amount_cents),
                ],
            )
            (await settlements.lock_settlement(work.db, session_id)).payout_state = "paid"


def _crm_payload(session: SessionRow) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "customer_id": session.customer_id,
        "mechanic_id": session.mechanic_id,
        "status": session.status.value,
        "plan": session.plan,
        "vehicle": session.vehicle,
        "concern": session.concern,
        "started_at": None if session.started_at is None else wire_time(session.started_at),
        "end": end_wire(session),
    }


def _findings(stored: Sequence[Any]) -> list[Finding]:
    return [
        Finding(str(one.get("title", "")), str(one.get("detail", "")), str(one.get("severity", "")))
        for one in stored
        if isinstance(one, dict)
    ]
