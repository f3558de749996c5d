"""Extensions: what the customer may buy while the session is live."""

import json
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from liftbay_backend.access import SessionCustomer
from liftbay_backend.core import CoreDep
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.services.checkout import open_checkout
from liftbay_backend.services.extensions import offered_extensions, seconds_of, start_extension
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}/extensions", tags=["extensions"])


class ExtensionBody(BaseModel):
    """Which offer; its price and minutes are the service's."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    extension: str = Field(max_length=40)


@router.get("/offers")
async def get_offers(access: SessionCustomer, core: CoreDep) -> dict[str, Any]:
    """Show the extensions and their prices."""
    return await offered_extensions(core, access)


@router.post("", status_code=201)
async def post_extension(
    body: ExtensionBody, access: SessionCustomer, core: CoreDep, once: IdempotencyDep
) -> JSONResponse:
    """Start the payment of an extension; minutes are credited when it is paid."""

    async def effect(work: Work) -> dict[str, Any]:
        return await start_extension(core, work, access, body.extension)

    answer = await once.run(effect, status=201)
    told: dict[str, Any] = json.loads(bytes(answer.body))
    if told["payment"]["status"] != PaymentStatus.DUE:
        return answer
    seconds = seconds_of(core, body.extension)
    url = await open_checkout(core, access.session_id, PaymentKind.EXTENSION, seconds)
    told["payment"]["checkout_url"] = url
    return JSONResponse(told, status_code=answer.status_code)
