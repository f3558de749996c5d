"""One session as an operator reads it: its status and every effect of its settlement."""

from datetime import datetime
from typing import Any

from liftbay_backend.clock import wire_time
from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import PaymentRow, SessionRow, SettlementRow
from liftbay_backend.repositories.disputes import disputes_of_session
from liftbay_backend.repositories.payments import payments_of, refunds_of_session
from liftbay_backend.repositories.settlements import crm_records_of, payouts_of, upsells_of
from liftbay_backend.services.session_view import end_wire, settlement_wire


async def session_report(database: Database, session_id: str) -> dict[str, Any] | None:
    """Return the session's outcome, or None when there is no such session."""
    async with database.reading() as db:
        session = await db.get(SessionRow, session_id)
        if session is None:
            return None
        payments = await payments_of(db, session_id)
        disputes = await disputes_of_session(db, session_id)
        payouts = await payouts_of(db, session_id)
        refunds = await refunds_of_session(db, session_id)
        records = await crm_records_of(db, session_id)
        upsells = await upsells_of(db, session_id)
        # Last, for PostgreSQL reads each row as it is at that moment: what the settlement says of
        # its parts is then never older than the parts.
        settlement = await db.get(SettlementRow, session_id)
        return {
            "id": session.id,
            "status": session.status.value,
            "payment_status": session.payment_status.value,
            "end": end_wire(session),
            "settlement": None if settlement is None else settlement_wire(settlement),
            "payments": [_payment(row) for row in payments],
            "disputes": [
                {
                    "id": row.provider_dispute_id,
                    "amount_cents": row.amount_cents,
                    "currency": row.currency,
                    "outcome": None if row.outcome is None else row.outcome.value,
                    "booked": row.booked.value,
                    "noted_at": wire_time(row.noted_at),
                }
                for row in disputes
            ],
            "payouts": [
                {
                    "key": row.key,
                    "mechanic_id": row.mechanic_id,
                    "amount_cents": row.amount_cents,
                    "currency": row.currency,
                    "state": row.state.value,
                    "provider_ref": row.provider_ref,
                }
                for row in payouts
            ],
            "refunds": [
                {
                    "id": row.id,
                    "amount_cents": row.amount_cents,
                    "currency": row.currency,
                    "state": row.state.value,
                    "error": row.error,
                    "attempt": row.attempt,
                    "order_id": row.order_id,
                    "created_at": wire_time(row.created_at),
                }
                for row in refunds
            ],
            "crm_records": [
                {
                    "id": row.id,
                    "type": row.payload.get("type"),
                    "state": row.state.value,
                    "created_at": wire_time(row.created_at),
                    "attempts": row.attempts,
                    "last_error": row.last_error,
                    "next_attempt_at": _optional_time(row.next_attempt_at),
                    "delivered_at": _optional_time(row.delivered_at),
                }
                for row in records
            ],
            "upsells": [{"id": row.id, "code": row.code, "title": row.title} for row in upsells],
        }


def _payment(row: PaymentRow) -> dict[str, Any]:
    """Return a payment; `told` is what the provider says was paid where it is not the price."""
    told = None
    if row.told_cents is not None:
        told = {"amount_cents": row.told_cents, "currency": row.told_currency}
    return {
        "id": row.id,
        "kind": row.kind.value,
        "status": row.status.value,
        "amount_cents": row.amount_cents,
        "refunded_cents": row.refunded_cents,
        "currency": row.currency,
        "provider_payment_id": row.provider_payment_id,
        "told": told,
    }


def _optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else wire_time(moment)
