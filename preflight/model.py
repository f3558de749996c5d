"""Verdicts and the run as data: states of a check, its result, the gate and the progress.

Pure. The report that is stored and sent is made from these in ``report.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

MeasuredValue: TypeAlias = float | int | bool | str | None
Measured: TypeAlias = Mapping[str, MeasuredValue]


class CheckState(Enum):
    """States of a check; UNKNOWN and SKIPPED are never a fault."""

    PENDING = "pending"
    RUNNING = "running"
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"

    @property
    def lets_pass(self) -> bool:
        """True when a gating check in this state does not hold Join back."""
        return self in (CheckState.PASSED, CheckState.WARNED)

    @property
    def final(self) -> bool:
        return self not in (CheckState.PENDING, CheckState.RUNNING)


class Group(Enum):
    """What a check looks at; the first three gate Join."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    NETWORK = "network"
    SPEAKER = "speaker"
    MEDIA = "media"
    HOST = "host"
    SCREEN = "screen"
    ACCOUNT = "account"


GATING_GROUPS = (Group.CAMERA, Group.MICROPHONE, Group.NETWORK)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check as it stands.

    Attributes:
        code: the fault looked for, e.g. ``camera.black``; never changes its meaning.
        no: its spoken form, e.g. ``C07``.
        reason: why skipped, unknown or failed without a measure: ``deadline``,
            ``needs:<code>``, ``check.internal``, ``user``, ``not_signed_in``, or what kept an
            advisory check from an answer (``too_dark``); else None.
        measured: figures with units in the names.
        gating: whether Join waits for it.
        as_of_ms: when the figures were taken, like ``started_ms`` from the start of the run; below
            zero for figures of an earlier run that still count. None without figures.
    """

    code: str
    no: str
    group: Group
    state: CheckState
    reason: str | None = None
    started_ms: float = 0.0
    duration_ms: float = 0.0
    deadline_ms: int = 0
    attempts: int = 1
    measured: Measured = field(default_factory=dict)
    gating: bool = True
    as_of_ms: float | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Whether Join is possible, and what holds it back."""

    passed: bool
    decided: bool
    groups: Mapping[Group, CheckState]
    blocking: tuple[str, ...]


class CheckedAgain(Enum):
    """Why a group is checked again, for all to see, though nobody asked for it."""

    NETWORK_CHANGED = "network_changed"
    """The way out of this machine is another one (N06)."""
    REPORT_OLD = "report_old"
    """The service's verdict would run out: the report is renewed."""
    REPORT_NEW = "report_new"
    """Another report is handed in, for which the service wants to see us in a room again."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """What a page shows of a run; published after every change.

    Attributes:
        fraction: share of all checks that are final, gating and advisory, 0..1.
        finished: whether the advisory checks have ended as well.
        again: why a group is being checked again; None while none is, or the person asked.
    """

    checks: tuple[CheckResult, ...]
    gate: GateDecision
    fraction: float
    finished: bool
    again: CheckedAgain | None = None
