"""Reports for support: kept without an account, found by a code that was read over the phone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.engine import DbSession
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import DiagnosticRow, PreflightReportRow
from liftbay_backend.domain import short_code
from liftbay_backend.domain.figures import finite
from liftbay_backend.domain.ids import new_uuid
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import diagnostics

REPORT_BYTES: Final = 256 * 1024
KEPT_FOR: Final = timedelta(days=30)
EARLIER: Final = 20
_KEEP_TRIES: Final = 5
_SHOWN = (
    ("net.rtt_high", "rtt_median_ms"),
    ("net.jitter_high", "jitter_ms"),
    ("media.uplink_low", "uplink_kbps"),
    ("media.downlink_low", "downlink_kbps"),
    ("media.loss", "loss_up_percent"),
    ("camera.fps_low", "fps"),
    ("camera.black", "luma_mean"),
    ("mic.silent", "voice_dbfs"),
)
"""The figures compared with the machine's earlier runs, as preflight/memory/history.py does."""
_BLOCKING_SHOWN: Final = 50


async def keep_diagnostic(core: Core, report: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a report under a new code.

    Raises:
        Problem: SERVER_UNAVAILABLE when no free code was found.
    """
    now = core.clock.now()
    values = {
        "machine_id": str(report["machine_id"]).lower(),
        "passed": bool(report["gate"]["passed"]),
        "blocking": list(report["gate"]["blocking"]),
        "report": dict(report),
        "arrived_at": now,
    }
    async with core.works.begin() as work:
        for _ in range(_KEEP_TRIES):
            code = short_code.mint()
            # One book of codes: a diagnostic must not take the code of a session's report.
            if await diagnostics.report_by_code(work.db, code) is not None:
                continue
            keys = {"id": new_uuid(), "short_code": code}
            if await insert_once(work.db, DiagnosticRow, {**keys, **values}):
                return {
                    "code": code,
                    "arrived_at": wire_time(now),
                    "expires_at": wire_time(now + KEPT_FOR),
                }
    raise Problem(ErrorCode.SERVER_UNAVAILABLE, "No free short code was found.")


async def find_report(core: Core, typed: str) -> dict[str, Any]:
    """Return a diagnostic or a session's report by its code, with the machine's earlier ones.

    Raises:
        Problem: DIAGNOSTIC_CODE_WRONG for what cannot be a code, so that a slip is told apart
            from a report that is not there: DIAGNOSTIC_NOT_FOUND.
    """
    code = read_code(typed)
    since = core.clock.now() - KEPT_FOR
    async with core.database.reading() as db:
        row = await kept_report(db, code, since)
        bundle = await diagnostics.bundle_facts(db, code)
        machine = str(row.report.get("machine_id", "")).lower()
        earlier = await diagnostics.earlier_of(
            db, machine, before=row.arrived_at, since=since, at_most=EARLIER
        )
    return {
        "code": code,
        "kind": "diagnostic" if isinstance(row, DiagnosticRow) else "preflight",
        "arrived_at": wire_time(row.arrived_at),
        "expires_at": wire_time(row.arrived_at + KEPT_FOR),
        "passed": row.passed,
        "blocking": list(row.blocking),
        "report": row.report,
        "earlier": [_summary(one) for one in earlier],
        "bundle": None
        if bundle is None
        else {
            "sha256": bundle.sha256,
            "files": bundle.files,
            "arrived_at": wire_time(bundle.arrived_at),
        },
    }


def read_code(typed: str) -> str:
    """Return the code that somebody typed.

    Raises:
        Problem: DIAGNOSTIC_CODE_WRONG.
    """
    code = short_code.read(typed)
    if code is None:
        raise Problem(ErrorCode.DIAGNOSTIC_CODE_WRONG)
    return code


async def kept_report(
    db: DbSession, code: str, since: datetime
) -> DiagnosticRow | PreflightReportRow:
    """Return the report of a code that is not too old.

    Raises:
        Problem: DIAGNOSTIC_NOT_FOUND.
    """
    row: DiagnosticRow | PreflightReportRow | None
    row = await diagnostics.diagnostic_by_code(db, code)
    if row is None:
        row = await diagnostics.report_by_code(db, code)
    if row is None or row.arrived_at < since:
        raise Problem(ErrorCode.DIAGNOSTIC_NOT_FOUND)
    return row


def _summary(row: DiagnosticRow | PreflightReportRow) -> dict[str, Any]:
    checks = {
        str(check.get("code")): check.get("measured", {}) for check in row.report.get("checks", [])
    }
    return {
        "code": row.short_code,
        "arrived_at": wire_time(row.arrived_at),
        "passed": row.passed,
        "blocking": list(row.blocking)[:_BLOCKING_SHOWN],
        "measured": {name: finite(checks.get(code, {}).get(name)) for code, name in _SHOWN},
    }
