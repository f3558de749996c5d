"""SIGKILL at every crossing of a settlement and at random moments: exactly once, all the same.

Each round has a session of every kind. Processes settle them and are killed, one after the other,
while support orders refunds and a late payment arrives; the last one is let live.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from liftbay_backend.settings import Settings
from tests.faults.seed import chance, tell
from tests.faults.settlement.settlers import End
from tests.faults.settlement.stage import Kind, Stage, settlement_stage

KILLS = int(os.environ.get("LIFTBAY_FAULT_KILLS", "200"))
"""On each database."""
A_FEW = 6
KILLS_OF_A_ROUND = 8
CRM_MOODS = ("ok", "ok", "503", "lost", "drop", "429")
STRIPE_MOODS = ("ok", "ok", "ok", "ok", "cut", "down", "balance_insufficient")
INSTANCES = ("one", "two", None)

pytestmark = pytest.mark.timeout(900)


@pytest_asyncio.fixture
async def stage(make_settings: Callable[..., Settings]) -> AsyncIterator[Stage]:
    async with settlement_stage(make_settings) as opened:
        yield opened


@dataclass(slots=True)
class Killing:
    """One run of kills.

    Attributes:
        lasts_s: how much of the processor one takes that settles a whole round.
        to_hit: crossings at which nothing has died yet.
        hit: deaths by crossing, and those at random moments.
        known: every crossing that a process came past.
    """

    stage: Stage
    dice: random.Random
    lasts_s: float = 0.0
    to_hit: list[str] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    rounds: int = 0

    @property
    def deaths(self) -> int:
        return self.hit.total()

    async def undisturbed(self, kinds: Sequence[Kind]) -> None:
        """Settle one round without a kill, and learn the crossings."""
        await self.stage.prepare(kinds)
        while self.stage.meanwhile:
            await self.stage.happen(self.dice)
        self.lasts_s = (await self.to_the_end()).cpu_s

    async def round(self, most: int) -> None:
        """Settle one round with at most so many kills."""
        self.rounds += 1
        await self.stage.again()
        self.stage.crm.script = self.dice.choices(CRM_MOODS, k=6)
        for _ in range(min(most, KILLS_OF_A_ROUND)):
            if not await self.killed():
                break
            await self.stage.nothing_is_twice()
        while self.stage.meanwhile:
            await self.stage.happen(self.dice)
        self.stage.stripes.stripe.faults.clear()
        await self.to_the_end()

    async def killed(self) -> bool:
        """Start a process that is to die; tells whether it did before all was done."""
        at = self.to_hit.pop(0) if self.to_hit and self.dice.random() < 0.7 else None
        how = {"kill_at": at} if at else {"kill_after_cpu_s": self.dice.uniform(0, self.lasts_s)}
        order = self.stage.order(instance=self.dice.choice(INSTANCES), **how)
        self.stage.stripes.stripe.faults[:] = self.dice.choices(STRIPE_MOODS, k=3)
        end = await self.stage.settle(order, self.dice)
        self.learn(end)
        if end.status == 0:
            if at:
                self.to_hit.append(at)
            return False
        assert end.status == -signal.SIGKILL, self.stage.settlers.logged()
        self.hit[at or "at random"] += 1
        tell(f"death {self.deaths}: {at or 'at random'}")
        return True

    async def to_the_end(self) -> End:
        """Let a process live until everything is done, and look at everything."""
        end = await self.stage.settlers.settle(self.stage.order())
        assert end.status == 0, self.stage.settlers.logged()
        self.learn(end)
        await self.stage.all_is_settled_once()
        return end

    def learn(self, end: End) -> None:
        for name in end.crossed:
            if name not in self.known:
                self.known.add(name)
                self.to_hit.append(name)


async def killing(
    stage: Stage,
    kills: int,
    what: str,
    kinds: Sequence[Kind] = tuple(Kind),
    *,
    everywhere: bool = False,
) -> Killing:
    """Kill so often, in as many rounds as it takes.

    Args:
        everywhere: go on, up to twice as often, until something has died at every crossing.
    """
    dice = chance(what)
    run = Killing(stage, dice)
    await run.undisturbed(kinds)
    dice.shuffle(run.to_hit)
    while run.deaths < kills:
        await run.round(kills - run.deaths)
    while everywhere and run.to_hit and run.deaths < 2 * kills:
        await run.round(len(run.to_hit))
    return run


async def test_a_few_kills_change_nothing(stage: Stage) -> None:
    run = await killing(stage, A_FEW, "a few kills", (Kind.EXTENDED, Kind.REFUNDED_IN_PART))

    assert run.deaths == A_FEW


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
async def test_hundreds_of_kills_change_nothing(stage: Stage) -> None:
    began = time.monotonic()

    run = await killing(stage, KILLS, "kills of a settlement", everywhere=True)

    at_random = run.hit.pop("at random", 0)
    tell(
        f"{run.hit.total() + at_random} kills in {time.monotonic() - began:.0f} s, "
        f"{at_random} at random moments, "
        f"{run.hit.total()} at {len(run.hit)} of {len(run.known)} crossings, "
        f"{run.rounds} rounds of {len(stage.cases)} sessions; "
        f"never hit: {sorted(run.known - set(run.hit))}"
    )
    assert run.hit.total() + at_random >= KILLS
    assert run.known - set(run.hit) == set()
