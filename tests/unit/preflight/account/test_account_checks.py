"""A01 to A07 through a service in memory; the first three before any device is opened."""

from datetime import timedelta

import msgspec
import pytest

from client_api.errors import (
    ClientError,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)
from client_api.wire import Problem, ReadinessState, Session, SessionId, SessionStatus
from preflight.checks.account.bench import AccountBench
from preflight.checks.account.group import account_group
from preflight.model import CheckResult, CheckState
from preflight.running.runner import PreflightRunner
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.clock import FakeClock
from tests.fakes.preflight_service import FakePreflightService
from tests.fakes.wire_samples import mechanic_session, sample_session

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)
EVERY = (
    "account.signed_in",
    "session.not_yours",
    "session.ended",
    "session.too_early",
    "session.other_device",
    "session.other_side",
    "session.report_stale",
)


class Desk:
    """The account's group over a service that the test spoils."""

    def __init__(
        self, *, signed_in: bool = True, session: str | None = "s-1", refused: str | None = None
    ) -> None:
        self.clock = FakeClock()
        self.service = FakePreflightService(self.clock)
        self.bench = AccountBench(
            self.service if signed_in else None,
            None if session is None else SessionId(session),
            self.clock,
            report_refused=refused,
        )
        self.runner = PreflightRunner([account_group(self.bench)], self.clock, lambda _: None)

    async def run(self, seconds: float = 0.5) -> "Desk":
        self.runner.start()
        await self.clock.advance(seconds)
        return self

    def result(self, code: str) -> CheckResult:
        return next(each for each in self.runner.progress.checks if each.code == code)

    def verdict(self, code: str) -> tuple[CheckState, str | None]:
        found = self.result(code)
        return found.state, found.reason

    async def close(self) -> None:
        await self.runner.stop()
        await self.bench.close()


def refusal(code: str, status: int) -> Refused:
    return Refused(Problem(code=code, title="made up", status=status))


def code_of(answer: Session | ClientError) -> str | None:
    """Return the code of a refusal; None for any other answer."""
    return answer.problem.code if isinstance(answer, Refused) else None


NO_ANSWER = Unreachable(UnreachableReason.TIMED_OUT, "made up")


async def test_all_is_well_and_asked_once() -> None:
    desk = await Desk().run()

    assert {code: desk.verdict(code) for code in EVERY} == dict.fromkeys(EVERY, (PASSED, None))
    assert desk.service.asked == ["session", "readiness"]
    await desk.close()


async def test_nobody_is_signed_in() -> None:
    desk = await Desk(signed_in=False).run()

    assert {desk.verdict(code) for code in EVERY} == {(SKIPPED, "not_signed_in")}
    await desk.close()


async def test_a_diagnosis_asks_for_the_account_alone() -> None:
    desk = await Desk(session=None).run()

    assert desk.verdict("account.signed_in") == (PASSED, None)
    assert {desk.verdict(code) for code in EVERY[1:]} == {(SKIPPED, "not_offered")}
    assert desk.service.asked == ["me"]
    assert desk.runner.progress.finished
    await desk.close()


@pytest.mark.parametrize(
    ("answer", "code", "state", "refused"),
    [
        pytest.param(
            sample_session(),
            "account.signed_in",
            PASSED,
            None,
            marks=[clears("account.signed_in"), clears("session.not_yours")],
        ),
        pytest.param(
            refusal("auth.expired", 401),
            "account.signed_in",
            FAILED,
            ErrorCode.AUTH_EXPIRED,
            marks=raises("account.signed_in"),
        ),
        pytest.param(
            refusal("session.not_participant", 403),
            "session.not_yours",
            FAILED,
            ErrorCode.SESSION_NOT_PARTICIPANT,
            marks=raises("session.not_yours"),
        ),
        (
            refusal("session.not_found", 404),
            "session.not_yours",
            FAILED,
            ErrorCode.SESSION_NOT_FOUND,
        ),
        (
            sample_session(my_role="support"),
            "session.not_yours",
            FAILED,
            ErrorCode.SESSION_NOT_PARTICIPANT,
        ),
        pytest.param(
            mechanic_session(),
            "session.not_yours",
            PASSED,
            None,
            marks=just_misses("session.not_yours"),
        ),
        pytest.param(
            refusal("rate.limited", 429),
            "account.signed_in",
            UNKNOWN,
            None,
            marks=just_misses("account.signed_in"),
        ),
        (NO_ANSWER, "account.signed_in", UNKNOWN, None),
        pytest.param(
            refusal("session.ended", 410),
            "session.ended",
            FAILED,
            ErrorCode.SESSION_ENDED,
            marks=raises("session.ended"),
        ),
        pytest.param(
            sample_session(status=SessionStatus.COMPLETED.value),
            "session.ended",
            FAILED,
            ErrorCode.SESSION_ENDED,
            marks=raises("session.ended"),
        ),
        pytest.param(
            sample_session(status=SessionStatus.WAITING.value),
            "session.ended",
            PASSED,
            None,
            marks=clears("session.ended"),
        ),
        pytest.param(
            sample_session(status=SessionStatus.LIVE.value),
            "session.ended",
            PASSED,
            None,
            marks=just_misses("session.ended"),
        ),
    ],
)
async def test_who_is_turned_away_is_told_before_the_run_and_in_it(
    answer: Session | ClientError, code: str, state: CheckState, refused: ErrorCode | None
) -> None:
    desk = Desk()
    desk.service.session_now = answer

    told = await desk.bench.turned_away()
    await desk.run()

    assert told is refused
    assert desk.verdict(code)[0] is state
    told_before = answer is not NO_ANSWER and code_of(answer) != "rate.limited"
    assert desk.service.asked.count("session") == (1 if told_before else 2)
    await desk.close()


async def test_the_root_of_what_is_skipped_is_named() -> None:
    desk = Desk()
    desk.service.session_now = refusal("auth.required", 401)
    await desk.run()

    assert desk.verdict("session.other_side") == (SKIPPED, "needs:account.signed_in")
    await desk.close()


async def test_a_service_that_does_not_answer_keeps_nobody_from_the_checks() -> None:
    desk = Desk()
    desk.service.answers_after_s = 60
    asking = desk.bench._tasks.spawn(desk.bench.turned_away(), name="ask")
    await desk.clock.advance(4.9)
    waits = not asking.done()
    await desk.clock.advance(0.2)

    assert waits
    assert await asking is None
    await desk.run(5.5)
    assert desk.verdict("account.signed_in") == (UNKNOWN, "deadline")
    await desk.close()


async def test_a_service_that_told_nothing_at_first_is_asked_again() -> None:
    """One lost answer left all of the account unknown for the whole run."""
    desk = Desk()
    good = desk.service.session_now
    desk.service.session_now = NO_ANSWER
    await desk.run(2)
    at_first = desk.verdict("account.signed_in")
    desk.service.session_now = good
    await desk.clock.advance(6)

    assert at_first == (UNKNOWN, "not_told")
    assert {code: desk.verdict(code) for code in EVERY} == dict.fromkeys(EVERY, (PASSED, None))
    await desk.close()


@pytest.mark.parametrize(
    ("early", "state", "minutes"),
    [
        pytest.param(None, PASSED, 0, marks=clears("session.too_early")),
        (timedelta(minutes=-5), PASSED, 0),
        pytest.param(timedelta(seconds=59), PASSED, 1, marks=just_misses("session.too_early")),
        pytest.param(timedelta(minutes=12), WARNED, 12, marks=raises("session.too_early")),
    ],
)
async def test_the_booked_time_is_compared_with_the_services_clock(
    early: timedelta | None, state: CheckState, minutes: int
) -> None:
    desk = Desk()
    desk.clock.set_wall_clock(desk.clock.now() + timedelta(days=2))
    session = sample_session()
    booked = None if early is None else session.clock.server_now + early
    desk.service.session_now = msgspec.structs.replace(session, scheduled_for=booked)

    await desk.run()

    assert desk.verdict("session.too_early") == (state, None)
    assert desk.result("session.too_early").measured["minutes"] == minutes
    await desk.close()


def sides(desk: Desk, **changes: object) -> None:
    """Change what the service says of the mechanic's side."""
    other = msgspec.structs.replace(desk.service.sides.mechanic, **changes)
    desk.service.sides = msgspec.structs.replace(desk.service.sides, mechanic=other)


@raises("session.other_device")
@clears("session.other_device")
async def test_another_device_in_the_call_is_named_until_it_leaves() -> None:
    desk = Desk()
    desk.service.session_now = mechanic_session()
    sides(desk, in_room=True)
    await desk.run()
    before = desk.verdict("session.other_device")

    sides(desk, in_room=False)
    await desk.clock.advance(4)

    assert before == (WARNED, None)
    assert desk.verdict("session.other_device") == (PASSED, None)
    await desk.close()


@just_misses("session.other_device")
async def test_the_other_side_in_the_call_is_no_other_device() -> None:
    desk = Desk()
    sides(desk, in_room=True, state=ReadinessState.IN_CALL)
    await desk.run()

    assert desk.verdict("session.other_device") == (PASSED, None)
    assert desk.result("session.other_side").measured == {"other_side": "in_call"}
    await desk.close()


async def test_a_service_that_does_not_say_who_is_in_the_room_is_unknown() -> None:
    desk = Desk()
    desk.service.session_now = mechanic_session()
    sides(desk, in_room=None)
    await desk.run()

    assert desk.verdict("session.other_device") == (UNKNOWN, "not_told")
    await desk.close()


@raises("session.other_side")
@clears("session.other_side")
@just_misses("session.other_side")
async def test_the_other_side_is_followed_and_never_a_fault() -> None:
    """Whatever it tells, it passes: the three cases of a check that knows no fault."""
    desk = Desk()
    sides(desk, state=ReadinessState.ABSENT)
    await desk.run()
    seen = []
    for state in (ReadinessState.FIXING, ReadinessState.READY, ReadinessState.UNKNOWN):
        sides(desk, state=state)
        await desk.clock.advance(4)
        found = desk.result("session.other_side")
        seen.append((found.state, found.measured["other_side"]))

    assert seen == [(PASSED, "fixing"), (PASSED, "ready"), (PASSED, "unknown")]
    await desk.close()


@raises("session.report_stale")
@clears("session.report_stale")
async def test_a_refused_report_warns_until_another_one_is_taken() -> None:
    desk = await Desk(refused="stale").run()
    before = desk.result("session.report_stale")

    desk.bench.report_refused = None
    await desk.clock.advance(1)

    assert before.state is WARNED
    assert before.measured == {"refused": True, "why": "stale"}
    assert desk.verdict("session.report_stale") == (PASSED, None)
    await desk.close()


@just_misses("session.report_stale")
def test_nothing_is_refused_before_the_first_report() -> None:
    assert judge("session.report_stale", {"refused": False, "why": None}) is PASSED
