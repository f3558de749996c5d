"""The way into a call, its clock, and its end."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from liftbay_backend.access import JoinDep, Participant
from liftbay_backend.domain.end_rules import EndReason
from liftbay_backend.domain.ids import AttemptId, new_uuid
from liftbay_backend.domain.states import ReadinessState
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.live import LiveDep
from liftbay_backend.problems import Problem
from liftbay_backend.services.calls import (
    Press,
    end_session,
    read_clock,
    see_both,
    start_session,
)
from liftbay_backend.services.pace import READINESS, keep_pace
from liftbay_backend.services.readiness import read_readiness, write_readiness
from liftbay_backend.services.room_tokens import issue_token
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["calls"])

_NEVER_STORED = {"Cache-Control": "no-store"}
_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)
# JSON has no UUIDs, times or enums: these fields read their text form, everything else is strict.
UuidText = Annotated[UUID, Field(strict=False)]
TimeText = Annotated[AwareDatetime, Field(strict=False)]


class ReadinessBody(BaseModel):
    """How far this side is."""

    model_config = _STRICT

    state: Annotated[ReadinessState, Field(strict=False)]
    rung: int | None = Field(default=None, ge=0, le=6)


class TokenBody(BaseModel):
    """Which report opens the door, and for which call attempt."""

    model_config = _STRICT

    report_id: UuidText | None = None
    attempt: UuidText | None = None


class StartBody(BaseModel):
    """Nothing: the service itself verifies that both are present."""

    model_config = _STRICT


class EndBody(BaseModel):
    """Why and when End was pressed, and in which call attempt."""

    model_config = _STRICT

    reason: Literal["ended_by_customer", "ended_by_mechanic", "window_closed"]
    pressed_at: TimeText
    attempt: UuidText | None = None


@router.get("/readiness")
async def get_readiness(access: Participant, live: LiveDep) -> dict[str, Any]:
    """Show how far both sides are."""
    return await read_readiness(live.core, access)


@router.put("/readiness")
async def put_readiness(
    body: ReadinessBody, access: Participant, live: LiveDep, once: IdempotencyDep
) -> JSONResponse:
    """Tell the other side how far this one is; never which check failed."""
    await keep_pace(live.core, access, READINESS, "readiness")

    async def effect(work: Work) -> dict[str, Any]:
        return await write_readiness(work, access, body.state, body.rung)

    return await once.run(effect)


@router.post("/token")
async def post_token(join: JoinDep, body: TokenBody, live: LiveDep) -> JSONResponse:
    """Give out a room token against a fresh passing report; the answer is never stored."""
    attempt = AttemptId(str(body.attempt) if body.attempt is not None else new_uuid())
    report_id = None if body.report_id is None else str(body.report_id)
    try:
        issued = await issue_token(live, join.access, report_id=report_id, attempt=attempt)
    except Problem as problem:
        raise join.refused(problem) from None
    join.granted()
    return JSONResponse(issued.wire(), headers=_NEVER_STORED)


@router.post("/start")
async def post_start(
    access: Participant, live: LiveDep, once: IdempotencyDep, _body: StartBody | None = None
) -> JSONResponse:
    """Start the paid time once the service sees both in the room."""
    await see_both(live, access)

    async def effect(work: Work) -> dict[str, Any]:
        return await start_session(live, work, access)

    return await once.run(effect)


@router.get("/clock")
async def get_clock(access: Participant, live: LiveDep) -> JSONResponse:
    """Show the clock; the question is a sign of life."""
    return JSONResponse(read_clock(live, access), headers=_NEVER_STORED)


@router.post("/end")
async def post_end(
    body: EndBody, access: Participant, live: LiveDep, once: IdempotencyDep
) -> JSONResponse:
    """End the session for both sides, once."""
    pressed_at: datetime = body.pressed_at
    attempt = None if body.attempt is None else AttemptId(str(body.attempt))

    async def effect(work: Work) -> dict[str, Any]:
        press = Press(EndReason(body.reason), pressed_at, attempt)
        return await end_session(live, work, access, press)

    answer = await once.run(effect)
    live.settlements_wanted.set()
    return answer
