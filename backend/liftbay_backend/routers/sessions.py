"""Sessions: dashboard rows, one session, cancelling before the start."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from liftbay_backend.access import Participant, ParticipantOrSupport
from liftbay_backend.core import CoreDep
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.identity import SignedIn
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.sessions import cancel_session, list_sessions, session_detail
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions", tags=["sessions"])


class CancelBody(BaseModel):
    """Why; for people who read the history, no rule depends on it."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    reason: str | None = Field(default=None, max_length=60)


@router.get("")
async def get_sessions(
    principal: SignedIn,
    core: CoreDep,
    status: Annotated[str, Query(max_length=200)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    before: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """List the caller's sessions, newest first, 50 at a time."""
    return await list_sessions(core, principal, statuses=_statuses(status), words=q, before=before)


@router.get("/{session_id}")
async def get_session(access: ParticipantOrSupport, core: CoreDep) -> dict[str, Any]:
    """Show one session to its participants and to support."""
    return await session_detail(core, access)


@router.post("/{session_id}/cancel")
async def cancel(
    _body: CancelBody, access: Participant, core: CoreDep, once: IdempotencyDep
) -> JSONResponse:
    """Call a session off before it starts; everything paid is refunded."""

    async def effect(work: Work) -> dict[str, Any]:
        return await cancel_session(core, work, access)

    return await once.run(effect)


def _statuses(text: str) -> frozenset[SessionStatus]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    known = {one.value for one in SessionStatus}
    if unknown := [word for word in words if word not in known]:
        raise Problem(ErrorCode.REQUEST_INVALID, f"{len(unknown)} unknown status words.")
    return frozenset(SessionStatus(word) for word in words)
