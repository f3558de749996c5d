"""Measure what one request of each kind takes of the service's processor, one after the other.

    python -m benchmarks.load.costs [--database sqlite|postgres] [--requests 300]

A whole run of `benchmarks.load` tells what many sessions cost together; this tells which part to
work on. Processor time, so that what else the machine does matters little.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from benchmarks.load.__main__ import room_api
from benchmarks.load.call import Customer, LiveSession
from benchmarks.load.ledger import Ledger
from benchmarks.load.watch import used_seconds
from benchmarks.load.wire import Wire
from benchmarks.service import running_service

SESSIONS: Final = 20
IDLE_SECONDS: Final = 10.0


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    told = asyncio.run(_measure(options.database == "postgres", options.requests))
    print(json.dumps({"database": options.database} | told, indent=2))
    return 0


async def _measure(postgres: bool, requests: int) -> dict[str, Any]:
    async with (
        room_api() as (rooms, _),
        running_service(
            SESSIONS, postgres=postgres, mechanics=SESSIONS, media_server=rooms
        ) as service,
    ):
        people, ledger, room_wire = service.people, Ledger(), Wire(rooms, "")
        ledger.open()
        sessions = [
            LiveSession(service.base, room_wire, Customer(*customer), mechanic, ledger)
            for *customer, mechanic in zip(
                people.customer_ids, people.tokens, people.mechanics, strict=True
            )
        ]
        for session in sessions:
            await session.begin()
        base = await _idle(service.pid)
        kinds: dict[str, Callable[[int], Awaitable[object]]] = {
            "GET /api/health": lambda n: (
                sessions[n % SESSIONS].sides[0].wire.send("GET", "/api/health")
            ),
            "GET clock, customer": lambda n: sessions[n % SESSIONS].ask_clock(0),
            "GET clock, mechanic": lambda n: sessions[n % SESSIONS].ask_clock(1),
            "POST quality, customer": lambda n: sessions[n % SESSIONS].send_quality(0),
            "POST messages, customer": lambda n: sessions[n % SESSIONS].say(0),
        }
        costs = {name: await _cost(service.pid, do, requests, base) for name, do in kinds.items()}
        async with asyncio.TaskGroup() as group:
            streams = [task for session in sessions for task in session.listen(group)]
            await asyncio.sleep(2)
            listening = await _idle(service.pid)
            for task in streams:
                task.cancel()
        for session in sessions:
            for side in session.sides:
                side.wire.close()
        return {
            "cores_without_requests": round(base, 4),
            "cores_per_idle_stream": round((listening - base) / len(streams), 5),
            "ms_per_request": costs,
            "faults": ledger.summary()["faults"],
        }


async def _idle(pid: int) -> float:
    began, used = time.perf_counter(), used_seconds([pid])
    await asyncio.sleep(IDLE_SECONDS)
    return (used_seconds([pid]) - used) / (time.perf_counter() - began)


async def _cost(
    pid: int, do: Callable[[int], Awaitable[object]], requests: int, base: float
) -> float:
    began, used = time.perf_counter(), used_seconds([pid])
    for number in range(requests):
        await do(number)
    spent = used_seconds([pid]) - used - base * (time.perf_counter() - began)
    return round(spent / requests * 1000, 2)


if __name__ == "__main__":
    sys.exit(main())
