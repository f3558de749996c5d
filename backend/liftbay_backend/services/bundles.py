"""Bundles for support: sent to a report's code by somebody signed in, checked, kept beside it.

Who sends one proves with it that the report is theirs: the bundle names the report's id, which
only its sender knows. A later one of the same report takes the place of an earlier one.
"""

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any

import structlog

from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.models import BundleRow, PreflightReportRow
from liftbay_backend.domain.bundle import NoBundle, check_bundle
from liftbay_backend.identity import Principal
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.diagnostics import bundle_of
from liftbay_backend.services.diagnostics import KEPT_FOR, kept_report, read_code

_log = structlog.get_logger("liftbay.security")


@dataclass(frozen=True, slots=True)
class FoundBundle:
    """A bundle on its way to support."""

    code: str
    content: bytes = field(repr=False)
    sha256: str


async def keep_bundle(
    core: Core, principal: Principal, typed: str, content: bytes
) -> dict[str, Any]:
    """Check a bundle as a whole and keep it beside its report, for as long as that.

    Contract: tests/contract/bundle.json

    Raises:
        Problem: DIAGNOSTIC_CODE_WRONG, DIAGNOSTIC_NOT_FOUND, also for a session's report of
            somebody else; DIAGNOSTIC_BUNDLE_REFUSED with `reason`.
    """
    code = read_code(typed)
    async with core.database.reading() as db:
        report = await kept_report(db, code, core.clock.now() - KEPT_FOR)
    if isinstance(report, PreflightReportRow) and report.user_id != principal.user_id:
        raise Problem(ErrorCode.DIAGNOSTIC_NOT_FOUND)
    try:
        # Unpacking and its checksums take their time: not on the loop.
        files = await asyncio.to_thread(
            check_bundle, content, str(report.report.get("report_id", ""))
        )
    except NoBundle as refusal:
        _log.info("bundle.refused", reason=refusal.flaw.value, user_id=principal.user_id)
        raise Problem(ErrorCode.DIAGNOSTIC_BUNDLE_REFUSED, reason=refusal.flaw.value) from None
    digest = hashlib.sha256(content).hexdigest()
    told = [{"name": one.name, "bytes": one.bytes} for one in files]
    async with core.works.begin() as work:
        await work.db.merge(
            BundleRow(
                short_code=code,
                content=content,
                sha256=digest,
                files=told,
                sent_by=principal.user_id,
                arrived_at=work.now,
            )
        )
        arrived_at = work.now
    return {
        "code": code,
        "sha256": digest,
        "files": told,
        "arrived_at": wire_time(arrived_at),
        "expires_at": wire_time(report.arrived_at + KEPT_FOR),
    }


async def find_bundle(core: Core, principal: Principal, typed: str) -> FoundBundle:
    """Return the bundle of a report; who took it is in the log.

    Raises:
        Problem: DIAGNOSTIC_CODE_WRONG, DIAGNOSTIC_NOT_FOUND.
    """
    code = read_code(typed)
    async with core.database.reading() as db:
        await kept_report(db, code, core.clock.now() - KEPT_FOR)
        row = await bundle_of(db, code)
    if row is None:
        raise Problem(ErrorCode.DIAGNOSTIC_NOT_FOUND, "Nobody has sent a bundle for this report.")
    _log.info("bundle.read", sha256=row.sha256, user_id=principal.user_id)
    return FoundBundle(code, row.content, row.sha256)
