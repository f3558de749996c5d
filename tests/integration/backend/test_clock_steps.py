"""Somebody sets a machine's clock an hour on, or back, while a session is live (decision 0010).

Paid time, the end at 0:00 and every token go by service time, which follows no step.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from liftbay_backend.app import create_app
from liftbay_backend.clock import SystemClock
from liftbay_backend.services import due
from liftbay_backend.settings import Settings
from liftbay_backend.timekeeping import follow_once, set_by_database
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, quick_passwords
from tests.fakes.machine_clock import DatabaseClock
from tests.fakes.rooms import FakeRooms
from tests.fakes.service_clock import FakeServiceClock

HOUR_S = 3600
TOKEN_S = 3 * HOUR_S


@dataclass
class Stage:
    """A service whose own clock follows a database's, and the right time, which a test moves."""

    service: BackendService
    right: FakeServiceClock
    clock: SystemClock
    machine: DatabaseClock

    async def follow(self, known_step: float) -> float:
        """Do what the service does every ten seconds."""
        self.machine.tell()
        return await follow_once(self.clock, self.service.core.database, known_step)

    async def end_what_is_over(self) -> int:
        """Do what the tick does."""
        return await due.end_sessions_at_zero(self.service.app.state.live)


@asynccontextmanager
async def _stage(settings: Settings) -> AsyncIterator[Stage]:
    right = FakeServiceClock()
    clock = SystemClock(datetime(2020, 1, 1, tzinfo=UTC), monotonic=right.monotonic)
    rooms = FakeRooms(clock.now)
    app = create_app(settings, clock=clock, rooms=rooms, passwords=quick_passwords())
    async with AsyncExitStack() as stack:
        service = BackendService(app, right, rooms, stack)
        stack.push_async_callback(service.core.database.close)
        url = settings.database_url
        plain = None if url is None else url.get_secret_value()
        machine = DatabaseClock(service.core.database, plain, right.now)
        machine.tell()
        await set_by_database(clock, service.core.database)
        yield Stage(service, right, clock, machine)


@pytest.fixture
async def stage(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> AsyncIterator[Stage]:
    expected_logs.allow("clock.machine_differs")
    settings = make_settings(access_token_seconds=TOKEN_S, mechanic_cookie_seconds=TOKEN_S)
    async with _stage(settings) as opened:
        yield opened


async def me(bench: CallBench) -> int:
    return (await bench.customer.http.get("/api/me")).status_code


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
async def test_a_step_in_mid_call_changes_nothing_that_anybody_paid_for(
    stage: Stage, expected_logs: ExpectedLogs, step_s: int
) -> None:
    expected_logs.allow("clock.stepped")
    bench = await call_bench(stage.service)
    began = stage.right.now()
    started = await bench.start()
    stage.right.advance(minutes=10)
    known = await stage.follow(0.0)

    stage.machine.step(step_s)
    known = await stage.follow(known)
    ended_early = await stage.end_what_is_over()
    after = await bench.clock()
    stage.right.advance(minutes=49, seconds=59)
    assert await stage.follow(known) == pytest.approx(known, abs=0.1)
    last_second = await bench.clock()
    still_live = await stage.end_what_is_over()
    newcomer = await stage.service.customer("Late Comer")
    stage.right.advance(seconds=2)
    ended = await stage.end_what_is_over()
    session = await bench.session()
    stage.right.advance(seconds=TOKEN_S - HOUR_S - 30)
    signed_in = [await me(bench), (await newcomer.http.get("/api/me")).status_code]
    stage.right.advance(seconds=60)
    signed_out = await me(bench)

    assert known == pytest.approx(step_s, abs=0.1)
    assert started["ends_at"] == after["ends_at"] == last_second["ends_at"]
    assert (after["remaining_seconds"], last_second["remaining_seconds"]) == (3000.0, 1.0)
    assert (ended_early, still_live, ended) == (0, 0, 1)
    assert (session["status"], session["end"]["reason"]) == ("completed", "time_up")
    assert session["end"]["duration_seconds"] == HOUR_S
    told = datetime.fromisoformat(session["end"]["ended_at"])
    assert (told - began).total_seconds() == pytest.approx(HOUR_S, abs=0.1)
    assert (signed_in, signed_out) == ([200, 200], 401)


@pytest.mark.parametrize("drift_s", [1.5, -1.5])
async def test_drift_is_made_good_slowly_and_no_step(stage: Stage, drift_s: float) -> None:
    stage.machine.step(drift_s)
    moments = []
    known = 0.0
    for _ in range(40):
        stage.right.advance(seconds=10)
        known = await stage.follow(known)
        moments.append((stage.clock.now() - stage.right.now()).total_seconds())

    assert known == 0.0
    assert abs(moments[0]) <= 0.051
    assert moments[-1] == pytest.approx(drift_s, abs=0.01)
    ways = [later - earlier for earlier, later in pairwise(moments)]
    assert all(abs(one) <= 0.051 for one in ways), "faster than 5 ms a second"
    assert all(one * drift_s >= -0.001 for one in ways), "away from the right time"
