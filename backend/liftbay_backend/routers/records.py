"""What people leave in a session: messages, notes, a rating."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from liftbay_backend.access import (
    Participant,
    SessionCustomer,
    SessionMechanic,
)
from liftbay_backend.bodies import HIGHEST_ID
from liftbay_backend.core import CoreDep
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.pace import MESSAGES, keep_pace
from liftbay_backend.services.records import (
    list_messages,
    post_message,
    rate_session,
    read_notes,
    write_notes,
)
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["records"])

_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)
UuidText = Annotated[UUID, Field(strict=False)]
# PostgreSQL's texts hold every character but this one.
NO_NUL = r"^[^\x00]*$"


class MessageBody(BaseModel):
    """A chat message: plain text."""

    model_config = _STRICT

    client_id: UuidText
    text: str = Field(min_length=1, max_length=4000, pattern=NO_NUL)


class FindingBody(BaseModel):
    """One finding of the mechanic."""

    model_config = _STRICT

    title: str = Field(min_length=1, max_length=200)
    detail: str = Field(default="", max_length=4000)
    severity: Literal["now", "soon", "watch", "ok"]
    cost_low_cents: int | None = Field(default=None, ge=0, le=100_000_000)
    cost_high_cents: int | None = Field(default=None, ge=0, le=100_000_000)

    @model_validator(mode="after")
    def _range_is_a_range(self) -> "FindingBody":
        low, high = self.cost_low_cents, self.cost_high_cents
        if low is not None and high is not None and low > high:
            raise ValueError("cost_low_cents is above cost_high_cents")
        return self


class NotesBody(BaseModel):
    """All notes of a session."""

    model_config = _STRICT

    findings: list[FindingBody] = Field(max_length=100)
    text: str = Field(default="", max_length=20_000, pattern=NO_NUL)


class RatingBody(BaseModel):
    """What the customer thought of it."""

    model_config = _STRICT

    stars: int = Field(ge=1, le=5)
    comment: str = Field(default="", max_length=2000, pattern=NO_NUL)


@router.get("/messages")
async def get_messages(
    access: Participant,
    core: CoreDep,
    after: Annotated[int, Query(ge=0, le=HIGHEST_ID)] = 0,
) -> dict[str, Any]:
    """List chat messages in order, from an id on."""
    return await list_messages(core, access, after)


@router.post("/messages", status_code=201)
async def post_messages(
    body: MessageBody, access: Participant, core: CoreDep, once: IdempotencyDep
) -> JSONResponse:
    """Say something; the same client id is the same message."""
    await keep_pace(core, access, MESSAGES, "messages")

    async def effect(work: Work) -> dict[str, Any]:
        return await post_message(work, access, str(body.client_id), body.text)

    return await once.run(effect, status=201)


@router.get("/notes")
async def get_notes(access: Participant, core: CoreDep, response: Response) -> dict[str, Any]:
    """Read the notes; their version comes as ETag too."""
    notes = await read_notes(core, access)
    response.headers["ETag"] = f'"{notes["version"]}"'
    return notes


@router.put("/notes")
async def put_notes(
    body: NotesBody,
    access: SessionMechanic,
    once: IdempotencyDep,
    if_match: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """Replace the notes, version-checked."""
    version = _version(if_match)
    findings = [finding.model_dump(mode="json") for finding in body.findings]

    async def effect(work: Work) -> dict[str, Any]:
        return await write_notes(work, access, version, findings, body.text)

    return await once.run(effect)


@router.post("/rating")
async def post_rating(
    body: RatingBody, access: SessionCustomer, once: IdempotencyDep
) -> JSONResponse:
    """Rate the session after its end."""

    async def effect(work: Work) -> dict[str, Any]:
        return await rate_session(work, access, body.stars, body.comment)

    return await once.run(effect)


_LONGEST_VERSION = 9


def _version(if_match: str | None) -> int:
    if if_match is None:
        raise Problem(ErrorCode.NOTES_VERSION_REQUIRED)
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > _LONGEST_VERSION:
        raise Problem(ErrorCode.NOTES_VERSION_CONFLICT, "If-Match holds no version of ours.")
    return int(text)
