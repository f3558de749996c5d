"""Preflight runs: begun with a nonce and a probe room, ended by one report the service judges.

A verdict is worked out from the measured values; the client's own is not believed
(`domain.preflight_gate`). Nothing of a report is trusted beyond its size and shape.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import PreflightReportRow, PreflightRunRow
from liftbay_backend.domain import short_code
from liftbay_backend.domain.ids import RunId, SessionId, new_uuid
from liftbay_backend.domain.preflight_freshness import renewed_checks, too_old
from liftbay_backend.domain.preflight_gate import (
    GATE_VERSION,
    GateVerdict,
    gate_as_wire,
    judge_report,
)
from liftbay_backend.identity import Principal
from liftbay_backend.live import Live
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories import preflights
from liftbay_backend.rooms.ports import (
    JoinGrant,
    RoomPolicy,
    RoomsUnavailable,
    probe_room,
)
from liftbay_backend.settings import MIN_CLIENT_VERSION
from liftbay_backend.work import Work

PROBE_POLICY: Final = RoomPolicy(
    max_participants=6, empty_timeout_seconds=30, departure_timeout_seconds=20
)
PROBE_NAMES: Final = ("a", "b", "join", "relay")
_PROBE_TOKEN_SECONDS: Final = 600
_PROBE_WATCHED_FOR: Final = timedelta(seconds=120)
_NONCE_BYTES: Final = 24
_OUTDATED: Final = "host.outdated"
_KEEP_TRIES: Final = 5
_UUID_SYMBOLS: Final = 36


@dataclass(frozen=True, slots=True)
class BegunRun:
    """What a client needs for one run; nonce and tokens never show in a repr."""

    run_id: str | None
    nonce: str | None = field(repr=False)
    expires_at: str
    url: str
    room: str
    tokens: Mapping[str, str] = field(repr=False)

    def wire(self) -> dict[str, Any]:
        """Return the wire object. Contract: tests/contract/preflight_begin.json"""
        return {
            "run_id": self.run_id,
            "nonce": self.nonce,
            "gate_version": GATE_VERSION,
            "expires_at": self.expires_at,
            "gate": gate_as_wire(),
            "probe": {"url": self.url, "room": self.room, "tokens": dict(self.tokens)},
        }


async def begin_run(
    live: Live, principal: Principal | None, session_id: SessionId | None
) -> BegunRun:
    """Open a run with its own throw-away room.

    Args:
        principal: who asks; somebody who is not signed in gets the probe alone, no nonce.
        session_id: the session it is for; its report opens no other one's door.

    Raises:
        Problem: SFU_UNAVAILABLE.
    """
    core = live.core
    run_id, nonce = RunId(new_uuid()), secrets.token_urlsafe(_NONCE_BYTES)
    room = probe_room(run_id)
    try:
        await live.rooms.ensure_room(room, PROBE_POLICY)
    except RoomsUnavailable as error:
        raise Problem(ErrorCode.SFU_UNAVAILABLE, headers={"Retry-After": "2"}) from error
    expires_at = core.clock.now() + timedelta(seconds=core.settings.preflight_run_seconds)
    if principal is not None:
        async with core.works.begin() as work:
            work.db.add(
                PreflightRunRow(
                    id=run_id,
                    user_id=principal.user_id,
                    mechanic_id=principal.mechanic_id,
                    session_id=session_id,
                    nonce_hash=_hash(nonce),
                    probe_room=room,
                    created_at=work.now,
                    expires_at=expires_at,
                )
            )
    tokens = {
        name: live.rooms.join_token(
            JoinGrant(
                room=room,
                identity=f"probe-{name}",
                ttl_seconds=_PROBE_TOKEN_SECONDS,
                sources=("camera", "microphone"),
            )
        ).value
        for name in PROBE_NAMES
    }
    return BegunRun(
        None if principal is None else run_id,
        None if principal is None else nonce,
        wire_time(expires_at),
        live.rooms.url,
        room,
        tokens,
    )


def judge(report: Mapping[str, Any]) -> GateVerdict:
    """Work the service's own verdict out.

    Raises:
        Problem: PREFLIGHT_INCOMPLETE with `missing`.
    """
    verdict = judge_report(report["checks"], report["devices"])
    if verdict.missing:
        raise Problem(
            ErrorCode.PREFLIGHT_INCOMPLETE,
            f"Missing: {', '.join(verdict.missing)}.",
            missing=list(verdict.missing),
        )
    blocking = [*verdict.blocking]
    blocking += [code for code in too_old(report["checks"]) if code not in blocking]
    if _version(str(report["app"]["liftbay"])) < _version(MIN_CLIENT_VERSION):
        blocking.append(_OUTDATED)
    return replace(verdict, passed=verdict.passed and not blocking, blocking=tuple(blocking))


async def store_report(
    core: Core,
    work: Work,
    principal: Principal,
    run_id: RunId,
    report: Mapping[str, Any],
    verdict: GateVerdict,
) -> dict[str, Any]:
    """Keep a report that was judged, once per run.

    A delta, which names the report that it ``renews``, holds the gating checks measured anew: the
    stored report keeps its id and short code, and of its other checks what is fresh enough.

    Raises:
        Problem: PREFLIGHT_RUN_NOT_FOUND for another account's run or a wrong nonce as well,
            PREFLIGHT_NONCE_USED, PREFLIGHT_RUN_EXPIRED.
    """
    run = await preflights.lock_run(work.db, run_id)
    nonce = str(report["context"].get("nonce"))
    is_theirs = run is not None and run.user_id == principal.user_id
    if run is None or not is_theirs or not _is_nonce(run, nonce):
        raise Problem(ErrorCode.PREFLIGHT_RUN_NOT_FOUND)
    if run.used_at is not None:
        raise Problem(ErrorCode.PREFLIGHT_NONCE_USED)
    if work.now > run.expires_at:
        raise Problem(ErrorCode.PREFLIGHT_RUN_EXPIRED)
    run.used_at = work.now
    row = await _renewed(work, principal, run, report, verdict)
    if row is None:
        row = await _keep(work, principal, run, report, verdict)
    return {
        "report_id": row.id,
        "short_code": row.short_code,
        "passed": row.passed,
        "blocking": list(row.blocking),
        "arrived_at": wire_time(row.arrived_at),
        "valid_for_s": core.settings.report_valid_seconds,
    }


async def note_probe(core: Core, run_id: RunId) -> None:
    """Remember that the media server saw a run's probe just now."""
    async with core.database.writing() as db:
        await preflights.note_probe_seen(db, run_id, core.clock.now())


async def open_probes(core: Core) -> tuple[RunId, ...]:
    """Return the runs whose probe the media server has not been seen to meet yet."""
    async with core.database.reading() as db:
        return await preflights.runs_without_probe(db, core.clock.now() - _PROBE_WATCHED_FOR)


async def look_at_probe(live: Live, run_id: RunId) -> None:
    """Look into a probe room, for a media server whose webhooks do not reach us.

    Raises:
        RoomsUnavailable: nothing is known.
    """
    people = await live.rooms.participants(probe_room(run_id))
    if people and any(one.identity.startswith("probe-") for one in people):
        await note_probe(live.core, run_id)


async def look_before_report(live: Live, run_id: RunId) -> None:
    """Look into the probe room as long as the probe may still be there."""
    try:
        await look_at_probe(live, run_id)
    except RoomsUnavailable:
        # The report is kept all the same; the token request will ask for the probe.
        return


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in text.split("."))


async def _renewed(
    work: Work,
    principal: Principal,
    run: PreflightRunRow,
    report: Mapping[str, Any],
    verdict: GateVerdict,
) -> PreflightReportRow | None:
    """Renew the report that a delta names; None where it names none that it may renew.

    Such a delta is a report of its own then: it holds every gating check.
    """
    named = report.get("renews")
    row = None if named is None else await preflights.lock_report(work.db, str(named))
    if row is None or row.user_id != principal.user_id or row.machine_id != _machine(report):
        return None
    before = await work.db.get_one(PreflightRunRow, row.run_id)
    if before.session_id != run.session_id:
        return None
    since_ms = round((work.now - row.arrived_at).total_seconds() * 1000)
    checks = renewed_checks(row.report.get("checks", []), report["checks"], since_ms)
    row.report = {**_without_nonce(report), "checks": checks}
    row.run_id, row.arrived_at = run.id, work.now
    row.passed, row.blocking = verdict.passed, list(verdict.blocking)
    row.synthetic = bool(verdict.synthetic)
    return row


async def _keep(
    work: Work,
    principal: Principal,
    run: PreflightRunRow,
    report: Mapping[str, Any],
    verdict: GateVerdict,
) -> PreflightReportRow:
    report_id = str(report["report_id"])
    values = {
        "run_id": run.id,
        "user_id": principal.user_id,
        "mechanic_id": principal.mechanic_id,
        "passed": verdict.passed,
        "blocking": list(verdict.blocking),
        "synthetic": bool(verdict.synthetic),
        "report": _without_nonce(report),
        "arrived_at": work.now,
        "machine_id": _machine(report),
    }
    for _ in range(_KEEP_TRIES):
        keys = {"id": report_id, "short_code": short_code.mint()}
        if await insert_once(work.db, PreflightReportRow, {**keys, **values}):
            return await work.db.get_one(PreflightReportRow, report_id)
        # Ids are the client's; a taken one must not overwrite or reveal somebody's report.
        report_id = new_uuid()
    raise Problem(ErrorCode.SERVER_UNAVAILABLE, "No free short code was found.")


def _machine(report: Mapping[str, Any]) -> str | None:
    found = report.get("machine_id")
    return found.lower() if isinstance(found, str) and len(found) == _UUID_SYMBOLS else None


def _without_nonce(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept: support reads reports, and a nonce is nobody's business."""
    context = {name: value for name, value in report["context"].items() if name != "nonce"}
    return {**report, "context": context}


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def _is_nonce(run: PreflightRunRow, nonce: str) -> bool:
    return secrets.compare_digest(run.nonce_hash, _hash(nonce))
