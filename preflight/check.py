"""A check and a group of checks, as the runner takes them.

Pure: a check is a coroutine with its prerequisites, a group is checks over one device or network.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from preflight.debounce import CLEAR_AFTER_MS, RAISE_AFTER_MS
from preflight.model import Group, Measured

WHOLE_RUN_S = 60.0
"""Advice without a verdict after this time gets none in this run."""
NOT_ASKED = "not_asked"
"""Why a question to the person is unknown: they have not been asked, or have not answered yet."""


class NotMeasured(Exception):
    """Raised by a check that cannot be measured for a reason that is no fault.

    Attributes:
        reason: one of the reasons of `CheckResult.reason`, e.g. ``not_signed_in``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotTell(Exception):
    """Raised by an advisory check that was measured and has no verdict: unknown, not a fault.

    Attributes:
        reason: what kept it from one, e.g. ``too_dark``.
        measured: the figures that say so.
    """

    def __init__(self, reason: str, measured: Measured | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.measured: Measured = {} if measured is None else measured


async def not_asked() -> Measured:
    """Measure a check that only a person can answer: unknown until `PreflightRunner.answer`."""
    raise CannotTell(NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Live:
    """How a check is kept up to date after its first verdict.

    Attributes:
        now: the figures of this moment; None where there is nothing to say.
        raise_after_ms, clear_after_ms: for how long a worse or better verdict must last.
        standing: whether ``now`` tells the figures of the newest look over and over: they are as
            old as their last change.
        meanwhile: followed from its first verdict on, also while others of the group are measured.
    """

    now: Callable[[], Measured | None]
    raise_after_ms: int = RAISE_AFTER_MS
    clear_after_ms: int = CLEAR_AFTER_MS
    standing: bool = False
    meanwhile: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the runner sees it.

    Attributes:
        needs: codes that must have passed or warned first, of whichever group.
        measure: takes the figures; abandoned at the deadline of the catalogue.
        before: awaited before the deadline starts to count; must end by itself.
        together: codes that are measured again whenever this one is.
        instead: figures that stand for the measurement where one of ``needs`` holds it back, e.g.
            those of an earlier day; None where there are none.
    """

    code: str
    measure: Callable[[], Awaitable[Measured]]
    needs: tuple[str, ...] = ()
    before: Callable[[], Awaitable[None]] | None = None
    together: tuple[str, ...] = ()
    live: Live | None = None
    instead: Callable[[], Measured | None] | None = None


class GroupPort(Protocol):
    """One group's checks with the device or the network that they share."""

    @property
    def group(self) -> Group: ...
    @property
    def checks(self) -> Sequence[Check]: ...
    @property
    def retry_every_s(self) -> float:
        """How often what fails is measured again."""
        ...

    @property
    def refresh(self) -> tuple[Collection[str], float] | None:
        """Codes that are measured again while all is well, and every how many seconds."""
        ...

    async def begin(self) -> None:
        """Open anew what the checks share. Returns at once; opening goes on beside."""
        ...

    def usable(self) -> bool:
        """Say whether failing checks can be measured again without `begin`."""
        ...

    def must_restart(self) -> bool:
        """Say whether everything measured so far is void, e.g. because the network changed."""
        ...

    def late_after_s(self) -> float:
        """Return how long after the group began advice without a verdict gets none."""
        ...


def with_company(port: GroupPort, codes: Collection[str]) -> list[str]:
    """Return the codes with those that are measured whenever one of them is, in order."""
    wanted = set(codes)
    for check in port.checks:
        if check.code in wanted:
            wanted.update(check.together)
    return [check.code for check in port.checks if check.code in wanted]
