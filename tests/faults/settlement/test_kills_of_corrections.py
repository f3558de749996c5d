"""SIGKILL while money goes back of what the CRM knows already: one correction, all the same.

In `test_kills` refunds mostly come before the record; here they come behind its delivery.
"""

import random
import signal
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
import pytest_asyncio

from liftbay_backend.crm.record import CORRECTED, SETTLED
from liftbay_backend.settings import Settings
from tests.faults.seed import chance, tell
from tests.faults.settlement.settlers import End
from tests.faults.settlement.stage import Kind, Stage, settlement_stage

KINDS = (Kind.REFUNDED, Kind.REFUNDED_IN_PART)
A_FEW = ("after look_again", "attempt: after CrmWebhook.send", "after attempt")

pytestmark = pytest.mark.timeout(900)


@pytest_asyncio.fixture
async def stage(make_settings: Callable[..., Settings]) -> AsyncIterator[Stage]:
    async with settlement_stage(make_settings) as opened:
        await opened.prepare(KINDS)
        yield opened


async def finished(stage: Stage) -> End:
    end = await stage.settlers.settle(stage.order())
    assert end.status == 0, stage.settlers.logged()
    await stage.all_is_settled_once()
    return end


async def settled_and_given_back(stage: Stage, dice: random.Random) -> None:
    """Let all be settled and told, and then order both refunds."""
    await stage.again()
    await finished(stage)
    assert await stage.told() == [[SETTLED]] * len(KINDS)
    while stage.meanwhile:
        await stage.happen(dice)


async def killed_at_each(stage: Stage, dice: random.Random, crossings: Sequence[str]) -> None:
    for at in crossings:
        await settled_and_given_back(stage, dice)
        end = await stage.settlers.settle(stage.order(kill_at=at))
        assert end.status == -signal.SIGKILL, (at, stage.settlers.logged())
        await stage.nothing_is_twice()
        await finished(stage)
        assert await stage.told() == [[SETTLED, CORRECTED]] * len(KINDS), at


async def test_a_correction_comes_once_though_its_process_is_killed(stage: Stage) -> None:
    await killed_at_each(stage, chance("a few kills of corrections"), A_FEW)


@pytest.mark.slow
async def test_a_correction_comes_once_wherever_its_process_is_killed(stage: Stage) -> None:
    dice = chance("kills of corrections")
    await settled_and_given_back(stage, dice)
    known = tuple(dict.fromkeys((await finished(stage)).crossed))
    crossings = [one for one in known if "look_again" in one or "attempt" in one]

    await killed_at_each(stage, dice, crossings)

    tell(f"killed at {len(crossings)} crossings: {crossings}")
