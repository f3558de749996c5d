"""The preflight report, schema ``liftbay.preflight`` 1.1: built, written, read.

Units are in the names, the order of keys is fixed, unknown fields are ignored; a new field
raises the minor, a changed meaning the major number.

Contract: tests/contract/report.json
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from client_api.wire import PreflightTrigger
from preflight.devices.frames import CameraMode, DeviceInfo
from preflight.model import CheckResult, CheckState, MeasuredValue, RunProgress
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import finite
from preflight.verdicts.gate import VALID_FOR_S
from preflight.verdicts.recommendation import Recommendation, recommend
from preflight.verdicts.remedies import remedy_id
from preflight.verdicts.rules import steps
from preflight.whole_file import write_whole

SCHEMA = "liftbay.preflight"
SCHEMA_VERSION = "1.1"
CRASH_NAME = "preflight-report-crash.json"
"""The trace of a run that did not come to its end, kept past the next run for support."""


class EndedBy(StrEnum):
    """How a run ended; a file without it is the trace of a crash."""

    FINISHED = "finished"
    JOINED = "joined"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What a run knows of itself from the start.

    Attributes:
        nonce: of the begun run; single use. None offline.
        app, host: see `preflight.system.surroundings`.
    """

    report_id: str
    started_at: datetime
    trigger: PreflightTrigger
    machine_id: str
    app: Mapping[str, str]
    host: Mapping[str, MeasuredValue]
    role: str | None = None
    session_ref: str | None = None
    nonce: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReportBody:
    """The run as it stands.

    Attributes:
        devices: the chosen ones by role; None where there is none.
        media: columns of the trial call, about one row a second.
        samples: columns of `preflight.running.samples.DeviceSamples`.
        decided_at_ms: when every gating check had a verdict; None while some have not.
        available: what there was to choose from, by role.
        camera_mode: what the chosen camera delivers; None before its first picture.
        previous: see `preflight.memory.history.compare`.
    """

    progress: RunProgress
    duration_ms: float
    ended_by: EndedBy | None
    devices: Mapping[str, DeviceInfo | None]
    rtts_ms: Sequence[float] = ()
    samples: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    media: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    decided_at_ms: float | None = None
    fingerprint: str | None = None
    short_code: str | None = None
    limits: Recommendation | None = None
    available: Mapping[str, Sequence[DeviceInfo]] = field(default_factory=dict)
    camera_mode: CameraMode | None = None
    previous: Mapping[str, Any] | None = None


def build_report(head: ReportHead, body: ReportBody) -> dict[str, Any]:
    """Return the report in its fixed order, not yet redacted."""
    gate = body.progress.gate
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "report_id": head.report_id,
        "short_code": body.short_code,
        "started_at_utc": head.started_at.isoformat(timespec="milliseconds"),
        "duration_ms": round(body.duration_ms),
        "ended_by": None if body.ended_by is None else body.ended_by.value,
        "app": dict(head.app),
        "host": dict(head.host),
        "context": {
            "trigger": head.trigger.value,
            "role": head.role,
            "session_ref": head.session_ref,
            "nonce": head.nonce,
        },
        "gate": {
            "passed": gate.passed,
            "groups": {group.value: state.value for group, state in gate.groups.items()},
            "blocking": list(gate.blocking),
            "decided_at_ms": None if body.decided_at_ms is None else round(body.decided_at_ms),
            "valid_for_s": VALID_FOR_S,
        },
        "checks": [
            _check(_as_ended(result, body.ended_by), body.duration_ms)
            for result in body.progress.checks
        ],
        "stages": _stages(body.progress.checks),
        "samples": {
            "rtt_ms": [round(value, 3) for value in body.rtts_ms],
            "devices": dict(body.samples),
            "media": dict(body.media),
        },
        "devices": _devices(body),
        "network": _network(body.progress.checks),
        "recommendation": _recommendation(body.limits or recommend(body.progress.checks)),
        "machine_id": head.machine_id,
        "fingerprint": body.fingerprint,
        "previous": body.previous,
        "redaction": None,
    }


def write_report(path: Path, report: Mapping[str, Any]) -> None:
    """Replace the file by the report, whole or not at all, for this user alone.

    Raises:
        OSError: the disk is full or not writable.
    """
    write_whole(path, as_file(report))


def as_file(report: Mapping[str, Any]) -> bytes:
    """Return a report as it is written: JSON that a person can read as well."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def load_report(path: Path) -> dict[str, Any]:
    """Read a report; one that does not say how it ended is the trace of a crash.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no report of this major version.
    """
    report = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    version = str(report.get("schema_version", ""))
    if report.get("schema") != SCHEMA or version.partition(".")[0] != "1":
        raise ValueError(f"{path.name} is no {SCHEMA} 1.x report")
    if report.get("ended_by") is None:
        report["ended_by"] = EndedBy.CRASH.value
    return report


def _as_ended(result: CheckResult, ended_by: EndedBy | None) -> CheckResult:
    """Say of what was still being measured when the person joined that this is why."""
    if ended_by is not EndedBy.JOINED or result.state.final:
        return result
    return replace(result, state=CheckState.SKIPPED, reason=ended_by.value)


def _check(result: CheckResult, duration_ms: float) -> dict[str, Any]:
    row = BY_CODE[result.code]
    warn, fail = steps(row.rules)
    fault = result.state in (CheckState.FAILED, CheckState.WARNED)
    return {
        "code": result.code,
        "no": result.no,
        "group": result.group.value,
        "gating": row.gating,
        "state": result.state.value,
        "reason": result.reason,
        "started_ms": round(result.started_ms),
        "duration_ms": round(result.duration_ms),
        "deadline_ms": result.deadline_ms,
        "attempts": result.attempts,
        "age_ms": _age_ms(result, duration_ms),
        "measured": {name: _rounded(value) for name, value in result.measured.items()},
        "thresholds": {"warn": warn, "fail": fail, "source": row.source},
        "remedy_id": remedy_id(result.code) if fault else None,
    }


def _age_ms(result: CheckResult, duration_ms: float) -> int | None:
    """How old the figures are as the report is written; more than its duration: reused."""
    if result.as_of_ms is None or not result.state.final:
        return None
    return max(0, round(duration_ms - result.as_of_ms))


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a bar of the stages' plot comes from.

    Attributes:
        took: the figure of ``code`` that says how long it lasted, in ms.
        after: figures of what came before it and began with ``ago``.
        ago: how long before the figures were taken that began.
    """

    name: str
    code: str
    took: str
    after: tuple[str, ...] = ()
    ago: str = "began_ago_ms"


_STAGES = (
    _Stage("enumerate", "camera.none", "search_ms"),
    _Stage("camera_open", "camera.open_failed", "open_ms"),
    _Stage("camera_first_frame", "camera.no_frames", "first_frame_ms"),
    _Stage("mic_open", "mic.open_failed", "open_ms"),
    _Stage("mic_first_block", "mic.no_data", "first_block_ms"),
    _Stage("dns", "net.unreachable", "dns_ms"),
    _Stage("tcp", "net.unreachable", "tcp_ms", after=("dns_ms",)),
    _Stage("tls", "net.unreachable", "tls_ms", after=("dns_ms", "tcp_ms")),
    _Stage("http_first_byte", "net.health", "http_first_byte_ms"),
    _Stage("ws_open", "net.signal", "ws_open_ms", after=("validate_ms",)),
    _Stage("join_answer", "net.signal", "join_ms", after=("validate_ms",)),
    _Stage("sdk_connect", "net.room", "connect_ms"),
    _Stage("published", "media.video_stuck", "published_ms"),
    _Stage("first_frame_back", "media.video_stuck", "first_frame_ms"),
    _Stage("reconnect_signal", "media.reconnect", "signal_ms", ago="signal_ago_ms"),
    _Stage("reconnect_full", "media.reconnect", "full_ms", ago="full_ago_ms"),
)
_WAY = ("dns", "tcp", "tls")
"""The stages of the way to the service, in order."""
"""``join_answer`` and ``first_frame_back`` span what stands above them: their limits do too."""


def _stages(results: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """Return the stages of this run; what an earlier one measured took no time of it."""
    by_code = {result.code: result for result in results}
    found = []
    for stage in _STAGES:
        result = by_code.get(stage.code)
        took_ms = None if result is None else _ms(result, stage.took)
        if result is None or took_ms is None or (result.as_of_ms or 0.0) < 0:
            continue
        found.append(
            {
                "name": stage.name,
                "start_ms": round(_start_ms(stage, result)),
                "duration_ms": _rounded(took_ms),
                "state": _stage_state(stage, result).value,
            }
        )
    return found


def _stage_state(stage: _Stage, result: CheckResult) -> CheckState:
    """Return a stage's state: what came before the one that a way stopped at did well."""
    stopped_at = str(result.measured.get("stage")).removesuffix("_clock")
    if stage.name in _WAY and stopped_at in _WAY:
        is_before = _WAY.index(stage.name) < _WAY.index(stopped_at)
        return CheckState.PASSED if is_before else result.state
    return result.state


def _start_ms(stage: _Stage, result: CheckResult) -> float:
    """Return when a stage began. Its check may have waited for it, or for its own turn."""
    ago_ms, as_of_ms = _ms(result, stage.ago), result.as_of_ms
    began_ms = result.started_ms if ago_ms is None or as_of_ms is None else as_of_ms - ago_ms
    return max(0.0, began_ms + sum(_ms(result, name) or 0.0 for name in stage.after))


def _ms(result: CheckResult, name: str) -> float | None:
    return finite(result.measured.get(name))


def _recommendation(found: Recommendation) -> dict[str, Any]:
    return {
        "rung": found.rung,
        "width": found.width,
        "height": found.height,
        "fps": found.fps,
        "bitrate_kbps": found.bitrate_kbps,
        "audio_only_offered": found.audio_only_offered,
        "because": list(found.because),
    }


def _devices(body: ReportBody) -> dict[str, Any]:
    """Return the chosen device of each role, and under ``available`` all there were."""
    found: dict[str, Any] = {role: _device(info) for role, info in body.devices.items()}
    camera, mode = found.get("camera"), body.camera_mode
    if camera is not None and mode is not None:
        camera["mode"] = {"width": mode.width, "height": mode.height, "fps": round(mode.fps, 2)}
    found["available"] = {
        role: [_device(info) for info in infos] for role, infos in body.available.items()
    }
    return found


def _device(info: DeviceInfo | None) -> dict[str, Any] | None:
    if info is None:
        return None
    return {"id": info.id, "name": info.name, "kind": info.kind.value}


def _network(results: Sequence[CheckResult]) -> dict[str, MeasuredValue]:
    measured = {result.code: result.measured for result in results}
    room = measured.get("net.room", {})
    protocol, candidate = room.get("protocol"), room.get("candidate")
    reach = measured.get("net.unreachable", {})
    families = measured.get("net.ipv6", {})
    return {
        "medium": measured.get("net.vpn", {}).get("medium") or "unknown",
        "pair": f"{candidate}/{protocol}" if protocol and candidate else None,
        "family": reach.get("family"),
        "ipv4_answers": families.get("ipv4_answers"),
        "ipv6_answers": families.get("ipv6_answers"),
        "proxy": measured.get("net.proxy", reach).get("proxy", reach.get("proxy")),
        "vpn": measured.get("net.vpn", {}).get("vpn"),
        "portal": measured.get("net.captive_portal", {}).get("portal"),
        "metered": measured.get("net.metered", {}).get("metered"),
        "region": measured.get("net.signal", {}).get("region"),
    }


def _rounded(value: MeasuredValue) -> MeasuredValue:
    return round(value, 3) if isinstance(value, float) else value
