"""Who am I, is the mechanic there, and what can be bought."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from liftbay_backend.core import CoreDep
from liftbay_backend.identity import Mechanic, Principal, SignedIn
from liftbay_backend.services.availability import set_available
from liftbay_backend.services.intake import offered_plans

router = APIRouter(prefix="/api", tags=["me"])


class PresenceBody(BaseModel):
    """Whether the mechanic takes requests."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    available: bool


@router.get("/me")
async def me(principal: SignedIn) -> dict[str, Any]:
    """Say who asks. Contract: tests/contract/me_*.json"""
    return me_wire(principal)


@router.put("/me/presence")
async def put_presence(body: PresenceBody, principal: Mechanic, core: CoreDep) -> dict[str, bool]:
    """Note whether the mechanic is available or away; away, no request is announced."""
    async with core.works.begin() as work:
        await set_available(work, principal, body.available)
    return {"available": body.available}


@router.get("/plans")
async def plans(_principal: SignedIn, core: CoreDep) -> dict[str, Any]:
    """List the plans with the service's own prices."""
    return {"plans": offered_plans(core)}


def me_wire(principal: Principal) -> dict[str, Any]:
    """Return the wire object of the caller."""
    return {
        "user_id": principal.user_id,
        "mechanic_id": principal.mechanic_id,
        "name": principal.name,
        "email": principal.email,
        "roles": sorted(role.value for role in principal.roles),
    }
