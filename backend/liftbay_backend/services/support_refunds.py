"""A refund that support decides on: some or all of what was paid for an ended session."""

from typing import Annotated, Any

import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from liftbay_backend.access import Access
from liftbay_backend.bodies import plain_text
from liftbay_backend.domain.session_fsm import ENDED
from liftbay_backend.payments.givebacks import NothingLeft, refund_part
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.work import Work

_log = structlog.get_logger(__name__)


class RefundBody(BaseModel):
    """Why, and how much; without an amount it is everything that is left."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    reason: Annotated[str, Field(max_length=200), AfterValidator(plain_text)]
    amount_cents: int | None = Field(default=None, ge=1, le=100_000_000)


async def refund_session(work: Work, access: Access, body: RefundBody) -> dict[str, Any]:
    """Order a refund; the next tick carries it out, and takes the mechanic's part of it back.

    Contract: tests/contract/refund.json

    Raises:
        Problem: SESSION_NOT_ENDED, REFUND_TOO_MUCH with `left_cents`.
    """
    session = await work.session(access.session_id)
    if session.status not in ENDED:
        raise Problem(ErrorCode.SESSION_NOT_ENDED)
    by = access.principal.user_id
    try:
        ordered, left = await refund_part(work, session, body.amount_cents, body.reason, by)
    except NothingLeft as nothing:
        raise Problem(ErrorCode.REFUND_TOO_MUCH, left_cents=nothing.left_cents) from None
    # Who gave away money is known to the log as well; the reason may name people.
    _log.info("refund.ordered", session_id=session.id, by=by, cents=ordered)
    return {
        "session_id": session.id,
        "status": session.status.value,
        "payment_status": session.payment_status.value,
        "reason": body.reason,
        "refund_cents": ordered,
        "left_cents": left,
        "currency": session.currency,
    }
