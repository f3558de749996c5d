"""The warm samples of a real server on this machine, whose clock is off by ten minutes."""

from datetime import timedelta

import pytest

from client_api.clock import SystemClock
from preflight.checks.host.clock_skew import skew_figures
from preflight.model import CheckState
from preflight.probe.sampler import sample
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, raises
from tests.fakes.http_service import Received, Reply, http_service, ok


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        pytest.param(10, CheckState.FAILED, marks=raises("host.clock_skew")),
        pytest.param(-10, CheckState.FAILED, marks=raises("host.clock_skew")),
        pytest.param(1, CheckState.WARNED, marks=raises("host.clock_skew")),
        pytest.param(0, CheckState.PASSED, marks=clears("host.clock_skew")),
    ],
)
async def test_a_clock_that_is_off_is_measured_within_half_a_round_trip(
    minutes: int, state: CheckState
) -> None:
    clock = SystemClock()

    def health(_: Received) -> Reply:
        now = clock.now() + timedelta(minutes=minutes)
        return ok(
            {
                "status": "ok",
                "server_now": now.isoformat(timespec="milliseconds"),
                "version": "0.2.0",
                "min_client_version": "0.1.0",
            },
            ("Server-Timing", "app;dur=0.1"),
        )

    async with http_service() as server:
        server.otherwise = health
        figures = (await sample(server.url, samples=5, budget_s=6.0)).figures()

    found = skew_figures(figures)
    assert found is not None
    assert judge("host.clock_skew", found) is state
    # The stamp has whole milliseconds.
    error_s = float(str(found["error_s"])) + 0.001
    assert abs(float(str(found["skew_s"])) - 60 * minutes) <= error_s
    assert error_s < 1.0
