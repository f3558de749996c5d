"""Chargebacks in the books: a customer's bank took a payment back, and the operator may object.

    note    what the provider says of a dispute is kept, whatever is known of the payment by then
    book    the books follow what is noted (`domain.disputes`), once the payment is there

While it is open the money stands on the account `disputed`, and nothing is taken from anybody. What
is lost is a refund that nobody here ordered: the mechanic's part of it is taken back by the same
rules (decision 0050).
"""

from typing import Final

import structlog

from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import PaymentRow, ProviderDisputeRow, RefundRow, SessionRow
from liftbay_backend.domain.disputes import DisputeBooking, booking_for, stronger
from liftbay_backend.payments import ledger
from liftbay_backend.payments.givebacks import DISPUTED, enlarge_refund
from liftbay_backend.payments.outside_refunds import book_unordered, take_back
from liftbay_backend.payments.port import DisputeEvent
from liftbay_backend.repositories import payments
from liftbay_backend.repositories.disputes import disputes_of_payment, lock_dispute
from liftbay_backend.work import Work

_WON: Final = "dispute_won"
_log = structlog.get_logger(__name__)


async def note_dispute(work: Work, event: DisputeEvent) -> bool:
    """Keep what a provider says of a dispute; tells whether it is news."""
    values = {
        "provider": event.provider,
        "provider_dispute_id": event.provider_dispute_id,
        "provider_payment_id": event.provider_payment_id,
        "amount_cents": event.amount_cents,
        "currency": event.currency[:3],
        "is_withdrawn": event.is_withdrawn,
        "is_back": event.is_back,
        "outcome": event.outcome,
        "booked": DisputeBooking.NONE,
        "noted_at": work.now,
    }
    if await insert_once(work.db, ProviderDisputeRow, values):
        return True
    row = await lock_dispute(work.db, event.provider, event.provider_dispute_id)
    before = (row.is_withdrawn, row.is_back, row.outcome, row.amount_cents)
    row.is_withdrawn |= event.is_withdrawn
    row.is_back |= event.is_back
    row.outcome = stronger(row.outcome, event.outcome)
    if row.booked is DisputeBooking.NONE:
        # An inquiry may have asked about another amount than the dispute takes.
        row.amount_cents = event.amount_cents
    return before != (row.is_withdrawn, row.is_back, row.outcome, row.amount_cents)


async def book_noted_disputes(work: Work, session: SessionRow, payment: PaymentRow) -> bool:
    """Let the books follow what was noted of a payment's disputes; tells whether they changed.

    Args:
        session: locked; its lock guards the money of all its payments.
        payment: as it is behind that lock.
    """
    if payment.paid_at is None or payment.provider_payment_id is None:
        # The payment's own news is still on its way, and looks here when it comes.
        return False
    changed = False
    for row in await disputes_of_payment(work.db, payment.provider, payment.provider_payment_id):
        wanted = booking_for(
            is_withdrawn=row.is_withdrawn, is_back=row.is_back, outcome=row.outcome
        )
        refund = await _refund_of(work, row)
        if wanted is row.booked and not _finds_room(row, refund, payment):
            continue
        if row.currency != payment.currency or row.amount_cents <= 0:
            _log.error("dispute.not_of_this_payment", dispute=row.provider_dispute_id)
            continue
        before, row.booked = row.booked, wanted
        match wanted:
            case DisputeBooking.OUT:
                await _withhold(work, session, row, row.amount_cents, "out")
            case DisputeBooking.LOST:
                if before is DisputeBooking.NONE:
                    await _withhold(work, session, row, row.amount_cents, "out")
                await _lose(work, session, payment, row, refund)
            case DisputeBooking.BACK:
                await _come_back(work, session, payment, row, refund, before)
            case DisputeBooking.NONE:
                pass
        changed = True
        told = {"session_id": session.id, "dispute": row.provider_dispute_id}
        if before is wanted:
            _log.info("dispute.found_room", **told)
            continue
        say = _log.error if wanted is DisputeBooking.LOST else _log.warning
        say(f"dispute.{wanted.value}", cents=row.amount_cents, **told)
    return changed


async def _refund_of(work: Work, row: ProviderDisputeRow) -> RefundRow | None:
    return None if row.refund_id is None else await payments.find_refund(work.db, row.refund_id)


def _finds_room(row: ProviderDisputeRow, refund: RefundRow | None, payment: PaymentRow) -> bool:
    """Tell whether more of a loss can be booked by now than could be: a refund failed since."""
    booked = 0 if refund is None else refund.amount_cents
    is_short = row.booked is DisputeBooking.LOST and booked < row.amount_cents
    return is_short and payment.refunded_cents < payment.amount_cents


async def _withhold(
    work: Work, session: SessionRow, row: ProviderDisputeRow, cents: int, what: str
) -> None:
    """Move cents from the platform to what disputes withhold, or back where negative."""
    lines = [(ledger.PLATFORM, -cents), (ledger.DISPUTED, cents)]
    await ledger.post(work, session, f"dispute-{row.provider_dispute_id}-{what}", lines)


async def _lose(
    work: Work,
    session: SessionRow,
    payment: PaymentRow,
    row: ProviderDisputeRow,
    refund: RefundRow | None,
) -> None:
    """Book what the customer has got for good as a refund, as far as there is something left.

    A bank may take more than is left of a payment, of which some went back before. The rest stays
    on the account `disputed`, which is then the operator's loss and no payment's, until a refund
    that took the room comes to nothing.

    Args:
        refund: what was booked of it before.
    """
    missing = row.amount_cents - (0 if refund is None else refund.amount_cents)
    cents = min(missing, payment.amount_cents - payment.refunded_cents)
    if cents < missing:
        _log.error("dispute.beyond_payment", dispute=row.provider_dispute_id, session_id=session.id)
    if cents <= 0:
        return
    if refund is None:
        await _withhold(work, session, row, -cents, "lost")
        await book_unordered(work, session, payment, row, cents, DISPUTED)
        return
    await enlarge_refund(work, session, payment, refund, cents)
    await _withhold(work, session, row, -cents, f"lost-{refund.attempt}")


async def _come_back(
    work: Work,
    session: SessionRow,
    payment: PaymentRow,
    row: ProviderDisputeRow,
    refund: RefundRow | None,
    before: DisputeBooking,
) -> None:
    """Undo what was booked; money that never went out needs nothing."""
    withheld = 0 if before is DisputeBooking.NONE else row.amount_cents
    if refund is not None:
        withheld -= refund.amount_cents
        await take_back(work, session, payment, refund, _WON)
    if withheld > 0:
        await _withhold(work, session, row, -withheld, "back")
