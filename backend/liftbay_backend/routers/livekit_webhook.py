"""POST /api/livekit/webhook: facts about rooms, signed by the media server."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from liftbay_backend.live import LiveDep
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.rooms.ports import WebhookRefused
from liftbay_backend.services.webhooks import take_webhook

router = APIRouter(prefix="/api/livekit", tags=["webhooks"])


@router.post("/webhook")
async def post_webhook(
    request: Request, live: LiveDep, authorization: Annotated[str, Header()] = ""
) -> dict[str, Any]:
    """Take one webhook; the body is verified as it came and never stored: it holds passwords."""
    try:
        body = (await request.body()).decode()
        event = live.rooms.read_webhook(body, authorization)
    except (WebhookRefused, UnicodeDecodeError) as error:
        raise Problem(ErrorCode.WEBHOOK_BAD_SIGNATURE) from error
    return {"first": await take_webhook(live, event)}
