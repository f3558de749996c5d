"""The runner on made-up checks and virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from preflight.check import Check, GroupPort, Live, NotMeasured
from preflight.model import CheckedAgain, CheckState, Group, Measured, RunProgress
from preflight.runner import PreflightRunner
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock


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

    async def begin(self) -> None:
        self.begun += 1
        self.is_void = False

    def usable(self) -> bool:
        return self.is_usable

    def must_restart(self) -> bool:
        return self.is_void


def _gives(*answers: Measured) -> Callable[[], Awaitable[Measured]]:
    left = list(answers)

    async def measure() -> Measured:
        return left.pop(0) if len(left) > 1 else left[0]

    return measure


def _takes(
    clock: FakeClock, seconds: float, measured: Measured
) -> Callable[[], Awaitable[Measured]]:
    async def measure() -> Measured:
        await clock.sleep(seconds)
        return measured

    return measure


async def _hangs() -> Measured:
    await asyncio.Event().wait()
    return {}


async def _throws() -> Measured:
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
async def _running(
    clock: FakeClock, *groups: GroupPort
) -> AsyncIterator[tuple[PreflightRunner, Page]]:
    page = Page()
    runner = PreflightRunner(groups, clock, page)
    runner.start()
    await clock.advance()
    try:
        yield runner, page
    finally:
        await runner.stop()


def _result(runner: PreflightRunner, code: str) -> tuple[CheckState, str | None]:
    found = next(check for check in runner.progress.checks if check.code == code)
    return found.state, found.reason


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


async def test_groups_run_beside_each_other() -> None:
    clock = FakeClock()
    camera = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _takes(clock, 1, FREE))])
    sound = MadeUpGroup(Group.MICROPHONE, [Check("mic.busy", _takes(clock, 1, FREE))])

    async with _running(clock, camera, sound) as (runner, _):
        await clock.advance(1)

        assert runner.progress.finished
        assert runner.decided_ms == 1000


async def test_a_check_waits_for_its_prerequisite() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", _takes(clock, 1, ONE)),
            Check("camera.busy", _gives(FREE), needs=("camera.none",)),
        ],
    )

    async with _running(clock, group) as (runner, page):
        assert _result(runner, "camera.busy") == (PENDING, None)
        await clock.advance(1)

        assert _result(runner, "camera.busy") == (PASSED, None)
        assert page.states("camera.busy") == [PENDING, RUNNING, PASSED]


async def test_what_waits_for_a_failed_check_is_skipped_and_names_the_root() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [
            Check("camera.none", _gives({"cameras": 0})),
            Check("camera.busy", _gives(FREE), needs=("camera.none",)),
            Check("camera.no_frames", _gives({}), needs=("camera.busy",)),
        ],
    )

    async with _running(clock, group) as (runner, _):
        assert _result(runner, "camera.busy") == (SKIPPED, "needs:camera.none")
        assert _result(runner, "camera.no_frames") == (SKIPPED, "needs:camera.none")
        assert runner.progress.finished


async def test_a_check_that_hangs_fails_at_its_deadline_and_the_others_go_on() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.none", _hangs), Check("camera.busy", _gives(FREE))]
    )

    async with _running(clock, group) as (runner, _):
        assert _result(runner, "camera.busy") == (PASSED, None)
        await clock.advance(1.999)
        assert _result(runner, "camera.none") == (RUNNING, None)
        await clock.advance(0.001)

        assert _result(runner, "camera.none") == (FAILED, "deadline")


async def test_a_check_that_throws_fails_as_internal_and_the_others_go_on(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("check camera.none threw RuntimeError")
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.none", _throws), Check("camera.busy", _gives(FREE))]
    )

    async with _running(clock, group) as (runner, _):
        assert _result(runner, "camera.none") == (FAILED, "check.internal")
        assert _result(runner, "camera.busy") == (PASSED, None)


async def test_the_time_before_the_deadline_starts_is_not_counted() -> None:
    clock = FakeClock()

    async def opened() -> None:
        await clock.sleep(9)

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _takes(clock, 1, FREE), before=opened)])

    async with _running(clock, group) as (runner, _):
        await clock.advance(10)

        assert _result(runner, "camera.busy") == (PASSED, None)


async def test_what_cannot_be_measured_is_skipped_with_its_reason_and_left_alone() -> None:
    clock = FakeClock()
    asked = 0

    async def signal() -> Measured:
        nonlocal asked
        asked += 1
        raise NotMeasured("not_signed_in")

    group = MadeUpGroup(Group.NETWORK, [Check("net.signal", signal)])

    async with _running(clock, group) as (runner, _):
        await clock.advance(60)

        assert _result(runner, "net.signal") == (SKIPPED, "not_signed_in")
        assert asked == 1


async def test_a_failing_check_is_measured_again_by_itself_and_quietly() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _gives(BUSY, BUSY, FREE))])

    async with _running(clock, group) as (runner, page):
        await clock.advance(10)

        assert _result(runner, "camera.busy") == (PASSED, None)
        assert page.states("camera.busy") == [PENDING, RUNNING, FAILED, PASSED]
        assert runner.progress.checks[0].attempts == 3
        assert group.begun == 1


async def test_a_device_that_is_not_open_is_opened_again_for_the_next_try() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _gives(BUSY, FREE))])
    group.is_usable = False

    async with _running(clock, group) as (runner, _):
        await clock.advance(3)

        assert group.begun == 2
        assert _result(runner, "camera.busy") == (PASSED, None)


async def test_a_failing_network_waits_longer_than_a_device() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", _gives({"changed": True}, {"changed": False}))]
    )
    group.retry_every_s = 5

    async with _running(clock, group) as (runner, _):
        await clock.advance(4.5)
        assert _result(runner, "net.changed") == (FAILED, None)
        await clock.advance(1)

        assert _result(runner, "net.changed") == (PASSED, None)


async def test_a_hint_measures_a_failing_check_at_once() -> None:
    clock = FakeClock()
    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _gives(BUSY, FREE))])

    async with _running(clock, group) as (runner, _):
        runner.hint(Group.CAMERA)
        await clock.advance(0.25)

        assert _result(runner, "camera.busy") == (PASSED, None)


async def test_a_restart_begins_its_group_alone_and_shows_it() -> None:
    clock = FakeClock()
    camera = MadeUpGroup(Group.CAMERA, [Check("camera.busy", _takes(clock, 1, FREE))])
    sound = MadeUpGroup(Group.MICROPHONE, [Check("mic.busy", _gives(FREE))])

    async with _running(clock, camera, sound) as (runner, _):
        await clock.advance(1)
        runner.restart(Group.CAMERA)
        await clock.advance(0.5)

        assert _result(runner, "camera.busy") == (RUNNING, None)
        assert _result(runner, "mic.busy") == (PASSED, None)
        assert not runner.progress.gate.passed
        assert (camera.begun, sound.begun) == (2, 1)
        await clock.advance(0.5)
        assert _result(runner, "camera.busy") == (PASSED, None)


async def test_a_restart_in_the_middle_leaves_only_the_new_run() -> None:
    clock = FakeClock()
    started = 0

    async def measure() -> Measured:
        nonlocal started
        started += 1
        mine = started
        await clock.sleep(1)
        return {"busy": mine == 1}

    group = MadeUpGroup(Group.CAMERA, [Check("camera.busy", measure)])

    async with _running(clock, group) as (runner, page):
        await clock.advance(0.9)
        runner.restart(Group.CAMERA)
        await clock.advance(1)

        assert _result(runner, "camera.busy") == (PASSED, None)
        assert CheckState.FAILED not in page.states("camera.busy")


async def test_a_live_fault_is_raised_after_a_second_and_cleared_after_two() -> None:
    clock = FakeClock()
    present = True

    def now() -> Measured:
        return {"present": present}

    group = MadeUpGroup(
        Group.CAMERA, [Check("camera.unplugged", _gives({"present": True}), live=Live(now))]
    )

    async with _running(clock, group) as (runner, _):
        await clock.advance(1)
        present = False
        await clock.advance(1.0)
        assert _result(runner, "camera.unplugged") == (PASSED, None)
        await clock.advance(0.25)
        assert _result(runner, "camera.unplugged") == (FAILED, None)
        present = True
        await clock.advance(2.0)
        assert _result(runner, "camera.unplugged") == (FAILED, None)
        await clock.advance(0.25)
        assert _result(runner, "camera.unplugged") == (PASSED, None)


async def test_a_changed_network_starts_everything_of_it_over() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", _takes(clock, 0.5, {"changed": False}))]
    )

    async with _running(clock, group) as (runner, page):
        await clock.advance(1)
        group.is_void = True
        await clock.advance(0.25)
        assert _result(runner, "net.changed") == (RUNNING, None)
        await clock.advance(0.5)

        assert page.states("net.changed") == [PENDING, RUNNING, PASSED, PENDING, RUNNING, PASSED]
        assert group.begun == 2


async def test_why_a_changed_network_is_checked_again_is_said_until_it_has_its_verdicts() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", _takes(clock, 0.5, {"changed": False}))]
    )

    async with _running(clock, group) as (runner, _):
        await clock.advance(1)
        before = runner.progress.again
        group.is_void = True
        await clock.advance(0.25)
        meanwhile = runner.progress.again
        await clock.advance(0.5)

        assert before is None
        assert meanwhile is CheckedAgain.NETWORK_CHANGED
        assert runner.progress.again is None


async def test_a_restart_that_the_person_asked_for_needs_no_words() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK, [Check("net.changed", _takes(clock, 0.5, {"changed": False}))]
    )

    async with _running(clock, group) as (runner, page):
        runner.restart(Group.NETWORK, CheckedAgain.REPORT_OLD)
        await clock.advance(0.1)
        assert runner.progress.again is CheckedAgain.REPORT_OLD
        runner.restart(Group.NETWORK)
        await clock.advance(0.1)

        assert page.seen[-1].again is None


async def test_a_refresh_measures_again_with_company_while_all_is_well() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.NETWORK,
        [
            Check("net.health", _gives({"healthy": True, "lost": 0})),
            Check(
                "net.rtt_high",
                _gives(
                    {"samples": 11, "rtt_median_ms": 20.0}, {"samples": 11, "rtt_median_ms": 400.0}
                ),
                needs=("net.health",),
                together=("net.health",),
            ),
        ],
        retry_every_s=5,
    )
    group.refresh = (("net.rtt_high",), 15)

    async with _running(clock, group) as (runner, page):
        await clock.advance(14.9)
        assert _result(runner, "net.rtt_high") == (PASSED, None)
        await clock.advance(0.2)

        assert _result(runner, "net.rtt_high") == (FAILED, None)
        assert page.states("net.health") == [PENDING, RUNNING, PASSED]
        assert runner.progress.checks[0].attempts == 2


async def test_the_fraction_counts_final_checks() -> None:
    clock = FakeClock()
    group = MadeUpGroup(
        Group.CAMERA,
        [Check("camera.none", _gives(ONE)), Check("camera.busy", _takes(clock, 1, FREE))],
    )

    async with _running(clock, group) as (runner, _):
        assert runner.progress.fraction == 0.5
        decided = asyncio.ensure_future(runner.decided())
        await clock.advance(1)

        assert (await decided).fraction == 1.0


async def test_a_group_that_cannot_begin_still_gets_verdicts(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("group camera did not begin")
    clock = FakeClock()

    class Broken(MadeUpGroup):
        async def begin(self) -> None:
            raise OSError("made up")

    group = Broken(Group.CAMERA, [Check("camera.busy", _gives(FREE))])

    async with _running(clock, group) as (runner, _):
        assert _result(runner, "camera.busy") == (PASSED, None)
