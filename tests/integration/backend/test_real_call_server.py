"""The service beside a real LiveKit server: webhooks, looks, and a server that dies in mid-call."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import PayoutRow, SettlementRow, WebhookEventRow
from liftbay_backend.domain.states import PresenceState, WorkState
from liftbay_backend.services.webhooks import PROVIDER
from tests.conftest import ExpectedLogs
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.real_calls import RealCall, RealCalls, real_calls
from tests.faults.seed import tell

pytestmark = pytest.mark.timeout(150)

PRESENT: Final = PresenceState.PRESENT
ABSENT: Final = PresenceState.ABSENT
MANY: Final = 20
MANY_BACK_WITHIN_S: Final = 120.0


@pytest.fixture(autouse=True)
def _engine_says(expected_logs: ExpectedLogs) -> None:
    for line in ("rtc_engine", "livekit_signaling", "livekit::"):
        expected_logs.allow(line, may_stay_away=True)


async def restart(server: LiveKitServer, down_s: float) -> None:
    server.kill()
    await asyncio.sleep(down_s)
    server.start()


async def webhooks(calls: RealCalls) -> int:
    async with calls.service.core.database.reading() as db:
        query = select(WebhookEventRow.event_id).where(WebhookEventRow.provider == PROVIDER)
        return len((await db.execute(query)).scalars().all())


async def test_a_call_server_that_dies_in_mid_call_loses_nobody(tmp_path: Path) -> None:
    """Both came with a report, were seen by webhook, and are back after the restart."""
    async with real_calls(tmp_path) as calls:
        call = await calls.call()
        await call.begin()
        seen_at_start = await call.states()
        await restart(calls.server, 1.0)
        await call.wait_for([PRESENT, PRESENT])
        await call.wait_for_each_other()
        clock = await call.clock()
        await call.rooms[1].disconnect()
        await call.wait_for([PRESENT, ABSENT])
        await call.rooms[0].disconnect()
        told = await webhooks(calls)

    assert seen_at_start == [PRESENT, PRESENT]
    assert clock["state"] == "running"
    assert told >= 4


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_call_server_that_dies_with_20_rooms_loses_nobody_and_no_money(
    tmp_path: Path, new_database: Callable[[], str | None]
) -> None:
    """On both databases, whose books are looked at afterwards."""
    settings: dict[str, Any] = {"database_url": new_database(), "billable_minimum_seconds": 1}
    async with real_calls(tmp_path, **settings) as calls:
        made = [await calls.call() for _ in range(MANY)]
        for call in made:
            await call.begin()
        assert [await call.states() for call in made] == [[PRESENT, PRESENT]] * MANY
        began = time.monotonic()
        await restart(calls.server, 2.0)
        for call in made:
            await call.wait_for_each_other(MANY_BACK_WITHIN_S)
            await call.wait_for([PRESENT, PRESENT], MANY_BACK_WITHIN_S)
        tell(f"all {MANY} rooms back after {time.monotonic() - began:.1f} s")
        clocks = [await call.clock() for call in made]
        for call in made:
            await ended(call)
        settled = await until_settled(calls)
        async with calls.service.core.database.reading() as db:
            payouts = (await db.execute(select(PayoutRow))).scalars().all()

    assert [one["state"] for one in clocks] == ["running"] * MANY
    assert settled == {("done", "paid"): MANY}
    assert len({one.session_id for one in payouts}) == len(payouts) == MANY
    assert {one.state for one in payouts} == {WorkState.DONE}


async def ended(call: RealCall) -> None:
    """Let the mechanic press End, and both leave."""
    pressed_at = datetime.now(UTC).isoformat()
    body = {"reason": "ended_by_mechanic", "pressed_at": pressed_at, "attempt": None}
    answer = await call.people[1].http.post(f"{call.path}/end", json=body)
    assert answer.status_code == 200, answer.text
    await call.leave()


async def until_settled(calls: RealCalls) -> Counter[tuple[str, str]]:
    """Wait until every session's settlement is done; return how they ended."""
    async with asyncio.timeout(MANY_BACK_WITHIN_S):
        while True:
            async with calls.service.core.database.reading() as db:
                rows = (await db.execute(select(SettlementRow))).scalars().all()
            found = Counter((row.state.value, row.payout_state) for row in rows)
            if found.total() == MANY and all(state == "done" for state, _ in found):
                return found
            await asyncio.sleep(0.2)
