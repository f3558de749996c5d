"""Measure event streams: what idle ones cost, and how soon an event reaches the other client.

    python -m benchmarks.events [--streams 500] [--samples 300] [--postgres] [--output FILE]

One instance, its own process. First the service alone, then with so many account streams of so many
customers, all idle: resident memory and processor over a minute. Then, with all of them still open,
a customer writes and the mechanic's session stream brings it: the time from before the POST until
the event was read, the commit on the disk included. Writes ``benchmarks/results/events.json``.
"""

import argparse
import asyncio
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import psutil
from httpx_sse import ServerSentEvent, aconnect_sse

from benchmarks.figures import machine, spread_ms
from benchmarks.service import PASSWORD, RunningService, running_service, write_result

RESULTS: Final = Path(__file__).resolve().parent / "results"
OPEN_EVERY_S: Final = 0.02
"""All at once are more than an instance takes in hand: it refuses what comes beyond that."""
SEND_EVERY_S: Final = 0.55
"""The service takes 120 messages a minute from one side of a session."""
LATEST_S: Final = 10.0
SETTLE_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 60.0
BUDGET_MB: Final = 300
BUDGET_P95_MS: Final = 50
INTAKE: Final = {
    "plan": "diagnostic",
    "vehicle": {
        **{"year": 2016, "make": "Honda", "model": "Civic"},
        **{"vin": None, "plate": None, "odometer_km": 88000},
    },
    "concern": "Squeal on cold start",
    "urgency": "soon",
    "scheduled_for": None,
}


def main() -> int:
    """Measure and print; 0 when memory and latency are within their budgets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    database = "postgresql" if options.postgres else "sqlite"
    result: dict[str, Any] = {"database": database, "machine": machine()}
    result |= asyncio.run(_measure(options.streams, options.samples, postgres=options.postgres))
    name = "events-postgresql.json" if options.postgres else "events.json"
    write_result(options.output or RESULTS / name, result)
    print(json.dumps(result, indent=2))
    met = result["idle"]["rss_mb"] <= BUDGET_MB and result["event_ms"]["p95"] <= BUDGET_P95_MS
    print(f"within {BUDGET_MB} MB and {BUDGET_P95_MS} ms p95: {'yes' if met else 'NO'}")
    return 0 if met else 1


async def _measure(streams: int, samples: int, *, postgres: bool) -> dict[str, Any]:
    async with running_service(streams + 1, postgres=postgres) as service:
        alone = await _watch(service, SETTLE_SECONDS)
        async with asyncio.TaskGroup() as group:
            idle = []
            for token in service.people.tokens[1:]:
                idle.append(group.create_task(_follow(service.base, token)))
                await asyncio.sleep(OPEN_EVERY_S)
            await asyncio.sleep(SETTLE_SECONDS)
            with_streams = await _watch(service, IDLE_SECONDS)
            pairs = await _latencies(service, samples)
            gone = sum(task.done() for task in idle)
            for task in idle:
                task.cancel()
    return {
        "streams": streams,
        "streams_lost": gone,
        "alone": alone,
        "idle": with_streams,
        "event_ms": spread_ms([event for event, _ in pairs]),
        "answer_ms": spread_ms([answer for _, answer in pairs]),
        "samples": samples,
    }


async def _watch(service: RunningService, seconds: float) -> dict[str, float]:
    """Return the process's memory at the end of a while, and its mean share of a core."""
    process = psutil.Process(service.pid)
    before = process.cpu_times()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return {
        "rss_mb": round(process.memory_info().rss / 2**20, 1),
        "cpu_cores": round(used / seconds, 3),
    }


async def _follow(base: str, token: str) -> None:
    """Hold one account stream open and read whatever comes, with as little of our own as can be."""
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        head = f"GET /api/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"a stream was refused: {status.decode().strip()}")
        while await reader.read(65536):
            pass
    finally:
        writer.close()


async def _latencies(service: RunningService, samples: int) -> list[tuple[float, float]]:
    token = service.people.tokens[0]
    headers = {"Authorization": f"Bearer {token}"}
    client = {"X-Liftbay-Client": "bench"}
    async with (
        httpx.AsyncClient(base_url=service.base, headers=headers, timeout=30) as customer,
        httpx.AsyncClient(base_url=service.base, headers=client, timeout=30) as mechanic,
    ):
        session_id = await _accepted_session(service, customer, mechanic)
        path = f"/api/sessions/{session_id}"
        async with _stream(mechanic, f"{path}/events") as events:
            return [await _one(customer, path, events) for _ in range(samples)]


async def _accepted_session(
    service: RunningService, customer: httpx.AsyncClient, mechanic: httpx.AsyncClient
) -> str:
    sign_in = {"email": service.people.mechanic_email, "password": PASSWORD}
    (await mechanic.post("/api/mechanic/login", json=sign_in)).raise_for_status()
    begun = await customer.post("/api/intake/start", json=INTAKE)
    begun.raise_for_status()
    session = begun.json()["session"]
    path = f"/api/mechanics/requests/{session['request_id']}/accept"
    (await mechanic.post(path, json={})).raise_for_status()
    return str(session["id"])


@asynccontextmanager
async def _stream(
    http: httpx.AsyncClient, path: str
) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
    async with aconnect_sse(http, "GET", path) as source:
        async with aclosing(source.aiter_sse()) as events:
            yield events


async def _one(
    customer: httpx.AsyncClient, path: str, events: AsyncIterator[ServerSentEvent]
) -> tuple[float, float]:
    """Return the seconds until the other side had the event, and until the sender its answer."""
    body = {"client_id": str(uuid.uuid4()), "text": "Does it squeal when it is warm?"}
    began = time.perf_counter()
    sending = asyncio.create_task(_answered(customer, f"{path}/messages", body, began))
    try:
        async with asyncio.timeout(LATEST_S):
            async for event in events:
                if event.event == "message" and body["client_id"] in event.data:
                    break
    except TimeoutError as error:
        # A message that was refused has no event; then this is why.
        await sending
        raise RuntimeError(f"an event did not come within {LATEST_S:.0f} s") from error
    arrived = time.perf_counter() - began
    answered = await sending
    await asyncio.sleep(SEND_EVERY_S)
    return arrived, answered


async def _answered(
    customer: httpx.AsyncClient, path: str, body: dict[str, str], began: float
) -> float:
    (await customer.post(path, json=body)).raise_for_status()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
