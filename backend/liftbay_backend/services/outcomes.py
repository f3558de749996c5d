"""What is left of a session: its summary, the offers after it, and what a mechanic earned."""

from collections.abc import Iterable
from typing import Any, Final

from liftbay_backend.access import Access
from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.models import (
    NotesRow,
    PaymentRow,
    RatingRow,
    SessionRow,
    UpsellRow,
)
from liftbay_backend.domain.plans import whole_minutes
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.domain.states import FileKind, PaymentKind, PaymentStatus
from liftbay_backend.identity import Principal
from liftbay_backend.payments.ledger import owed_account
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.files import ready_files
from liftbay_backend.repositories.payments import payments_of
from liftbay_backend.repositories.settlements import Earned, earnings_of, upsells_of
from liftbay_backend.services.file_view import file_wire
from liftbay_backend.services.session_view import SessionViews, end_wire

_WAS_PAID: Final = (PaymentStatus.PAID, PaymentStatus.REFUNDING, PaymentStatus.REFUNDED)
_PAID = "paid"
_FAILED = "failed"
_OWED = "owed"
_REVERSED = "reversed"


async def session_summary(core: Core, access: Access) -> dict[str, Any]:
    """Return the report of an ended session. Contract: tests/contract/summary.json

    Raises:
        Problem: SESSION_NOT_ENDED.
    """
    async with core.database.reading() as db:
        session = await db.get(SessionRow, access.session_id)
        if session is None:
            raise Problem(ErrorCode.SESSION_NOT_FOUND)
        if session.status not in ENDED:
            raise Problem(ErrorCode.SESSION_NOT_ENDED)
        views = SessionViews(db, core.clock.now(), core.settings.clock_warnings)
        seen = await views.one(session, access.side)
        notes = await db.get(NotesRow, session.id)
        rating = await db.get(RatingRow, session.id)
        payments = await payments_of(db, session.id)
        shared = await ready_files(db, session.id)
        upsells = [] if access.side is Side.MECHANIC else await upsells_of(db, session.id)
    paid = [one for one in payments if one.status in _WAS_PAID]
    return {
        "session_id": session.id,
        "status": session.status.value,
        "my_role": seen["my_role"],
        "counterpart": seen["counterpart"],
        "vehicle": session.vehicle,
        "concern": session.concern,
        "started_at": seen["started_at"],
        "ended_at": seen["ended_at"],
        "duration_seconds": session.duration_seconds or 0.0,
        "end": end_wire(session),
        "findings": [] if notes is None else notes.findings,
        "notes_text": "" if notes is None else notes.text,
        "snapshots": [file_wire(row) for row in shared if row.kind is FileKind.SNAPSHOT],
        "files": [file_wire(row) for row in shared if row.kind is FileKind.FILE],
        "lines": [_line(session, one) for one in paid],
        "paid_cents": _total(paid),
        "refunded_cents": sum(one.refunded_cents for one in paid),
        "currency": session.currency,
        "mechanic_share_cents": seen["mechanic_share_cents"],
        "rating": None if rating is None else {"stars": rating.stars, "comment": rating.comment},
        "settlement": seen["settlement"],
        "upsells": [_upsell_wire(row) for row in upsells],
    }


async def session_upsells(core: Core, access: Access) -> dict[str, Any]:
    """Return the customer's offers; none before the settlement made them."""
    async with core.database.reading() as db:
        upsells = await upsells_of(db, access.session_id)
    return {"upsells": [_upsell_wire(row) for row in upsells]}


async def mechanic_earnings(core: Core, principal: Principal) -> dict[str, Any]:
    """Return what a mechanic was paid and is owed by the ledger, newest session first.

    Sums are of one currency, so sessions of one that prices had before are left to the history.
    `owed_cents` is below zero where refunds take back more than is on its way.
    """
    assert principal.mechanic_id is not None
    currency = core.settings.currency
    account = owed_account(principal.mechanic_id)
    async with core.database.reading() as db:
        found = await earnings_of(db, principal.mechanic_id, currency, account)
    owed = sum(one.owed_cents for one in found)
    return {
        "currency": currency,
        "settled_cents": sum(one.settlement.payout_cents for one in found) - owed,
        "owed_cents": owed,
        "sessions": [_earned_wire(one) for one in found],
    }


def _earned_wire(one: Earned) -> dict[str, Any]:
    session = one.session
    return {
        "session_id": session.id,
        "customer_name": one.customer_name,
        "vehicle": session.vehicle,
        "ended_at": None if session.ended_at is None else wire_time(session.ended_at),
        "duration_seconds": session.duration_seconds or 0.0,
        "amount_cents": one.settlement.payout_cents,
        "state": _state_of(one),
    }


def _state_of(one: Earned) -> str:
    settlement = one.settlement
    if one.owed_cents > 0:
        is_stuck = settlement.payout_state == _FAILED or settlement.payout_error is not None
        return _FAILED if is_stuck else _OWED
    # Below zero the mechanic has more than the share, which is what the row shows.
    return _PAID if settlement.payout_cents > 0 else _REVERSED


def _upsell_wire(row: UpsellRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "detail": row.detail,
        "action": row.action,
    }


def _line(session: SessionRow, payment: PaymentRow) -> dict[str, Any]:
    is_plan = payment.kind is PaymentKind.PLAN
    return {
        "label": session.plan if is_plan else payment.kind.value,
        "minutes": whole_minutes(payment.seconds),
        "amount_cents": payment.amount_cents,
    }


def _total(payments: Iterable[PaymentRow]) -> int:
    return sum(one.amount_cents for one in payments)
