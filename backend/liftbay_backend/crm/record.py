"""What a CRM is told of a session: one event of Standard Webhooks' shape.

The service sends it to the one address that its operator chose, and it holds what a CRM needs to
find the customer again: name and address. It is kept as it was written until the session is
archived.
"""

from typing import Any, Final

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import SessionRow, SettlementRow, UserRow
from liftbay_backend.services.session_view import end_wire
from liftbay_backend.work import Work

KIND: Final = "session.settled"


async def record_of(
    work: Work, session: SessionRow, settlement: SettlementRow, paid_cents: int
) -> dict[str, Any]:
    """Return the record of an ended session as it is now.

    Args:
        work: the transaction that will keep it.
        session: the session, locked.
        settlement: its settlement.
        paid_cents: what the customer has paid and was not given back.
    """
    customer = await work.db.get_one(UserRow, session.customer_id)
    return {
        "type": KIND,
        "timestamp": wire_time(work.now),
        "data": {
            "session_id": session.id,
            "status": session.status.value,
            "customer": {"id": customer.id, "name": customer.name, "email": customer.email},
            "mechanic_id": session.mechanic_id,
            "plan": session.plan,
            "vehicle": session.vehicle,
            "concern": session.concern,
            "started_at": None if session.started_at is None else wire_time(session.started_at),
            "end": end_wire(session),
            "paid_cents": paid_cents,
            "mechanic_share_cents": settlement.payout_cents,
            "currency": session.currency,
        },
    }
