"""Made-up groups and checks for a runner on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from preflight.check import WHOLE_RUN_S, Check, GroupPort
from preflight.model import CheckState, Group, Measured, RunProgress
from preflight.running.runner import PreflightRunner
from tests.fakes.clock import FakeClock

PENDING, RUNNING, PASSED, FAILED, SKIPPED = (
    CheckState.PENDING,
    CheckState.RUNNING,
    CheckState.PASSED,
    CheckState.FAILED,
    CheckState.SKIPPED,
)
FREE: Measured = {"busy": False}
BUSY: Measured = {"busy": True}
ONE: Measured = {"cameras": 1}


class MadeUpGroup:
    """A group whose checks and moods the test sets."""

    def __init__(self, group: Group, checks: Sequence[Check], *, retry_every_s: float = 2) -> None:
        self.group = group
        self.checks = checks
        self.retry_every_s = retry_every_s
        self.refresh: tuple[Collection[str], float] | None = None
        self.begun = 0
        self.is_usable = True
        self.is_void = False
        self.late_s = WHOLE_RUN_S

    async def begin(self) -> None:
        self.begun += 1
        self.is_void = False

    def usable(self) -> bool:
        return self.is_usable

    def must_restart(self) -> bool:
        return self.is_void

    def late_after_s(self) -> float:
        return self.late_s


def gives(*answers: Measured) -> Callable[[], Awaitable[Measured]]:
    """A measurement that answers at once: these in turn, the last one for ever."""
    left = list(answers)

    async def measure() -> Measured:
        return left.pop(0) if len(left) > 1 else left[0]

    return measure


def takes(
    clock: FakeClock, seconds: float, measured: Measured
) -> Callable[[], Awaitable[Measured]]:
    """A measurement of so many seconds."""

    async def measure() -> Measured:
        await clock.sleep(seconds)
        return measured

    return measure


async def hangs() -> Measured:
    """A measurement that never ends."""
    await asyncio.Event().wait()
    return {}


async def throws() -> Measured:
    """A measurement with a fault of ours."""
    raise RuntimeError("made up")


class Page:
    """Remembers what was published."""

    def __init__(self) -> None:
        self.seen: list[RunProgress] = []

    def __call__(self, progress: RunProgress) -> None:
        self.seen.append(progress)

    def states(self, code: str) -> list[CheckState]:
        """The states of one check in the order they were shown, repeats left out."""
        found: list[CheckState] = []
        for progress in self.seen:
            state = next(check.state for check in progress.checks if check.code == code)
            if not found or found[-1] is not state:
                found.append(state)
        return found


@asynccontextmanager
async def running(
    clock: FakeClock, *groups: GroupPort
) -> AsyncIterator[tuple[PreflightRunner, Page]]:
    """Run these groups, and stop them at the end."""
    page = Page()
    runner = PreflightRunner(groups, clock, page)
    runner.start()
    await clock.advance()
    try:
        yield runner, page
    finally:
        await runner.stop()


def result_of(runner: PreflightRunner, code: str) -> tuple[CheckState, str | None]:
    """State and reason of one check as it stands."""
    found = next(check for check in runner.progress.checks if check.code == code)
    return found.state, found.reason
