"""Reads a report that somebody else sent, for support: whatever is in it, something can be shown.

Pure. A report may come from anybody, so nothing in it is believed: known checks keep their own
group, number and limits, texts are cut and freed of what could disguise them, and what has
another form than the schema's is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from preflight.devices.frames import DeviceKind
from preflight.memory.history import FIGURES, difference
from preflight.model import CheckResult, CheckState, Group, MeasuredValue
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import finite
from preflight.verdicts.rules import steps

MOST_CHECKS = 300
MOST_FIGURES = 40
MOST_SAMPLES = 600
MOST_STAGES = 40
LONGEST_TEXT = 160
LONGEST_WORD = 48
LONGEST_NAME = 18
_DISGUISES = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\ufeff") | {
    chr(code) for low, high in ((0x202A, 0x202E), (0x2066, 0x2069)) for code in range(low, high + 1)
}
"""Signs that turn or hide what stands beside them."""

Pairs: TypeAlias = tuple[tuple[str, MeasuredValue | tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReadCheck:
    """One check of the report.

    Attributes:
        result: as our own rows have it, with the sender's state and figures.
        warn, fail: where our own rules warn and fail; None for a check we do not know.
    """

    result: CheckResult
    warn: MeasuredValue
    fail: MeasuredValue


@dataclass(frozen=True, slots=True)
class Series:
    """One line over time; gaps are None."""

    x: tuple[float, ...] = ()
    y: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the run, in ms since its start."""

    name: str
    start_ms: float
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside the median of that machine's earlier runs."""

    name: str
    now: float
    usual: float
    change: float
    percent: int | None
    runs: int


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report as support sees it."""

    started_at: str
    duration_s: float
    ended_by: str
    checks: tuple[ReadCheck, ...]
    rtt: Series
    level: Series
    luma: Series
    fps: Series
    uplink: Series
    downlink: Series
    stages: tuple[Stage, ...]
    devices: Pairs
    network: Pairs
    recommendation: Pairs
    machine: Pairs
    taken_out: Pairs

    def figures(self) -> dict[str, float]:
        """Return the figures that are compared with earlier runs."""
        measured = {check.result.code: check.result.measured for check in self.checks}
        found = {
            figure.name: finite(measured.get(figure.code, {}).get(figure.name))
            for figure in FIGURES
        }
        return {name: value for name, value in found.items() if value is not None}


def read_report(report: Mapping[str, Any]) -> ReadReport:
    """Read a report of schema ``liftbay.preflight``; never raises for what is in it."""
    samples = _mapping(report.get("samples"))
    devices = _mapping(samples.get("devices"))
    trial = _mapping(samples.get("media"))
    rtts = [value for value in _numbers(samples.get("rtt_ms")) if value is not None]
    seconds = [None if at is None else at / 1000 for at in _numbers(devices.get("at_ms"))]
    at_s = _numbers(trial.get("at_s"))
    return ReadReport(
        started_at=text(report.get("started_at_utc")),
        duration_s=(finite(report.get("duration_ms")) or 0.0) / 1000,
        ended_by=text(report.get("ended_by")) or "crash",
        checks=tuple(_checks(report.get("checks"))),
        rtt=Series(tuple(float(place) for place in range(1, len(rtts) + 1)), tuple(rtts)),
        level=_series(seconds, devices.get("level_dbfs")),
        luma=_series(seconds, devices.get("luma")),
        fps=_series(seconds, devices.get("fps")),
        uplink=_series(at_s, trial.get("uplink_kbps")),
        downlink=_series(at_s, trial.get("downlink_kbps")),
        stages=tuple(_stages(report.get("stages"))),
        devices=tuple(_devices(_mapping(report.get("devices")))),
        network=_pairs(report.get("network")),
        recommendation=_pairs(report.get("recommendation")),
        machine=(*_pairs(report.get("host")), *_pairs(report.get("app"))),
        taken_out=_pairs(_mapping(report.get("redaction")).get("counts")),
    )


def compare_with(
    now: Mapping[str, float], earlier: Sequence[Mapping[str, float | None]]
) -> tuple[Compared, ...]:
    """Set figures beside the medians of earlier runs; one earlier run is enough here."""
    found = []
    for figure in FIGURES:
        known = [value for run in earlier if (value := finite(run.get(figure.name))) is not None]
        if figure.name not in now or not known:
            continue
        one = difference(figure, now[figure.name], known)
        found.append(
            Compared(
                figure.name,
                one["now"],
                one["usual"],
                one["change"],
                one["change_percent"],
                one["runs"],
            )
        )
    return tuple(found)


def text(value: object, *, longest_word: int = LONGEST_WORD) -> str:
    """Return a short text in one line, of signs that show themselves; long words are cut."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if value is None or isinstance(value, dict | list):
        return ""
    told = str(value)[: 4 * LONGEST_TEXT]
    kept = "".join(" " if sign.isspace() else sign for sign in told if sign not in _DISGUISES)
    clean = " ".join(
        _cut(word, longest_word)
        for word in "".join(sign for sign in kept if sign.isprintable()).split()
    )
    return _cut(clean, LONGEST_TEXT)


def _cut(told: str, longest: int) -> str:
    return told if len(told) <= longest else told[: longest - 1] + "…"


def _checks(told: object) -> Iterable[ReadCheck]:
    seen: set[str] = set()
    for row in _rows(told, MOST_CHECKS):
        code = text(row.get("code"))
        if not code or code in seen:
            continue
        seen.add(code)
        known = BY_CODE.get(code)
        group = known.group if known is not None else _member(Group, row.get("group"))
        if group is None:
            continue
        warn, fail = steps(known.rules) if known is not None else (None, None)
        yield ReadCheck(
            CheckResult(
                code=code,
                no=known.no if known is not None else text(row.get("no"))[:6],
                group=group,
                state=_member(CheckState, row.get("state")) or CheckState.UNKNOWN,
                reason=text(row.get("reason")) or None,
                duration_ms=finite(row.get("duration_ms")) or 0.0,
                measured=_measured(row.get("measured")),
                gating=known is not None and known.gating,
            ),
            warn,
            fail,
        )


def _measured(told: object) -> dict[str, MeasuredValue]:
    found: dict[str, MeasuredValue] = {}
    for name, value in list(_mapping(told).items())[:MOST_FIGURES]:
        found[text(name)] = _value(value)
    return found


def _value(told: object) -> MeasuredValue:
    kept = told if isinstance(told, bool) else finite(told)
    return kept if kept is not None else text(told) or None


def _stages(told: object) -> Iterable[Stage]:
    for row in _rows(told, MOST_STAGES):
        start, length = finite(row.get("start_ms")), finite(row.get("duration_ms"))
        if start is not None and length is not None and start >= 0 and length >= 0:
            yield Stage(text(row.get("name"), longest_word=LONGEST_NAME)[:30], start, length)


def _devices(told: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    available = _mapping(told.get("available"))
    for role in ("camera", "microphone", "speaker"):
        chosen = _mapping(told.get(role))
        mode = _mapping(chosen.get("mode"))
        words = text(chosen.get("name"))
        kind = text(chosen.get("kind"))
        if kind and kind != DeviceKind.REAL.value:
            words += f" ({kind})"
        if finite(mode.get("width")) and finite(mode.get("height")):
            words += (
                f", {text(mode['width'])} × {text(mode['height'])}, {text(mode.get('fps'))} fps"
            )
        yield role, words
        others = [
            text(other.get("name"))
            for other in _rows(available.get(role), 20)
            if other.get("id") != chosen.get("id")
        ]
        if others:
            yield f"{role}_others", text(", ".join(others))


def _series(x: Sequence[float | None], told: object) -> Series:
    y = _numbers(told)
    if len(x) != len(y):
        return Series()
    kept = [(at, value) for at, value in zip(x, y, strict=True) if at is not None]
    if any(later[0] < earlier[0] for earlier, later in pairwise(kept)):
        return Series()
    return Series(tuple(at for at, _ in kept), tuple(value for _, value in kept))


def _numbers(told: object) -> list[float | None]:
    if not isinstance(told, list):
        return []
    return [finite(value) for value in told[-MOST_SAMPLES:]]


def _pairs(told: object) -> Pairs:
    return tuple(
        (
            text(name, longest_word=LONGEST_NAME),
            tuple(map(text, value[:MOST_FIGURES])) if isinstance(value, list) else _value(value),
        )
        for name, value in list(_mapping(told).items())[:MOST_FIGURES]
    )


def _rows(told: object, most: int) -> list[Mapping[str, Any]]:
    return [row for row in told[:most] if isinstance(row, dict)] if isinstance(told, list) else []


def _mapping(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _member(kind: type[Any], value: object) -> Any:
    try:
        return kind(value)
    except ValueError:
        return None
