"""No call of ours meets a bound on quality samples; the figures are the client's own."""

import pytest

from client_api.durable_queue import MAX_QUALITY
from desktop.call.moves import CLOCK_POLL_S
from desktop.call.samples import MOST
from liftbay_backend.domain.plans import DEFAULT_PLANS, Plan
from liftbay_backend.domain.quality_bounds import most_samples
from liftbay_backend.routers.quality import BATCH_SAMPLES
from liftbay_backend.services.pace import BATCHES
from liftbay_backend.settings import Settings

SAMPLES_A_SECOND = 1
"""desktop/media/room_stay.py measures once a second."""


@pytest.mark.parametrize("plan", list(DEFAULT_PLANS.values()), ids=lambda plan: plan.code)
@pytest.mark.parametrize("extensions", [0, 1, 4])
def test_the_longest_call_of_a_plan_stays_below_half_of_the_bound(
    plan: Plan, extensions: int
) -> None:
    settings = Settings()
    total_seconds = plan.total_seconds + extensions * plan.extension_seconds
    in_room_seconds = settings.start_window_seconds + total_seconds + settings.absence_cap_seconds

    limit = most_samples(
        total_seconds=total_seconds,
        start_window_seconds=settings.start_window_seconds,
        absence_cap_seconds=settings.absence_cap_seconds,
    )

    assert limit >= 2 * SAMPLES_A_SECOND * in_room_seconds


def test_a_full_queue_is_taken_in_one_minute_beside_the_running_call() -> None:
    waited, running = MAX_QUALITY, 60 / CLOCK_POLL_S

    assert int(BATCHES.removesuffix("/minute")) >= waited + running


def test_the_clients_longest_batch_is_taken() -> None:
    assert MOST <= BATCH_SAMPLES
