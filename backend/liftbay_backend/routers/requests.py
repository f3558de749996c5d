"""The mechanics' side of requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from liftbay_backend.core import CoreDep
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.identity import Mechanic, SignedIn
from liftbay_backend.services.requests import accept_request, list_requests
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/mechanics/requests", tags=["requests"])


@router.get("")
async def get_requests(principal: Mechanic, core: CoreDep) -> dict[str, Any]:
    """List open, paid requests, newest first."""
    return {"requests": await list_requests(core, principal)}


@router.post("/{request_id}/accept")
async def accept(
    request_id: Annotated[str, Path(max_length=36)],
    principal: SignedIn,
    core: CoreDep,
    once: IdempotencyDep,
) -> JSONResponse:
    """Accept a request; of many mechanics at once exactly one wins."""

    async def effect(work: Work) -> dict[str, Any]:
        return await accept_request(core, work, principal, request_id.lower())

    return await once.run(effect)
