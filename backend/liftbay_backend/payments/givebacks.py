"""Refunds in the books: ordered by the service or by support, booked by the provider's events.

    order:   a refund row, `pending`; the payment is `refunding` once all of it is on its way back
    booked:  the customer's money in the ledger, and the mechanic's share of it taken back with it

The share follows one rule (`domain.money`): 70 % of what stays paid, rounded once on the total. So
what a mechanic gives back for several refunds adds up to what one refund would have taken.
"""

from typing import Final

import structlog

from liftbay_backend.db.models import PaymentRow, RefundRow, SessionRow
from liftbay_backend.domain.ids import UserId, new_uuid
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import PaymentKind, PaymentStatus, WorkState
from liftbay_backend.payments import ledger
from liftbay_backend.payments.port import PaymentEvent
from liftbay_backend.repositories import payments, settlements
from liftbay_backend.repositories.provider_refunds import refund_noted_as, went_back_as_another
from liftbay_backend.services.transitions import move_session
from liftbay_backend.work import Work

LATE: Final = "paid_after_end"
"""The reason of a payment that no mechanic's share is counted from."""
MADE_OUTSIDE: Final = "made_at_provider"
"""The reason of a refund that nobody ordered here."""
DISPUTED: Final = "disputed"
"""The reason of a refund by which a customer's bank kept a payment."""
NOT_DUE: Final = "not_due"
_GIVEN_BACK_ELSEWHERE: Final = "given_back_elsewhere"
_log = structlog.get_logger(__name__)


class NothingLeft(Exception):
    """More is asked back than what is still paid, which is `left_cents`."""

    def __init__(self, left_cents: int) -> None:
        super().__init__(left_cents)
        self.left_cents = left_cents


async def request_refund(work: Work, session: SessionRow, reason: str) -> None:
    """Order everything paid for the session back; `services.refunds` carries it out."""
    for payment in await payments.payments_of(work.db, session.id):
        if payment.status is PaymentStatus.PAID:
            await give_back(work, payment, reason)
    await show_payments(work, session)


async def give_back_late(work: Work, session: SessionRow) -> None:
    """Order back what was paid after a session's end, which was booked later than it came.

    Nobody could know then; the customer has had nothing of those minutes, and no share is counted.
    """
    for payment in await payments.payments_of(work.db, session.id):
        is_late = (
            payment.status is PaymentStatus.PAID
            and payment.paid_at is not None
            and session.ended_at is not None
            and payment.paid_at > session.ended_at
        )
        if is_late:
            if payment.kind is PaymentKind.EXTENSION:
                session.extensions_cents -= payment.amount_cents
            await give_back(work, payment, LATE)
    await show_payments(work, session)


async def refund_part(
    work: Work, session: SessionRow, amount_cents: int | None, reason: str, by: UserId
) -> tuple[int, int]:
    """Order some of what was paid back, or all of it; the newest payment first.

    Returns:
        The cents ordered, and those that are left after it.

    Raises:
        NothingLeft: nothing was ordered.
    """
    paid = [
        (payment, await _left_of(work, payment))
        for payment in reversed(await payments.payments_of(work.db, session.id))
        if payment.status is PaymentStatus.PAID
    ]
    left = sum(cents for _, cents in paid)
    wanted = left if amount_cents is None else amount_cents
    if not 0 < wanted <= left:
        raise NothingLeft(left)
    rest = wanted
    for payment, cents in paid:
        part = min(rest, cents)
        if part > 0:
            await give_back(work, payment, reason, part, by)
        rest -= part
    await show_payments(work, session)
    work.session_changed(session)
    await look_again(work, session)
    return wanted, left - wanted


async def give_back(
    work: Work,
    payment: PaymentRow,
    reason: str,
    amount_cents: int | None = None,
    by: str | None = None,
    order_id: str | None = None,
) -> None:
    """Order some of one payment back; all that is left of it by default.

    Args:
        order_id: the order that was withdrawn and of which this is a part.
    """
    left = await _left_of(work, payment)
    cents = left if amount_cents is None else amount_cents
    work.db.add(_order_of(work, payment, reason, cents, by, order_id))
    if cents == left:
        payment.status = PaymentStatus.REFUNDING
    await work.db.flush()


async def book_refund(
    work: Work, session: SessionRow, payment: PaymentRow, event: PaymentEvent
) -> bool:
    """Book that a refund's money went back; tells whether it was booked now."""
    refund = await _refund_of(work, payment, event)
    if refund is None or refund.state is WorkState.DONE:
        return False
    await close_refund(work, session, payment, refund)
    return True


async def close_refund(
    work: Work,
    session: SessionRow,
    payment: PaymentRow,
    refund: RefundRow,
    cents: int | None = None,
) -> None:
    """Book a refund whose money went back, and let orders that no longer fit beside it go.

    Args:
        cents: of it, where the others are booked; all by default.
    """
    refund.state, refund.error, refund.finished_at = WorkState.DONE, None, work.now
    await move_money(work, session, payment, refund, cents or refund.amount_cents)
    await _fit_orders(work, payment)


async def enlarge_refund(
    work: Work, session: SessionRow, payment: PaymentRow, refund: RefundRow, cents: int
) -> None:
    """Book that more went back with a refund that is booked, at most what is left."""
    refund.amount_cents += cents
    # Its postings need a name of their own.
    refund.attempt += 1
    await close_refund(work, session, payment, refund, cents)
    await look_again(work, session)


async def order_again(work: Work, payment: PaymentRow) -> int:
    """Order what withdrawn orders lack, the oldest first, as far as there is something left.

    Whoever ordered them was told that so much goes back.

    Returns:
        The cents ordered.
    """
    left = before = await _left_of(work, payment)
    refunds = await payments.refunds_of(work.db, payment.id)
    for first in [one for one in refunds if one.order_id == one.id]:
        parts = [one for one in refunds if one.order_id == first.id]
        given = sum(one.amount_cents for one in parts if one.state is not WorkState.REFUSED)
        cents = min(first.amount_cents - given, left)
        if cents > 0:
            await give_back(work, payment, first.reason, cents, first.requested_by, first.id)
            left -= cents
    return before - left


async def book_failed_refund(
    work: Work, session: SessionRow, payment: PaymentRow, event: PaymentEvent
) -> bool:
    """Book that a refund came to nothing, also after it was booked; it is tried again."""
    refund = await _refund_of(work, payment, event)
    if refund is None or refund.state is WorkState.REFUSED:
        # One that was withdrawn is not tried again.
        return False
    if await went_back_as_another(work.db, refund.id, event.provider_refund_id):
        # An earlier try of the same order; a later one has succeeded.
        return False
    _log.error("refund.failed", refund_id=refund.id, session_id=session.id)
    was_booked = refund.state is WorkState.DONE
    refund.state, refund.error, refund.finished_at = WorkState.PENDING, "declined", None
    if was_booked:
        await move_money(work, session, payment, refund, -refund.amount_cents)
    refund.attempt += 1
    await look_again(work, session)
    return True


async def show_payments(work: Work, session: SessionRow) -> None:
    """Let the session's payment status follow its plan's payment.

    What is given back beside a plan that stays paid is no refund of the session; and where the
    plan is given back, the session is refunded only when everything else is as well.
    """
    await work.db.flush()
    every = await payments.payments_of(work.db, session.id)
    plan = next(one.status for one in every if one.kind is PaymentKind.PLAN)
    match plan:
        case PaymentStatus.PAID | PaymentStatus.REFUNDING:
            session.payment_status = plan
        case PaymentStatus.REFUNDED:
            is_due = any(one.status is PaymentStatus.REFUNDING for one in every)
            session.payment_status = PaymentStatus.REFUNDING if is_due else plan
        case PaymentStatus.DUE | PaymentStatus.EXPIRED:
            session.payment_status = PaymentStatus.DUE


async def look_again(work: Work, session: SessionRow) -> None:
    """Let the next tick look at an ended session's money."""
    settlement = await settlements.find_settlement(work.db, session.id)
    if settlement is not None:
        settlement.retry_at = work.now


async def move_money(
    work: Work, session: SessionRow, payment: PaymentRow, refund: RefundRow, cents: int
) -> None:
    """Post both sides of a refund; a negative amount undoes one that came to nothing."""
    name = f"{refund.id}-{refund.attempt}" + ("" if cents > 0 else "-failed")
    payment.refunded_cents += cents
    is_whole = payment.refunded_cents == payment.amount_cents
    if cents > 0 and is_whole:
        payment.status, payment.refunded_at = PaymentStatus.REFUNDED, work.now
    elif payment.status is PaymentStatus.REFUNDED:
        payment.status, payment.refunded_at = PaymentStatus.REFUNDING, None
    customer = ledger.customer_account(session.customer_id)
    lines = [(ledger.PLATFORM, -cents), (customer, cents)]
    await ledger.post(work, session, f"refund-{name}", lines)
    if refund.reason != LATE or refund.requested_by is not None:
        await _follow_with_share(work, session, f"share-{name}")
    await show_payments(work, session)
    work.session_changed(session)
    is_refunded = session.payment_status is PaymentStatus.REFUNDED
    if is_refunded and session.status is SessionStatus.COMPLETED:
        move_session(work, session, SessionStatus.REFUNDED)


async def _follow_with_share(work: Work, session: SessionRow, posting: str) -> None:
    """Let the mechanic's share be what the rule makes of what stays paid."""
    settlement = await settlements.find_settlement(work.db, session.id)
    if settlement is None or session.mechanic_id is None:
        return
    was_due = settlement.payout_state != NOT_DUE
    if not was_due and kind_for(session.status) is not SettlementKind.PAYOUT:
        return
    await work.db.flush()
    share = mechanic_share_cents(await payments.earning_cents(work.db, session.id, LATE))
    back = settlement.payout_cents - share
    if back == 0:
        return
    owed = ledger.owed_account(session.mechanic_id)
    await ledger.post(work, session, posting, [(owed, -back), (ledger.PLATFORM, back)])
    settlement.payout_cents = share
    if not was_due or back < 0:
        # What was given back came to nothing, and is owed again.
        settlement.payout_state = "pending"
    settlement.retry_at = work.now


def is_outside(refund: RefundRow) -> bool:
    """Tell whether nobody here ordered a refund."""
    # A person may type the same word.
    return refund.reason in (MADE_OUTSIDE, DISPUTED) and refund.requested_by is None


async def _refund_of(work: Work, payment: PaymentRow, event: PaymentEvent) -> RefundRow | None:
    refund = None
    if event.refund_id is not None:
        refund = await payments.find_refund(work.db, event.refund_id)
    if refund is None and event.provider_refund_id is not None:
        # Taken for an order of ours, it is still known there by a name that these books have not.
        refund = await refund_noted_as(work.db, event.provider, event.provider_refund_id)
        if refund is not None and is_outside(refund):
            return None
    if refund is None or refund.payment_id != payment.id:
        if event.provider_refund_id is None:
            _log.error("refund.unknown", payment_id=payment.id, event_id=event.event_id)
        # Else it is noted, and booked as one that was made outside.
        return None
    if (event.amount_cents, event.currency) != (refund.amount_cents, refund.currency):
        _log.error("refund.amount_differs", refund_id=refund.id, event_id=event.event_id)
        return None
    return refund


async def _fit_orders(work: Work, payment: PaymentRow) -> None:
    """Withdraw orders of more than is left, the newest first, and order what is left anew.

    A withdrawn order keeps its amount: should the provider have carried it out after all, it is
    booked as it was ordered; and `order_again` knows by it what was wanted.
    """
    room = payment.amount_cents - payment.refunded_cents
    for refund in await payments.pending_refunds(work.db, payment.id):
        if refund.amount_cents <= room:
            room -= refund.amount_cents
            continue
        refund.state, refund.error = WorkState.REFUSED, _GIVEN_BACK_ELSEWHERE
        refund.finished_at = work.now
        refund.order_id = refund.order_id or refund.id
        if room > 0:
            by, first = refund.requested_by, refund.order_id
            work.db.add(_order_of(work, payment, refund.reason, room, by, first))
            room = 0
    await work.db.flush()


def _order_of(
    work: Work,
    payment: PaymentRow,
    reason: str,
    amount_cents: int,
    by: str | None,
    order_id: str | None,
) -> RefundRow:
    return RefundRow(
        id=new_uuid(),
        session_id=payment.session_id,
        payment_id=payment.id,
        amount_cents=amount_cents,
        currency=payment.currency,
        reason=reason[:200],
        requested_by=by,
        order_id=order_id,
        state=WorkState.PENDING,
        created_at=work.now,
    )


async def _left_of(work: Work, payment: PaymentRow) -> int:
    ordered = await payments.pending_refund_cents(work.db, payment.id)
    return payment.amount_cents - payment.refunded_cents - ordered
