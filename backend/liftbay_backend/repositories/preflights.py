"""Preflight runs."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import PreflightReportRow, PreflightRunRow
from liftbay_backend.domain.ids import RunId


async def lock_run(db: AsyncSession, run_id: RunId) -> PreflightRunRow | None:
    """Return a run, locked until the end of the transaction."""
    query = select(PreflightRunRow).where(PreflightRunRow.id == run_id).with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def note_probe_seen(db: AsyncSession, run_id: RunId, at: datetime) -> None:
    """Date the moment at which the media server saw a run's probe; the last one counts."""
    await db.execute(
        update(PreflightRunRow).where(PreflightRunRow.id == run_id).values(probe_seen_at=at)
    )


async def lock_report(db: AsyncSession, report_id: str) -> PreflightReportRow | None:
    """Return a report, locked until the end of the transaction."""
    query = select(PreflightReportRow).where(PreflightReportRow.id == report_id).with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def runs_without_probe(db: AsyncSession, since: datetime) -> tuple[RunId, ...]:
    """Return open runs, begun since then, whose probe the media server did not meet yet."""
    query = select(PreflightRunRow.id).where(
        PreflightRunRow.probe_seen_at.is_(None),
        PreflightRunRow.used_at.is_(None),
        PreflightRunRow.created_at > since,
    )
    return tuple(RunId(one) for one in (await db.execute(query)).scalars())
