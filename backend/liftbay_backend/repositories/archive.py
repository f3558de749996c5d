"""What is erased of a session that goes to the archive, and of reports that belong to none."""

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import (
    AccountEventRow,
    CrmRecordRow,
    MessageRow,
    NotesRow,
    PreflightReportRow,
    PreflightRunRow,
    PresenceRow,
    QualitySampleRow,
    RatingRow,
    ReadinessRow,
    SessionEventRow,
)

_OF_A_SESSION: Final = (
    MessageRow,
    QualitySampleRow,
    PresenceRow,
    ReadinessRow,
    SessionEventRow,
    AccountEventRow,
)


async def erase_contents(db: AsyncSession, session_id: str) -> None:
    """Erase what people wrote and what their machines measured, and what the CRM was told."""
    for table in _OF_A_SESSION:
        await db.execute(delete(table).where(table.session_id == session_id))
    of_it = {"synchronize_session": False}
    await db.execute(
        update(NotesRow).where(NotesRow.session_id == session_id).values(text=""),
        execution_options=of_it,
    )
    await db.execute(
        update(RatingRow).where(RatingRow.session_id == session_id).values(comment=""),
        execution_options=of_it,
    )
    await db.execute(
        update(CrmRecordRow).where(CrmRecordRow.session_id == session_id).values(payload={}),
        execution_options=of_it,
    )


async def erase_reports(db: AsyncSession, before: datetime) -> int:
    """Erase preflight runs from before, with their reports; return how many rows went."""
    old = select(PreflightRunRow.id).where(PreflightRunRow.created_at < before)
    gone = 0
    for statement in (
        delete(PreflightReportRow).where(PreflightReportRow.run_id.in_(old)),
        delete(PreflightRunRow).where(PreflightRunRow.created_at < before),
    ):
        gone += cast("CursorResult[Any]", await db.execute(statement)).rowcount
    return gone
