"""A call of an hour with a rejoin each minute takes no more of the machine than a short one.

Two client processes paint each other's pictures; one of them, in turn, leaves, comes back, mutes
and unmutes, and takes its camera off and on. ``LIFTBAY_SOAK_MINUTES`` and ``LIFTBAY_SOAK_ROUND_S``
make it shorter; the first sixth of the rounds is warm-up.

Measured on two shared cores, at a load of 3 to 12. An hour of 60 rounds found a growth of 42 MiB,
which was the test's client's own: it had not asked for the product's memory habits. Since it does,
51 rounds of 20 s stood at 206 to 229 MiB from the eighth on, 30 threads and 39 files, whole 3.5 to
6.0 s after a rejoin; and the whole hour passed, beside a run of all other tests on the same two
cores. `GROWTH_MB` finds a leak of 1 MiB for each rejoin.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Sequence

import pytest

from tests.fakes.livekit_server import LiveKitServer
from tests.faults.seed import tell
from tests.faults.two_sides import TwoSides, two_sides
from tests.integration.media.client_process import PITCHES_HZ, ClientProcess
from tests.integration.media.test_two_clients import (
    painted_per_second,
    until_pictures_flow,
    until_streams,
)
from tests.soak.footprint import Footprint, footprint

MINUTES = float(os.environ.get("LIFTBAY_SOAK_MINUTES", "60"))
ROUND_S = float(os.environ.get("LIFTBAY_SOAK_ROUND_S", "60"))
ROUNDS = max(2, round(MINUTES * 60 / ROUND_S))
WARM_UP = max(1, ROUNDS // 6)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 150 * ROUNDS)]

BACK_WITHIN_S = 30.0
GROWTH_MB = 30.0
MORE_THREADS = 4
MORE_FILES = 4
MOST_PICTURES_PER_S = 36


async def test_soak_a_long_call_with_rejoins_grows_in_nothing() -> None:
    prints: dict[str, list[Footprint]] = {name: [] for name in PITCHES_HZ}
    with LiveKitServer() as server:
        async with two_sides(server, "soak") as sides:
            for side in sides.both:
                await sides.join(side)
            await sides.until_whole(BACK_WITHIN_S)
            for number in range(ROUNDS):
                began_s = time.monotonic()
                back_s = await one_round(sides, sides.both[number % 2])
                for side in sides.both:
                    prints[side.name].append(await footprint(side.pid))
                told = "; ".join(f"{name} {seen[-1]}" for name, seen in prints.items())
                tell(f"{number}: whole after {back_s:.1f} s; {told}")
                await asyncio.sleep(max(0.0, began_s + ROUND_S - time.monotonic()))
            for side in sides.both:
                assert not side.seen("RoomDisconnected")

    for name, seen in prints.items():
        assert_no_growth(name, seen[WARM_UP - 1 :])


async def one_round(sides: TwoSides, comer: ClientProcess) -> float:
    """Rejoin, mute and unmute, camera off and on; return how long the rejoin took to be whole."""
    other = sides.other(comer)
    await comer.ask("leave")
    await until_streams(other, video=0, sound=0)
    await sides.join(comer)
    assert comer.seen("RoomJoined"), comer.events[-3:]
    back_s = await sides.until_whole(BACK_WITHIN_S)

    await comer.ask("microphone", on=False)
    await other.wait_event("PeerMediaChanged", kind="microphone", is_on=False)
    await comer.ask("microphone", on=True)
    await comer.ask("camera", on=False)
    await asyncio.sleep(1.5)
    assert await painted_per_second(other, 1) == 0
    await comer.ask("camera", on=True)
    await until_pictures_flow(other, BACK_WITHIN_S)
    await sides.until_whole(BACK_WITHIN_S)
    for side in sides.both:
        # A stream that was left open brings every picture once more.
        assert await painted_per_second(side) <= MOST_PICTURES_PER_S
    return back_s


def assert_no_growth(name: str, seen: Sequence[Footprint]) -> None:
    """Compare the first third after the warm-up with the last one."""
    third = max(1, len(seen) // 3)
    first, last = seen[:third], seen[-third:]
    grown_mb = statistics.median(one.rss_mb for one in last) - statistics.median(
        one.rss_mb for one in first
    )
    assert grown_mb <= GROWTH_MB, f"{name} grew by {grown_mb:.0f} MiB in {len(seen)} rounds"
    more_threads = min(one.threads for one in last) - min(one.threads for one in first)
    assert more_threads <= MORE_THREADS, f"{name}: {more_threads} more threads"
    more_files = min(one.files for one in last) - min(one.files for one in first)
    assert more_files <= MORE_FILES, f"{name}: {more_files} more open files"
