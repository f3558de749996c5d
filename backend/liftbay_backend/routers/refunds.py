"""POST /api/sessions/{id}/refund: support gives money back."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from liftbay_backend.access import SessionSupport
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.services.support_refunds import RefundBody, refund_session
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["refunds"])


@router.post("/refund")
async def post_refund(
    body: RefundBody, access: SessionSupport, once: IdempotencyDep
) -> JSONResponse:
    """Order some or all of what was paid for an ended session back."""

    async def effect(work: Work) -> dict[str, Any]:
        return await refund_session(work, access, body)

    return await once.run(effect)
