"""The end of a session, whoever causes it: one function, so that nothing is ever left out.

Status, clock, end, the wish for a settlement, the refund and the closing of the room are one
transaction; what needs the outside follows from the rows it leaves (`durable`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from liftbay_backend.db.models import SessionRow, SettlementRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason, judge_end
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_clock import stop
from liftbay_backend.domain.session_fsm import UNSTARTED, SessionStatus
from liftbay_backend.domain.settlement import SettlementKind, kind_for
from liftbay_backend.domain.states import SettlementState
from liftbay_backend.payments import ledger
from liftbay_backend.payments.book import expire_open_payments
from liftbay_backend.payments.givebacks import NOT_DUE, give_back_late, request_refund
from liftbay_backend.repositories.payments import (
    checkouts_to_close,
    paid_total_cents,
    refunds_due,
)
from liftbay_backend.repositories.requests import pending_request
from liftbay_backend.services.clock_rows import store_clock
from liftbay_backend.services.offers import withdraw_request
from liftbay_backend.services.session_view import (
    clock_wire,
    end_wire,
    session_clock,
    settlement_for_customer,
)
from liftbay_backend.services.transitions import move_request, move_session
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work


@dataclass(frozen=True, slots=True)
class EndRules:
    """The numbers an end depends on, from the settings."""

    billable_minimum_seconds: float
    room_close_delay_seconds: float
    warnings: tuple[int, ...]

    @classmethod
    def from_settings(cls, settings: Settings) -> "EndRules":
        """Take them out of the settings."""
        return cls(
            settings.billable_minimum_seconds,
            settings.room_close_delay_seconds,
            settings.clock_warnings,
        )


async def end_live_session(
    work: Work,
    session: SessionRow,
    rules: EndRules,
    *,
    reason: EndReason,
    ended_by: EndedBy,
    at: datetime | None = None,
) -> None:
    """End a started session: completed when enough paid time was used, cancelled otherwise.

    Args:
        at: when it ended, e.g. the instant of 0:00 rather than that of the tick; now by default.
    """
    at = at if at is not None else work.now
    verdict = judge_end(session_clock(session).paid_seconds(at), rules.billable_minimum_seconds)
    await conclude(
        work,
        session,
        rules,
        status=verdict.status,
        reason=reason,
        ended_by=ended_by,
        at=at,
        billable=verdict.billable,
    )


async def conclude(
    work: Work,
    session: SessionRow,
    rules: EndRules,
    *,
    status: SessionStatus,
    reason: EndReason,
    ended_by: EndedBy,
    at: datetime | None = None,
    billable: bool = False,
) -> None:
    """Take a locked session to an ended status with everything that belongs to it.

    A session that has ended already stays exactly as it is.

    Raises:
        Problem: SESSION_ILLEGAL_TRANSITION.
    """
    if session.ended_at is not None:
        return
    at = at if at is not None else work.now
    had_room = session.status not in (SessionStatus.PENDING, SessionStatus.SCHEDULED)
    was_unstarted = session.status in UNSTARTED
    move_session(work, session, status)
    clock = session_clock(session)
    session.ended_at = at
    session.end_reason = reason.value
    session.ended_by = ended_by.value
    session.duration_seconds = round(clock.paid_seconds(at), 3)
    session.billable = billable
    if store_clock(session, stop(clock, at)):
        work.emit(session, "clock", {"clock": clock_wire(session, work.now, rules.warnings)})
    if had_room:
        session.room_close_due_at = work.now + timedelta(seconds=rules.room_close_delay_seconds)
    if was_unstarted:
        await _close_request(work, session, status)
    settlement = await wish_for_settlement(work, session)
    work.emit(session, "ended", {"status": status.value, "end": end_wire(session)})
    # Both sides read this stream, so it says what either may see.
    told = settlement_for_customer(settlement, fails=False)
    work.emit(session, "settlement", {"settlement": told})


async def wish_for_settlement(work: Work, session: SessionRow) -> SettlementRow:
    """Leave the row that asks for an ended session's settlement; once per session.

    What was not paid by now is taken back, and what was paid after the end is given back: an end is
    dated back to when it fell due. Where the settlement is a payout, the mechanic's share
    is posted as owed from here on; where it is a refund, everything paid is ordered back.
    """
    await expire_open_payments(work, session)
    await give_back_late(work, session)
    kind = kind_for(session.status)
    share = 0
    if kind is SettlementKind.PAYOUT and session.mechanic_id is not None:
        share = mechanic_share_cents(await paid_total_cents(work.db, session.id))
    waits = await checkouts_to_close(work.db, session.id) or await refunds_due(work.db, session.id)
    row = SettlementRow(
        session_id=session.id,
        state=SettlementState.PENDING,
        payout_cents=share,
        payout_state="pending" if share > 0 else NOT_DUE,
        crm_state="pending",
        upsell_count=0,
        requested_at=work.now,
        retry_at=work.now if waits else None,
    )
    work.db.add(row)
    if share > 0 and session.mechanic_id is not None:
        owed = ledger.owed_account(session.mechanic_id)
        lines = [(ledger.PLATFORM, -share), (owed, share)]
        await ledger.post(work, session, f"earned-{session.id}", lines)
    if kind is SettlementKind.REFUND:
        await request_refund(work, session, session.end_reason or session.status.value)
    return row


async def _close_request(work: Work, session: SessionRow, status: SessionStatus) -> None:
    request = await pending_request(work.db, session.id, lock=True)
    if request is None:
        return
    if status in (SessionStatus.UNATTENDED, SessionStatus.EXPIRED):
        move_request(work, request, RequestStatus.EXPIRED)
        withdraw_request(work, request, "expired")
    else:
        move_request(work, request, RequestStatus.CANCELLED)
        withdraw_request(work, request, "cancelled")
