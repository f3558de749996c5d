"""Reports by their short code and by their machine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.models import BundleRow, DiagnosticRow, PreflightReportRow


async def diagnostic_by_code(db: AsyncSession, code: str) -> DiagnosticRow | None:
    """Return the diagnostic of a code."""
    query = select(DiagnosticRow).where(DiagnosticRow.short_code == code)
    return (await db.execute(query)).scalar_one_or_none()


async def report_by_code(db: AsyncSession, code: str) -> PreflightReportRow | None:
    """Return the session's report of a code."""
    query = select(PreflightReportRow).where(PreflightReportRow.short_code == code)
    return (await db.execute(query)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """What is known of a bundle without its bytes; `files` as the wire has them."""

    sha256: str
    files: list[Any]
    arrived_at: datetime


async def bundle_facts(db: AsyncSession, code: str) -> BundleFacts | None:
    """Return what is known of a report's bundle; its bytes stay where they are."""
    query = select(BundleRow.sha256, BundleRow.files, BundleRow.arrived_at).where(
        BundleRow.short_code == code
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else BundleFacts(row.sha256, row.files, row.arrived_at)


async def bundle_of(db: AsyncSession, code: str) -> BundleRow | None:
    """Return the bundle of a report."""
    return await db.get(BundleRow, code)


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
