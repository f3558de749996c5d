"""Takes the figures of one check: after its wait, within its deadline, and no nonsense.

Pure. What a check throws, or tells in place of figures, is its own fault and nobody else's: it is
failed with ``check.internal``, and the report can still be written.
"""

import logging
import math
from collections.abc import Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field

from client_api.clock import Clock
from client_api.tasks import Tasks, within
from preflight.check import WHOLE_RUN_S, CannotTell, Check, NotMeasured
from preflight.model import CheckState, Measured, MeasuredValue
from preflight.verdicts.catalogue import BY_CODE, judge

REASON_DEADLINE = "deadline"
REASON_INTERNAL = "check.internal"
"""What has no verdict by then gets none in this run (section 1 of the catalogue)."""
_LARGEST = 2**53
"""Larger integers are no figures, and no two readers of JSON agree on them."""
_LONGEST = 500

_log = logging.getLogger(__name__)
_AGE_S: ContextVar[float] = ContextVar("age of the figures", default=0.0)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one measurement.

    Attributes:
        age_s: how old the figures are already; 0 for what was measured just now.
    """

    state: CheckState
    reason: str | None = None
    measured: Measured = field(default_factory=dict)
    age_s: float = 0.0


def say_age(age_s: float) -> None:
    """Say, inside a check's measurement, that its figures are of an earlier one."""
    _AGE_S.set(age_s)


def plain_figures(told: object) -> Measured:
    """Return figures as a report can hold them; a number that is not finite is none.

    Raises:
        TypeError: it is nothing of the kind.
    """
    if not isinstance(told, Mapping):
        raise TypeError("figures are no mapping")
    return {_name(name): _figure(value) for name, value in told.items()}


def stand_in(check: Check) -> Taken | None:
    """Return what stands for a check that something holds back, with its age; None: nothing."""
    if check.instead is None:
        return None

    def ask() -> Taken | None:
        assert check.instead is not None
        try:
            told = check.instead()
            if told is None:
                return None
            measured = plain_figures(told)
        except Exception as error:
            return _fault(check, error)
        return Taken(judge(check.code, measured), None, measured, _AGE_S.get())

    # In a context of its own: an age that was said stays with the figures it was said of.
    return copy_context().run(ask)


async def wait_before(check: Check, clock: Clock, tasks: Tasks) -> Taken | None:
    """Wait for what must be there before the deadline counts; None once it is.

    It should end by itself; one that does not is given up with the whole run.
    """
    if check.before is None:
        return None
    ready = tasks.spawn(_ready(check), name=f"wait for {check.code}")
    if await within(ready, WHOLE_RUN_S, clock):
        return ready.result()
    return _late(check)


async def take(check: Check, clock: Clock, tasks: Tasks) -> Taken:
    """Take the figures of a check within its deadline and judge them; raises nothing of its own."""
    work = tasks.spawn(_guarded(check), name=f"measure {check.code}")
    deadline_s = BY_CODE[check.code].deadline_ms / 1000
    if await within(work, deadline_s, clock):
        return work.result()
    return _late(check)


def _late(check: Check) -> Taken:
    gating = BY_CODE[check.code].gating
    return Taken(CheckState.FAILED if gating else CheckState.UNKNOWN, REASON_DEADLINE)


async def _ready(check: Check) -> Taken | None:
    assert check.before is not None
    try:
        await check.before()
    except Exception as error:
        return _fault(check, error)
    return None


async def _guarded(check: Check) -> Taken:
    try:
        measured = plain_figures(await check.measure())
        return Taken(judge(check.code, measured), None, measured, _AGE_S.get())
    except NotMeasured as skipped:
        return Taken(CheckState.SKIPPED, skipped.reason)
    except CannotTell as told:
        return _untold(check, told)
    except Exception as error:
        return _fault(check, error)


def _untold(check: Check, told: CannotTell) -> Taken:
    try:
        measured = plain_figures(told.measured)
    except TypeError as error:
        return _fault(check, error)
    return Taken(CheckState.UNKNOWN, told.reason, measured, _AGE_S.get())


def _fault(check: Check, error: Exception) -> Taken:
    # The type alone: an error's words may hold what is nobody's business.
    _log.warning("check %s threw %s", check.code, type(error).__name__)
    return Taken(CheckState.FAILED, REASON_INTERNAL, {"error": type(error).__name__})


def _name(name: object) -> str:
    if not isinstance(name, str) or len(name) > _LONGEST:
        raise TypeError("a figure has no name")
    return name


def _figure(value: object) -> MeasuredValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return int(value)
    if isinstance(value, float):
        # float() also takes NumPy's float64, which is one, down to Python's own.
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str) and len(value) <= _LONGEST:
        return value
    raise TypeError("a figure is none")
