"""Money to and from a mechanic, driven by what the ledger says is owed for one session.

    owed above zero     a transfer           owed below zero, after a refund     a reversal
    owed nothing        done                 an attempt is on its way            the same again

A completed end posts the mechanic's share as owed; a refund takes its part of it back. What moves
here only follows, so a refund in the middle of a payout is a reversal behind it.

An attempt is a row before the money moves. A definite refusal ends it, and the next one has a new
key; after an unclear end the same key is sent again, unless the provider's own list says that it
moved. Neither is ever the last word: the settlement keeps the reason and the time of the next try
until nothing is owed. A reversal takes at most what is left of one transfer, the newest that has
something; what is owed beyond is the next attempt's.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.db.models import MechanicRow, PayoutRow, SessionRow, SettlementRow
from liftbay_backend.domain.ids import MechanicId, SessionId
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable.transfers import (
    Moved,
    Refusal,
    Reversal,
    Transfer,
    TransferProvider,
    TransferRefused,
)
from liftbay_backend.payments import ledger
from liftbay_backend.payments.givebacks import NOT_DUE
from liftbay_backend.repositories import payments, settlements
from liftbay_backend.services.retries import PROVIDER_DOWN, put_off
from liftbay_backend.work import Work

TRANSFER_DEADLINE_SECONDS: Final = 20.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt as its row has it, and what the provider must know.

    Attributes:
        amount_cents: to the mechanic, or back where it is negative.
        booked: the provider's names of this session's money, both ways, that is in the books.
    """

    key: str
    session_id: SessionId
    mechanic_id: MechanicId
    account: str | None
    amount_cents: int
    currency: str
    booked: tuple[str, ...]


class Payouts:
    """Moves what is owed, over a transfer provider."""

    def __init__(self, core: Core, transfers: TransferProvider) -> None:
        self._core = core
        self._transfers = transfers

    async def move(self, session_id: SessionId) -> None:
        """Carry out the attempt that is due, if one is; what goes wrong is put off.

        Safe to repeat and to run twice at once: before a transfer the provider is asked for those
        of this session, a key counts once, and the ledger takes each posting once.
        """
        attempt = await self._open_attempt(session_id)
        if attempt is None:
            return
        try:
            async with asyncio.timeout(TRANSFER_DEADLINE_SECONDS):
                moved = await self._carry_out(attempt)
        except TransferRefused as refused:
            await self._put_off(attempt, refused.refusal.value, definite=True)
        except Exception as error:
            # Every provider's library has exceptions of its own. Maybe it moved: the same again.
            _log.warning("payout.unclear", session_id=session_id, error=type(error).__name__)
            await self._put_off(attempt, PROVIDER_DOWN, definite=False)
        else:
            await self._book(attempt, moved)

    async def _carry_out(self, attempt: _Attempt) -> Moved:
        is_back = attempt.amount_cents < 0
        known = await self._transfers.moved(attempt.session_id)
        for one in known:
            # Its answer got lost, or the books it was in.
            if one.reference not in attempt.booked and (one.amount_cents < 0) == is_back:
                return one
        if is_back:
            return await self._take_back(attempt, known)
        return await self._transfers.send(
            Transfer(
                attempt.key,
                attempt.session_id,
                attempt.mechanic_id,
                attempt.account,
                attempt.amount_cents,
                attempt.currency,
            )
        )

    async def _take_back(self, attempt: _Attempt, known: Sequence[Moved]) -> Moved:
        source = next((one for one in reversed(known) if one.left_cents > 0), None)
        if source is None:
            raise TransferRefused(Refusal.DECLINED)
        cents = min(source.left_cents, -attempt.amount_cents)
        return await self._transfers.reverse(
            Reversal(attempt.key, source.reference, cents, attempt.currency)
        )

    async def _open_attempt(self, session_id: SessionId) -> _Attempt | None:
        """Return the attempt to carry out, or None when nothing is owed either way."""
        async with self._core.works.begin() as work:
            session = await work.session(session_id)
            settlement = await settlements.lock_settlement(work.db, session_id)
            if session.mechanic_id is None or settlement.payout_state == NOT_DUE:
                return None
            attempts = await settlements.payouts_of(work.db, session_id)
            row = attempts[-1] if attempts else None
            if row is None or row.state is not WorkState.PENDING:
                owed = await _owed(work, session, session.mechanic_id)
                if owed == 0:
                    _nothing_owed(settlement)
                    return None
                row = _next_row(work, session, session.mechanic_id, len(attempts) + 1, owed)
                work.db.add(row)
            mechanic = await work.db.get_one(MechanicRow, row.mechanic_id)
            return _Attempt(
                key=row.key,
                session_id=session_id,
                mechanic_id=MechanicId(row.mechanic_id),
                account=mechanic.payout_account,
                amount_cents=row.amount_cents,
                currency=row.currency,
                booked=tuple(one.provider_ref for one in attempts if one.provider_ref is not None),
            )

    async def _put_off(self, attempt: _Attempt, reason: str, *, definite: bool) -> None:
        async with self._core.works.begin() as work:
            session = await work.session(attempt.session_id)
            settlement = await settlements.lock_settlement(work.db, attempt.session_id)
            row = await work.db.get_one(PayoutRow, attempt.key)
            if row.state is not WorkState.PENDING:
                # Another instance has carried it out, or put it off, meanwhile.
                return
            if definite:
                row.state, row.finished_at = WorkState.REFUSED, work.now
                if attempt.amount_cents > 0:
                    settlement.payout_state = "failed"
            put_off(settlement, work.now, reason)
            work.session_changed(session)
            retries = settlement.retries
        if definite:
            _log.error(
                "payout.refused", session_id=attempt.session_id, reason=reason, retries=retries
            )

    async def _book(self, attempt: _Attempt, moved: Moved) -> None:
        """Write down what has really moved; what is left to move is looked at next."""
        cents = moved.amount_cents
        is_part_of_a_reversal = attempt.amount_cents < cents < 0
        if cents != attempt.amount_cents and not is_part_of_a_reversal:
            _log.error(
                "payout.amount_differs", session_id=attempt.session_id, key=attempt.key, cents=cents
            )
        async with self._core.works.begin() as work:
            session = await work.session(attempt.session_id)
            settlement = await settlements.lock_settlement(work.db, attempt.session_id)
            row = await work.db.get_one(PayoutRow, attempt.key)
            others = await settlements.payouts_of(work.db, attempt.session_id)
            if row.state is WorkState.DONE or moved.reference in {
                one.provider_ref for one in others
            }:
                # Another instance has booked it, as this attempt or, having gone on, as another.
                return
            row.state, row.provider_ref = WorkState.DONE, moved.reference
            row.amount_cents = cents
            row.finished_at = row.finished_at or work.now
            await ledger.post(
                work,
                session,
                attempt.key,
                [
                    (ledger.owed_account(attempt.mechanic_id), -cents),
                    (ledger.mechanic_account(attempt.mechanic_id), cents),
                ],
            )
            if await _owed(work, session, attempt.mechanic_id) == 0:
                _nothing_owed(settlement)
            else:
                settlement.retry_at = work.now
            work.session_changed(session)


def _next_row(
    work: Work, session: SessionRow, mechanic_id: str, attempt: int, owed: int
) -> PayoutRow:
    return PayoutRow(
        key=f"{'payout' if owed > 0 else 'reversal'}-{session.id}-{attempt}",
        session_id=session.id,
        attempt=attempt,
        mechanic_id=mechanic_id,
        amount_cents=owed,
        currency=session.currency,
        state=WorkState.PENDING,
        created_at=work.now,
    )


def _nothing_owed(settlement: SettlementRow) -> None:
    settlement.payout_state = "paid" if settlement.payout_cents > 0 else "reversed"
    settlement.payout_error = None


async def _owed(work: Work, session: SessionRow, mechanic_id: str) -> int:
    return await payments.owed_cents(work.db, session.id, ledger.owed_account(mechanic_id))
