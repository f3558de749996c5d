"""Reports by their short code and by their machine."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import DiagnosticRow, PreflightReportRow


async def diagnostic_by_code(db: AsyncSession, code: str) -> DiagnosticRow | None:
    """Return the diagnostic of a code."""
    query = select(DiagnosticRow).where(DiagnosticRow.short_code == code)
    return (await db.execute(query)).scalar_one_or_none()


async def report_by_code(db: AsyncSession, code: str) -> PreflightReportRow | None:
    """Return the session's report of a code."""
    query = select(PreflightReportRow).where(PreflightReportRow.short_code == code)
    return (await db.execute(query)).scalar_one_or_none()


async def earlier_of(
    db: AsyncSession, machine_id: str, *, before: datetime, since: datetime, at_most: int
) -> tuple[DiagnosticRow | PreflightReportRow, ...]:
    """Return a machine's reports of both kinds within the time, the newest first."""
    diagnosed = (
        select(DiagnosticRow)
        .where(
            DiagnosticRow.machine_id == machine_id,
            DiagnosticRow.arrived_at < before,
            DiagnosticRow.arrived_at >= since,
        )
        .order_by(DiagnosticRow.arrived_at.desc())
        .limit(at_most)
    )
    reported = (
        select(PreflightReportRow)
        .where(
            PreflightReportRow.machine_id == machine_id,
            PreflightReportRow.arrived_at < before,
            PreflightReportRow.arrived_at >= since,
        )
        .order_by(PreflightReportRow.arrived_at.desc())
        .limit(at_most)
    )
    found: list[DiagnosticRow | PreflightReportRow] = [
        *(await db.execute(diagnosed)).scalars(),
        *(await db.execute(reported)).scalars(),
    ]
    return tuple(sorted(found, key=lambda row: row.arrived_at, reverse=True)[:at_most])
