"""Verdicts as data: the rules of a check, its row of the catalogue, and how a row judges.

Pure. A gating check is proof: a figure that is missing, of another type or not finite fails it.
An advisory one says "not measured" then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from preflight.model import CheckResult, CheckState, Group, Measured, MeasuredValue
from preflight.verdicts.figures import finite


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
            return _verdict(
                fails=fail is not None and value >= fail, warns=warn is not None and value >= warn
            )
        case AtLeast(field, warn, fail):
            value = finite(measured.get(field))
            if value is None:
                return CheckState.UNKNOWN
            return _verdict(
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


def _verdict(*, fails: bool, warns: bool) -> CheckState:
    if fails:
        return CheckState.FAILED
    return CheckState.WARNED if warns else CheckState.PASSED


EVIDENCE = frozenset({"samples"})
"""How much was measured: a limit of its own, but not what a check is about."""
OR = " or "
"""Stands between conditions of which one is enough."""


def steps(rules: Sequence[Rule]) -> tuple[MeasuredValue, MeasuredValue]:
    """Return where a row warns and where it fails, as the report shows it.

    The step of the deciding figure: a number where there is one, all conditions where there are
    several (`OR`), else what must not be.
    """
    return _step_of(rules, CheckState.WARNED), _step_of(rules, CheckState.FAILED)


def deciding_figure(rules: Sequence[Rule]) -> str | None:
    """Return the name of the figure that `steps` gives numbers for; None where it gives none."""
    names = {_figure(rule) for rule in _deciding(rules)}
    return names.pop() if len(names) == 1 else None


def _figure(rule: Rule) -> str | None:
    match rule:
        case AtMost(field=field) | AtLeast(field=field):
            return field
        case FirstKnown(rules=either):
            return either[0].field
        case MustBe() | NotIn() | AllOf():
            return None
        case _:
            assert_never(rule)


def _step_of(rules: Sequence[Rule], level: CheckState) -> MeasuredValue:
    for some in (_deciding(rules), [rule for rule in rules if isinstance(rule, MustBe)]):
        found = {each: None for rule in some if (each := _step(rule, level)) is not None}
        if found:
            return next(iter(found)) if len(found) == 1 else OR.join(conditions(some, level))
    return None


def _deciding(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if not isinstance(rule, MustBe) and not _is_evidence(rule)]


def _is_evidence(rule: Rule) -> bool:
    return isinstance(rule, AtMost | AtLeast) and rule.field in EVIDENCE


def _step(rule: Rule, level: CheckState) -> MeasuredValue:
    match rule:
        case AtMost(warn=warn, fail=fail) | AtLeast(warn=warn, fail=fail):
            return warn if level is CheckState.WARNED else fail
        case MustBe(value=value, otherwise=otherwise):
            return not value if otherwise is level else None
        case NotIn(values=values, otherwise=otherwise):
            return " ".join(values) or None if otherwise is level else None
        case AllOf():
            return next(iter(conditions((rule,), level)), None)
        case FirstKnown(rules=either):
            # The unit that most systems tell.
            return _step(either[0], level)
        case _:
            assert_never(rule)


def conditions(rules: Sequence[Rule], level: CheckState) -> tuple[str, ...]:
    """Return what makes a row warn or fail, each enough by itself: ``dns_ok=false``, ``lost>=3``.

    Parts of one that must all hold stand beside each other: ``luma_mean<40 structure<0.5``.
    """
    return tuple(each for rule in rules for each in _conditions(rule, level))


def _conditions(rule: Rule, level: CheckState) -> tuple[str, ...]:
    match rule:
        case AllOf(rules=several):
            told = _joined(several, level)
            milder = _joined(several, CheckState.FAILED)
            # What warns and fails alike fails.
            if told is None or (level is CheckState.WARNED and told == milder):
                return ()
            return (told,)
        case FirstKnown(rules=either):
            return conditions(either, level)
        case NotIn(field=field, values=values, otherwise=otherwise):
            return tuple(f"{field}={each}" for each in values) if otherwise is level else ()
        case AtMost() | AtLeast() | MustBe():
            step = _step(rule, level)
            return () if step is None else (_condition(rule, step),)
        case _:
            assert_never(rule)


def _condition(rule: AtMost | AtLeast | MustBe, step: MeasuredValue) -> str:
    match rule:
        case AtMost(field=field):
            return f"{field}>={step:g}"
        case AtLeast(field=field):
            return f"{field}<{step:g}"
        case MustBe(field=field):
            return f"{field}={str(step).lower()}"


def _joined(rules: Sequence[AtMost | AtLeast | MustBe], level: CheckState) -> str | None:
    """Name the conditions of one step, all of which must hold; None where there is no step."""
    told = []
    for rule in rules:
        step = _step(rule, level)
        if step is None and level is CheckState.WARNED:
            # Without a warning step it is the failing one that holds for both.
            step = _step(rule, CheckState.FAILED)
        if step is None:
            return None
        told.append(_condition(rule, step))
    return " ".join(told)
