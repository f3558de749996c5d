"""POST /api/intake/start."""

import json
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from liftbay_backend.core import CoreDep
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.identity import Customer
from liftbay_backend.services.checkout import open_checkout
from liftbay_backend.services.intake import IntakeBody, start_intake
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/intake", tags=["intake"])


@router.post("/start", status_code=201)
async def start(
    body: IntakeBody, principal: Customer, core: CoreDep, once: IdempotencyDep
) -> JSONResponse:
    """Create a session and its request; the plan's price is charged, or its checkout opened."""

    async def effect(work: Work) -> dict[str, Any]:
        return await start_intake(core, work, principal, body)

    answer = await once.run(effect, status=201)
    told: dict[str, Any] = json.loads(bytes(answer.body))
    if told["payment"]["status"] != PaymentStatus.DUE:
        return answer
    url = await open_checkout(core, SessionId(told["session"]["id"]), PaymentKind.PLAN)
    told["payment"]["checkout_url"] = url
    return JSONResponse(told, status_code=answer.status_code)
