"""Refunds that the books did not order: somebody made them on the provider's own pages.

    note    what the provider says of a refund is kept, whatever is known of the payment by then
    book    what was noted of a payment is brought into the books, once the payment is there

Noting and booking are two transactions, and so are the payment's arrival and the booking after it:
whichever of the two news comes last finds the other one committed. What is booked follows from
what is noted alone, so repetitions change nothing. The mechanic's part is taken back as with any
other refund (decision 0043).
"""

import structlog

from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import (
    PaymentRow,
    ProviderDisputeRow,
    ProviderRefundRow,
    RefundRow,
    SessionRow,
)
from liftbay_backend.domain.ids import new_uuid
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import PaymentStatus, WorkState
from liftbay_backend.payments.givebacks import (
    LATE,
    MADE_OUTSIDE,
    close_refund,
    give_back,
    is_outside,
    look_again,
    move_money,
    order_again,
    show_payments,
)
from liftbay_backend.payments.port import PaymentEvent, PaymentFact
from liftbay_backend.repositories import payments
from liftbay_backend.repositories.provider_refunds import lock_provider_refund, noted_refunds
from liftbay_backend.work import Work

_log = structlog.get_logger(__name__)


async def note_refund(work: Work, event: PaymentEvent) -> bool:
    """Keep what a provider says of one of its refunds; tells whether it is news.

    A refund that came to nothing stays so: what went before may be told after it.
    """
    if event.provider_refund_id is None or event.provider_payment_id is None:
        return True
    failed = event.fact is PaymentFact.REFUND_FAILED
    state = WorkState.REFUSED if failed else WorkState.DONE
    values = {
        "provider": event.provider,
        "provider_refund_id": event.provider_refund_id,
        "provider_payment_id": event.provider_payment_id,
        "refund_id": await _known(work, event.refund_id),
        "amount_cents": event.amount_cents,
        "currency": event.currency,
        "state": state,
        "noted_at": work.now,
    }
    if await insert_once(work.db, ProviderRefundRow, values):
        return True
    row = await lock_provider_refund(work.db, event.provider, event.provider_refund_id)
    if row.state in (WorkState.REFUSED, state):
        return False
    row.state = state
    return True


async def book_noted_refunds(work: Work, session: SessionRow, payment: PaymentRow) -> bool:
    """Bring what the provider said of a payment's refunds into the books.

    Args:
        session: locked; its lock guards the money of all its payments.
        payment: as it is behind that lock.

    Returns:
        Whether anything changed.
    """
    if payment.paid_at is None or payment.provider_payment_id is None:
        # The payment's own news is still on its way, and looks here when it comes.
        return False
    changed = False
    for noted in await noted_refunds(work.db, payment.provider, payment.provider_payment_id):
        refund = None
        if noted.refund_id is not None:
            refund = await payments.find_refund(work.db, noted.refund_id)
        if refund is None and noted.state is WorkState.DONE:
            changed |= await _book(work, session, payment, noted)
        elif refund is not None and noted.state is WorkState.REFUSED and is_outside(refund):
            changed |= await take_back(work, session, payment, refund, "declined")
    return changed


async def _known(work: Work, refund_id: str | None) -> str | None:
    """Return our name of a refund where it is one: a copied or restored database may lack it."""
    if refund_id is None or await payments.find_refund(work.db, refund_id) is None:
        return None
    return refund_id


async def _book(
    work: Work, session: SessionRow, payment: PaymentRow, noted: ProviderRefundRow
) -> bool:
    left = payment.amount_cents - payment.refunded_cents
    if noted.currency != payment.currency or not 0 < noted.amount_cents <= left:
        # The provider itself never gives back more than was paid: somebody must look.
        _log.error("refund.not_of_this_payment", refund=noted.provider_refund_id)
        return False
    refund = await book_unordered(work, session, payment, noted, noted.amount_cents, MADE_OUTSIDE)
    _log.info(
        "refund.made_outside", session_id=session.id, refund_id=refund.id, cents=refund.amount_cents
    )
    return True


async def book_unordered(
    work: Work,
    session: SessionRow,
    payment: PaymentRow,
    noted: ProviderRefundRow | ProviderDisputeRow,
    cents: int,
    reason: str,
) -> RefundRow:
    """Book money that the customer has got and nobody here ordered, and name it where it was noted.

    Args:
        session: locked.
        cents: at most what is left of the payment.
        reason: one of `givebacks`'s.
    """
    refund = RefundRow(
        id=new_uuid(),
        session_id=session.id,
        payment_id=payment.id,
        amount_cents=cents,
        currency=payment.currency,
        reason=reason,
        state=WorkState.PENDING,
        attempt=1,
        created_at=work.now,
    )
    work.db.add(refund)
    noted.refund_id = refund.id
    await work.db.flush()
    await close_refund(work, session, payment, refund)
    await look_again(work, session)
    return refund


async def take_back(
    work: Work, session: SessionRow, payment: PaymentRow, refund: RefundRow, why: str
) -> bool:
    """Undo a booked refund that came to nothing; what it had kept from going back is ordered anew.

    That is what the service itself owes, or what support had ordered and was withdrawn.
    """
    if refund.state is not WorkState.DONE:
        return False
    refund.state, refund.error = WorkState.REFUSED, why
    await move_money(work, session, payment, refund, -refund.amount_cents)
    await work.db.flush()
    ordered = await payments.pending_refund_cents(work.db, payment.id)
    if payment.amount_cents - payment.refunded_cents > ordered:
        # Nobody here ordered it, so it is not on its way back any more.
        payment.status = PaymentStatus.PAID
        late = await payments.came_late(work.db, payment.id, LATE)
        if late or kind_for(session.status) is SettlementKind.REFUND:
            await give_back(work, payment, LATE if late else session.end_reason or MADE_OUTSIDE)
        elif (cents := await order_again(work, payment)) > 0:
            _log.info("refund.ordered_again", session_id=session.id, cents=cents)
    await show_payments(work, session)
    await look_again(work, session)
    _log.error("refund.failed", refund_id=refund.id, session_id=session.id, why=why)
    return True
