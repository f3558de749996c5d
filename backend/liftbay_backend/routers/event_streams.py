"""The two event streams: one per session, one per account."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from sse_starlette import EventSourceResponse

from liftbay_backend import events
from liftbay_backend.access import Participant
from liftbay_backend.core import CoreDep
from liftbay_backend.identity import SignedIn
from liftbay_backend.wakeup import session_topic

router = APIRouter(prefix="/api", tags=["events"])

LastEventId = Annotated[str | None, Header(alias="Last-Event-ID")]


@router.get("/events", response_class=EventSourceResponse)
async def get_account_events(
    request: Request, principal: SignedIn, core: CoreDep, last_event_id: LastEventId = None
) -> EventSourceResponse:
    """Follow the dashboard; without Last-Event-ID only what happens from now on."""
    read, after = await events.account_events(
        core, principal, events.parse_last_event_id(last_event_id)
    )
    return events.answer(
        core,
        request.app.state.streams,
        principal,
        "account",
        lambda: events.stream(
            core,
            topics=events.account_topics(principal),
            read=read,
            after=after,
            principal=principal,
            is_over=lambda: request.app.state.stopping.is_set(),
        ),
    )


@router.get("/sessions/{session_id}/events", response_class=EventSourceResponse)
async def get_session_events(
    request: Request,
    access: Participant,
    core: CoreDep,
    last_event_id: LastEventId = None,
) -> EventSourceResponse:
    """Follow one session from its first event, or from Last-Event-ID on."""
    read, after = events.session_events(
        core, access.principal, access.session_id, events.parse_last_event_id(last_event_id)
    )
    return events.answer(
        core,
        request.app.state.streams,
        access.principal,
        "session",
        lambda: events.stream(
            core,
            topics=(session_topic(access.session_id),),
            read=read,
            after=after,
            principal=access.principal,
            is_over=lambda: request.app.state.stopping.is_set(),
        ),
    )
