"""POST /api/stripe/webhook: facts about payments, signed by Stripe."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from liftbay_backend.core import CoreDep
from liftbay_backend.payments.port import DisputeEvent, PaymentEvent, WebhookRefused
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.payment_events import take_dispute, take_payment_event

router = APIRouter(prefix="/api/stripe", tags=["webhooks"])


@router.post("/webhook")
async def post_webhook(
    request: Request,
    core: CoreDep,
    stripe_signature: Annotated[str, Header()] = "",
) -> dict[str, Any]:
    """Take one webhook; the body is verified as it came and never stored: it names people.

    Without Stripe in the settings no signature is right.
    """
    try:
        event = core.payments.read_webhook(await request.body(), stripe_signature)
    except WebhookRefused as error:
        raise Problem(ErrorCode.WEBHOOK_BAD_SIGNATURE) from error
    match event:
        case DisputeEvent():
            return {"first": await take_dispute(core, event)}
        case PaymentEvent():
            return {"first": await take_payment_event(core, event)}
        case None:
            return {"first": False}
