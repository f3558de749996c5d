"""What a CRM is told of a session: one event of Standard Webhooks' shape, and its corrections.

The service sends it to the one address that its operator chose, and it holds what a CRM needs to
find the customer again: name and address. It is kept as it was written until the session is
archived. When money goes back after it was delivered, a correction takes its place: the whole
record again as it is now, with an id of its own and the id that it supersedes.
"""

from typing import Any, Final

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import CrmRecordRow, SessionRow, SettlementRow, UserRow
from liftbay_backend.domain.ids import crm_correction_id
from liftbay_backend.domain.states import WorkState
from liftbay_backend.repositories import payments, settlements
from liftbay_backend.services.session_view import end_wire
from liftbay_backend.work import Work

SETTLED: Final = "session.settled"
CORRECTED: Final = "session.corrected"
_MAY_CHANGE: Final = ("status", "paid_cents", "mechanic_share_cents")
"""What a refund changes; all else is as it was at the end."""


async def record_of(work: Work, session: SessionRow, settlement: SettlementRow) -> dict[str, Any]:
    """Return the record of an ended session as it is now; both rows are locked."""
    customer = await work.db.get_one(UserRow, session.customer_id)
    return {
        "type": SETTLED,
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
            "paid_cents": await payments.paid_total_cents(work.db, session.id),
            "mechanic_share_cents": settlement.payout_cents,
            "currency": session.currency,
        },
    }


async def correct_delivered(work: Work, session: SessionRow, settlement: SettlementRow) -> bool:
    """Let a correction follow a record that was delivered and is no longer true; once for each.

    Nothing is said while a refund is on its way: the last one's booking tells of all. What is
    under way is told to its end first, and looked at again then. Of an archived session there is
    nothing left that could be told again.

    Args:
        session: locked, and so is its settlement.
    """
    row = await settlements.find_crm_record(work.db, session.id)
    if row is None or row.state is not WorkState.DONE or not row.payload:
        return False
    if await payments.refunds_due(work.db, session.id):
        return False
    now = await record_of(work, session, settlement)
    if is_still_true(row, now):
        return False
    take_place(row, now)
    send_from_now_on(work, row, settlement)
    return True


def is_still_true(row: CrmRecordRow, now: dict[str, Any]) -> bool:
    """Tell whether a record says what the session's record would say now."""
    return all(row.payload["data"][name] == now["data"][name] for name in _MAY_CHANGE)


def take_place(row: CrmRecordRow, now: dict[str, Any]) -> None:
    """Put a correction into the place of a record that somebody may have."""
    told = " ".join(str(now["data"][name]) for name in _MAY_CHANGE)
    superseded, row.id = row.id, crm_correction_id(row.id, told)
    data = {**now["data"], "supersedes": superseded}
    row.payload = {**now, "type": CORRECTED, "data": data}


def send_from_now_on(work: Work, row: CrmRecordRow, settlement: SettlementRow) -> None:
    """Begin a round of attempts to deliver what a locked row holds."""
    row.state = WorkState.PENDING
    row.round += 1
    row.attempts = 0
    row.last_error = row.delivered_at = None
    row.next_attempt_at = work.now
    settlement.crm_state = "pending"
