"""What is left of a session: summary, offers, earnings."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse

from liftbay_backend.access import ParticipantOrSupport, SessionCustomer
from liftbay_backend.core import CoreDep
from liftbay_backend.identity import Mechanic
from liftbay_backend.services.outcomes import (
    mechanic_earnings,
    session_summary,
    session_upsells,
)

router = APIRouter(prefix="/api", tags=["outcomes"])

_PDF = "application/pdf"


@router.get(
    "/sessions/{session_id}/summary",
    responses={200: {"content": {_PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_summary(
    access: ParticipantOrSupport, core: CoreDep, accept: Annotated[str, Header()] = "*/*"
) -> Response:
    """Show the report of an ended session, as JSON or, when asked for, as a PDF."""
    summary = await session_summary(core, access)
    if _PDF not in accept.lower():
        return JSONResponse(summary)
    # Imported with the first PDF: the library costs 0.4 s that most services never need.
    from liftbay_backend.services.summary_pdf import render_summary

    pdf = await asyncio.to_thread(render_summary, summary)
    name = f'attachment; filename="liftbay-{access.session_id}.pdf"'
    return Response(pdf, media_type=_PDF, headers={"Content-Disposition": name})


@router.get("/sessions/{session_id}/upsells")
async def get_upsells(access: SessionCustomer, core: CoreDep) -> dict[str, Any]:
    """Show the customer what could follow."""
    return await session_upsells(core, access)


@router.get("/earnings")
async def get_earnings(principal: Mechanic, core: CoreDep) -> dict[str, Any]:
    """Show a mechanic what was paid and what is owed."""
    return await mechanic_earnings(core, principal)
