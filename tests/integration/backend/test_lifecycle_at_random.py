"""The lifecycle at random: two clients, crashes, replays, trouble on every side, on both engines.

No forbidden status, no double money, a ledger that balances, the same for both clients, no 5xx;
and once everything has come to rest, all is paid or given back. `tests/fakes/lifecycle_machine.py`
says what can happen, `tests/fakes/lifecycle_audit.py` what must be true.
"""

import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.lifecycle_machine import LifecycleMachine, OpenStage
from tests.fakes.lifecycle_stage import ROOMY, LifecycleStage, lifecycle_stage
from tests.faults.seed import chance, tell

QUICK_WALKS, QUICK_STEPS = 3, 20
DEEP_WALKS, DEEP_STEPS = 5, 50
DEEP_SECONDS = float(os.environ.get("LIFTBAY_LIFECYCLE_SECONDS", "120"))
MOST_TIMES = 5
EVERYWHERE = {"completed", "cancelled", "expired", "unattended", "deaths", "refunds", "transfers"}
SAID = (
    *("payout.unclear", "payout.refused", "refund.unclear", "refund.refused", "refund.failed"),
    *("checkout.not_closed", "settlement.stuck", "crm.refused", "crm.gave_up"),
)


def walks(number: int, steps: int, *, always_the_same: bool) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        derandomize=always_the_same,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@dataclass
class Walks:
    """Makes machines, each on a database of its own, and counts what they came to."""

    open_stage: OpenStage
    reached: Counter[str] = field(default_factory=Counter)

    def run(self, number: int, steps: int, *, hypothesis_seed: int | None = None) -> None:
        """Go on so many walks; always the same ones without a seed."""

        open_stage, reached = self.open_stage, self.reached

        class Machine(LifecycleMachine):
            """The machine, as hypothesis makes it: without arguments."""

            def __init__(self) -> None:
                super().__init__(open_stage, reached)

        if hypothesis_seed is not None:
            seed(hypothesis_seed)(Machine)
        same = hypothesis_seed is None
        run_state_machine_as_test(Machine, settings=walks(number, steps, always_the_same=same))

    def missing(self) -> set[str]:
        """Return where no walk has come to yet."""
        return EVERYWHERE - {one.partition(":")[0] for one, times in self.reached.items() if times}


@pytest.fixture
def walked(make_settings: Callable[..., Settings], expected_logs: ExpectedLogs) -> Walks:
    for line in SAID:
        expected_logs.allow(line, may_stay_away=True)

    @asynccontextmanager
    async def opened() -> AsyncIterator[LifecycleStage]:
        async with lifecycle_stage(make_settings(**ROOMY)) as stage:
            yield stage

    return Walks(opened)


@pytest.mark.timeout(900)
def test_every_walk_keeps_the_rules(walked: Walks) -> None:
    walked.run(QUICK_WALKS, QUICK_STEPS)

    assert walked.reached["walks"] >= QUICK_WALKS
    assert walked.reached["requests"] > 10 * QUICK_WALKS


@pytest.mark.slow
@pytest.mark.timeout(DEEP_SECONDS * MOST_TIMES + 900)
def test_every_walk_keeps_the_rules_for_long(walked: Walks) -> None:
    """And comes everywhere: a walk that never ends a session would keep every rule.

    A crowded machine makes fewer walks in the time, which then goes on until they have.
    """
    dice = chance("lifecycle")
    began = time.monotonic()
    while (took_s := time.monotonic() - began) < DEEP_SECONDS or (
        took_s < MOST_TIMES * DEEP_SECONDS and walked.missing()
    ):
        number = dice.randrange(2**32)
        tell(f"lifecycle: hypothesis seed {number}")
        walked.run(DEEP_WALKS, DEEP_STEPS, hypothesis_seed=number)
    tell(f"lifecycle: {dict(sorted(walked.reached.items()))}")

    assert not walked.missing()
