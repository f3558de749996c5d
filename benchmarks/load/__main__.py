"""Measure many live sessions at once: how soon each route answers, and what a session costs.

    python -m benchmarks.load [--sessions 200] [--minutes 10] [--database sqlite|postgres]
                              [--instances 2]
    python -m benchmarks.load --scale    10 to 1,000 sessions, on both databases and two instances

One service, its own process, or two of them behind the balancer of deploy/, on a fresh database;
customers and mechanics with sign-ins of their own; sessions that went the whole way from the intake
to the start. Each has two clients, and each client one event stream, a poll of the clock every 5 s,
a batch of quality samples every 15 s, chat and notes (`benchmarks/load/call.py`). The media server
is made up (`benchmarks/load/room_api.py`). While sessions begin, those that live hold their streams
and send nothing; then all send. After a size that is more than the service carries, most of them
rest, and it is looked at whether all that was refused arrives (`benchmarks/load/beyond.py`).
Writes ``benchmarks/results/load-*.json`` and prints it as a table for docs/capacity.md.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import machine
from benchmarks.load.beyond import ends_under_load, fall_back
from benchmarks.load.call import Customer, LiveSession, NotBegun
from benchmarks.load.ledger import Ledger
from benchmarks.load.tables import faults_of, not_begun, scale_table, stage_table
from benchmarks.load.watch import Watch
from benchmarks.load.wire import Wire
from benchmarks.service import running_service, write_result

RESULTS: Final = Path(__file__).resolve().parents[1] / "results"
SCALE: Final = (10, 50, 200, 500, 700, 1000)
SCALE_SECONDS: Final = 45.0
BEGIN_AT_ONCE: Final = 4
BEGIN_PER_SECOND: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to measure: so many sessions one size after the other, each for `seconds`."""

    database: str
    instances: int
    sizes: tuple[int, ...]
    seconds: float
    settle: float


def main() -> int:
    """Measure and print; 0 when every budget of the last stage is kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--instances", type=int, choices=(1, 2), default=1)
    parser.add_argument("--settle", type=float, default=10.0, help="seconds before it counts")
    parser.add_argument("--scale", action="store_true", help="the whole table, on both databases")
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    if options.scale:
        return _scale(options.output, options.settle)
    if options.instances > 1 and options.database == "sqlite":
        parser.error("several instances share a PostgreSQL")
    plan = _Plan(
        **{"database": options.database, "instances": options.instances},
        **{"sizes": (options.sessions,), "seconds": options.minutes * 60},
        settle=options.settle,
    )
    result = _measure(plan)
    if "not_begun" in result:
        print(f"NOT kept: {not_begun(result)}")
        return 1
    name = "load-two.json" if options.instances > 1 else f"load-{options.database}.json"
    write_result(options.output or RESULTS / name, result)
    stage = result["stages"][-1]
    print(stage_table(stage))
    faults = faults_of(stage)
    print("every budget kept" if not faults else f"NOT kept: {'; '.join(faults)}")
    return 1 if faults else 0


def _scale(output: Path | None, settle: float) -> int:
    results = [
        _measure(_Plan(name, instances, SCALE, SCALE_SECONDS, settle))
        for name, instances in (("sqlite", 1), ("postgres", 1), ("postgres", 2))
    ]
    write_result(output or RESULTS / "load-scale.json", results)
    print("\n\n".join(scale_table(one) for one in results))
    return 0


def _measure(plan: _Plan) -> dict[str, Any]:
    """Return a stage for each size.

    A size at which not all sessions came to life has no stage and is the last; ``not_begun`` tells
    of it.
    """
    told: dict[str, Any] = {"database": plan.database, "instances": plan.instances}
    sizes = ", ".join(map(str, plan.sizes))
    print(f"{plan.database} x{plan.instances}: {sizes} sessions", file=sys.stderr, flush=True)
    return told | {"machine": machine()} | asyncio.run(_stages(plan))


async def _stages(plan: _Plan) -> dict[str, Any]:
    most = max(plan.sizes)
    async with (
        room_api() as (rooms, room_api_pid),
        running_service(
            most,
            postgres=plan.database == "postgres",
            mechanics=most,
            media_server=rooms,
            instances=plan.instances,
        ) as service,
    ):
        people = service.people
        ledger, room_wire = Ledger(), Wire(rooms, "")
        sessions = [
            LiveSession(service.base, room_wire, Customer(*customer), mechanic, ledger)
            for *customer, mechanic in zip(
                people.customer_ids, people.tokens, people.mechanics, strict=True
            )
        ]
        watch = Watch(service, room_api_pid)
        told: dict[str, Any] = {"stages": []}
        stages = told["stages"]
        async with asyncio.TaskGroup() as group:
            begun = 0
            for size in plan.sizes:
                for session in sessions[:begun]:
                    session.rest()
                ledger.open()
                try:
                    await _begin(sessions[begun:size], group)
                except* NotBegun:
                    told["not_begun"] = {"sessions": size, "faults": ledger.summary()["faults"]}
                if "not_begun" in told:
                    break
                begun = size
                stages.append(await _size(plan, ledger, watch, sessions[:size]))
                print(stage_table(stages[-1]), file=sys.stderr, flush=True)
            for session in sessions:
                session.leave()
        for session in sessions:
            for side in session.sides:
                side.wire.close()
        return told


def _settle_memory() -> None:
    """A full collection over 400 clients took 200 ms, and every answer of then looked so late."""
    gc.collect()
    gc.freeze()


async def _size(
    plan: _Plan, ledger: Ledger, watch: Watch, sessions: list[LiveSession]
) -> dict[str, Any]:
    """Return what so many sessions do and cost together; they have begun and are at rest."""
    begun = ledger.summary()
    _settle_memory()
    for session in sessions:
        session.wake()
    ledger.open()
    await asyncio.sleep(plan.settle)
    settling = ledger.summary()
    told = await _stage(ledger, watch, len(sessions), plan.seconds)
    told |= {"starts": begun["routes"], "refused_before": settling["refused"]}
    for what in (begun, settling):
        told["faults"] |= what["faults"]
    if told["refused"]:
        if len(sessions) == max(plan.sizes):
            told["ends"] = await ends_under_load(ledger, sessions)
        told["after"] = await fall_back(ledger, sessions)
    return told


async def _begin(sessions: list[LiveSession], life: asyncio.TaskGroup) -> None:
    """Let sessions come, not all at the same moment; each then lives, at rest.

    Raises:
        ExceptionGroup: of `NotBegun`.
    """
    at_once = asyncio.Semaphore(BEGIN_AT_ONCE)

    async def one(number: int, session: LiveSession) -> None:
        await asyncio.sleep(number / BEGIN_PER_SECOND)
        async with at_once:
            await session.begin()
        session.live(life)

    async with asyncio.TaskGroup() as group:
        for number, session in enumerate(sessions):
            group.create_task(one(number, session))


async def _stage(ledger: Ledger, watch: Watch, size: int, seconds: float) -> dict[str, Any]:
    told: dict[str, Any] = {"sessions": size, "load_before": machine()["load_1_min"]}
    ledger.open()
    await watch.begin()
    for _ in range(round(seconds)):
        await asyncio.sleep(1)
        watch.look()
    ledger.close()
    told |= await watch.end(size)
    told |= ledger.summary() | {"load_after": machine()["load_1_min"]}
    return told | {"requests_per_second": round(told["requests"] / told["seconds"], 1)}


@asynccontextmanager
async def room_api() -> AsyncIterator[tuple[str, int]]:
    """Run the made-up media server; yields its address and its process id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.load.room_api"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().split()[1], process.pid
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    sys.exit(main())
