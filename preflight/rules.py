"""Verdicts as data: the rules of a check, its row of the catalogue, and how a row judges.

Pure. A gating check is proof: a figure that is missing, of another type or not finite fails it.
An advisory one says "not measured" then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from preflight.figures import finite
from preflight.model import CheckResult, CheckState, Group, Measured, MeasuredValue


@dataclass(frozen=True, slots=True)
class AtMost:
    """Warns from ``warn`` on and fails from ``fail`` on; None leaves a step out."""

    field: str
    warn: float | None
    fail: float | None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Warns below ``warn`` and fails below ``fail``; None leaves a step out."""

    field: str
    warn: float | None
    fail: float | None


@dataclass(frozen=True, slots=True)
class MustBe:
    """Gives ``otherwise`` unless the field is exactly this boolean."""

    field: str
    value: bool
    otherwise: CheckState = CheckState.FAILED


@dataclass(frozen=True, slots=True)
class NotIn:
    """Gives ``otherwise`` when the field holds one of the values."""

    field: str
    values: tuple[str, ...]
    otherwise: CheckState = CheckState.FAILED


@dataclass(frozen=True, slots=True)
class AllOf:
    """As bad as the mildest of its rules: dark *and* without structure."""

    rules: tuple[AtMost | AtLeast | MustBe, ...]


@dataclass(frozen=True, slots=True)
class FirstKnown:
    """Judges by the first of its rules whose figure is there: systems tell in different units."""

    rules: tuple[AtMost | AtLeast, ...]


Rule: TypeAlias = AtMost | AtLeast | MustBe | NotIn | AllOf | FirstKnown


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of the catalogue.

    Attributes:
        no: the spoken form of the code.
        deadline_ms: what is not measured by then is given up.
        rules: the worst of them is the verdict.
        source: where the thresholds come from (keys of the catalogue).
        gating: whether Join waits for it; an advisory check never holds Join back.
        unless: a boolean figure that passes the check whatever the rules say.
    """

    no: str
    code: str
    group: Group
    deadline_ms: int
    rules: tuple[Rule, ...]
    source: str
    gating: bool = True
    unless: str | None = None


def not_begun(row: CheckRow) -> CheckResult:
    """Return the result of a check before anything is measured."""
    return CheckResult(
        row.code,
        row.no,
        row.group,
        CheckState.PENDING,
        deadline_ms=row.deadline_ms,
        gating=row.gating,
    )


_UNKNOWN = CheckState.UNKNOWN
_SEVERITY = {CheckState.PASSED: 0, CheckState.WARNED: 1, CheckState.FAILED: 2}


def judge_row(row: CheckRow, measured: Measured) -> CheckState:
    """Turn a check's figures into passed, warned, failed or, for an advisory check, unknown."""
    if row.unless is not None and measured.get(row.unless) is True:
        return CheckState.PASSED
    verdicts = [judge_rule(rule, measured) for rule in row.rules]
    if CheckState.UNKNOWN in verdicts:
        return CheckState.FAILED if row.gating else CheckState.UNKNOWN
    return max(verdicts, key=_SEVERITY.__getitem__)


def judge_rule(rule: Rule, measured: Measured) -> CheckState:
    """Return what one rule makes of the figures; unknown where its figure is missing."""
    match rule:
        case AtMost(field, warn, fail):
            value = finite(measured.get(field))
            if value is None:
                return CheckState.UNKNOWN
            return _step(
                fails=fail is not None and value >= fail, warns=warn is not None and value >= warn
            )
        case AtLeast(field, warn, fail):
            value = finite(measured.get(field))
            if value is None:
                return CheckState.UNKNOWN
            return _step(
                fails=fail is not None and value < fail, warns=warn is not None and value < warn
            )
        case MustBe(field, wanted, otherwise):
            found = measured.get(field)
            if not isinstance(found, bool):
                return CheckState.UNKNOWN
            return CheckState.PASSED if found is wanted else otherwise
        case NotIn(field, values, otherwise):
            text = measured.get(field)
            if not isinstance(text, str):
                return CheckState.UNKNOWN
            return otherwise if text in values else CheckState.PASSED
        case AllOf(rules):
            verdicts = [judge_rule(each, measured) for each in rules]
            if CheckState.UNKNOWN in verdicts:
                return CheckState.UNKNOWN
            return min(verdicts, key=_SEVERITY.__getitem__)
        case FirstKnown(either):
            known = (judge_rule(each, measured) for each in either)
            return next((each for each in known if each is not CheckState.UNKNOWN), _UNKNOWN)
        case _:
            assert_never(rule)


def _step(*, fails: bool, warns: bool) -> CheckState:
    if fails:
        return CheckState.FAILED
    return CheckState.WARNED if warns else CheckState.PASSED


def steps(rules: Sequence[Rule]) -> tuple[MeasuredValue, MeasuredValue]:
    """Return where a row warns and where it fails, as the report shows it.

    The steps of the deciding figure: the last rule with numbers, else what must not be.
    """
    found: tuple[MeasuredValue, MeasuredValue] = (None, None)
    for rule in rules:
        match rule:
            case AtMost(warn=warn, fail=fail) | AtLeast(warn=warn, fail=fail):
                found = (warn, fail)
            case MustBe(value=value, otherwise=otherwise) if found == (None, None):
                found = _under(otherwise, not value)
            case NotIn(values=values, otherwise=otherwise):
                found = _under(otherwise, " ".join(values))
            case AllOf(rules=several):
                warn_at, fail_at = _joined(several, "warn"), _joined(several, "fail")
                found = (None if warn_at == fail_at else warn_at, fail_at)
            case FirstKnown(rules=either):
                found = (either[0].warn, either[0].fail)
            case MustBe():
                continue
    return found


def deciding_figure(rules: Sequence[Rule]) -> str | None:
    """Return the name of the figure that `steps` gives numbers for; None where it gives none."""
    name = None
    for rule in rules:
        match rule:
            case AtMost(field=field) | AtLeast(field=field):
                name = field
            case AllOf():
                name = None
            case FirstKnown(rules=either):
                name = either[0].field
            case MustBe() | NotIn():
                continue
    return name


def _under(otherwise: CheckState, step: bool | str) -> tuple[MeasuredValue, MeasuredValue]:
    return (step, None) if otherwise is CheckState.WARNED else (None, step)


def _joined(rules: Sequence[AtMost | AtLeast | MustBe], level: str) -> str | None:
    """Name the conditions of one step, all of which must hold; None where there is no step."""
    words = []
    for rule in rules:
        match rule:
            case AtMost(field=field):
                # Without a warning step it is the failing one that holds for both.
                step = rule.fail if level == "fail" or rule.warn is None else rule.warn
                words.append(None if step is None else f"{field}>={step:g}")
            case AtLeast(field=field):
                step = rule.fail if level == "fail" or rule.warn is None else rule.warn
                words.append(None if step is None else f"{field}<{step:g}")
            case MustBe(field=field, value=value, otherwise=otherwise):
                fits = level == "warn" or otherwise is CheckState.FAILED
                words.append(f"{field}={str(not value).lower()}" if fits else None)
            case _:
                assert_never(rule)
    told = [word for word in words if word is not None]
    return " ".join(told) if len(told) == len(rules) else None
