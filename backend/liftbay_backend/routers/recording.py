"""GET and PUT /api/sessions/{id}/recording-consent."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from liftbay_backend.access import Participant, ParticipantOrSupport
from liftbay_backend.core import CoreDep
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.services.pace import CONSENTS, keep_pace
from liftbay_backend.services.recording_consent import read_consents, say_consent
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["recording"])


class ConsentBody(BaseModel):
    """What one side says for itself."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    consents: bool


@router.get("/recording-consent")
async def get_consents(access: ParticipantOrSupport, core: CoreDep) -> dict[str, Any]:
    """Show who lets the other side record."""
    return await read_consents(core, access)


@router.put("/recording-consent")
async def put_consent(
    body: ConsentBody, access: Participant, core: CoreDep, once: IdempotencyDep
) -> JSONResponse:
    """Let the other side record, or take that back; recording needs both."""
    await keep_pace(core, access, CONSENTS, "recording-consent")

    async def effect(work: Work) -> dict[str, Any]:
        return await say_consent(work, access, consents=body.consents)

    return await once.run(effect)
