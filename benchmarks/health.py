"""Measure ``GET /api/health`` as the preflight meets it: 500 requests a second, at their own times.

    python -m benchmarks.health [--rate 500] [--seconds 30] [--connections 50] [--output FILE]

Open loop: each request has its moment, whether or not earlier ones were answered, and its time
counts from that moment; a service that falls behind cannot hide it. Client and service share the
machine; so that a busy machine is not taken for a slow service, the same load goes to the least
possible server first (`bare_ms`). Writes ``benchmarks/results/health.json``.
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil

from benchmarks.figures import machine, spread_ms
from benchmarks.service import running_service, write_result

RESULTS: Final = Path(__file__).resolve().parent / "results"
WARM_UP_SECONDS: Final = 3.0
BUDGET_P99_MS: Final = 5
_REQUEST: Final = b"GET /api/health HTTP/1.1\r\nHost: bench\r\n\r\n"


def main() -> int:
    """Measure and print; 0 when the p99 is within its budget and every answer was 200."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--output", type=Path, default=RESULTS / "health.json")
    options = parser.parse_args()
    result = {"machine": machine(), "rate": options.rate, "seconds": options.seconds}
    result |= asyncio.run(_measure(options.rate, options.seconds, options.connections))
    write_result(options.output, result)
    print(json.dumps(result, indent=2))
    met = result["latency_ms"]["p99"] < BUDGET_P99_MS and result["failed"] == 0
    print(f"under {BUDGET_P99_MS} ms p99: {'yes' if met else 'NO'}")
    return 0 if met else 1


async def _measure(rate: int, seconds: int, connections: int) -> dict[str, Any]:
    bare = await _bare(rate, seconds, connections)
    async with running_service(0, postgres=False) as service:
        await _load(service.base, rate, WARM_UP_SECONDS, connections)
        before = psutil.Process(service.pid).cpu_times()
        began = time.perf_counter()
        taken, failed = await _load(service.base, rate, seconds, connections)
        took = time.perf_counter() - began
        after = psutil.Process(service.pid).cpu_times()
    used = after.user + after.system - before.user - before.system
    return {
        "answered_per_second": round(len(taken) / took, 1),
        "failed": failed,
        "cpu_ms_per_request": round(used / len(taken) * 1000, 3),
        "latency_ms": spread_ms(taken),
        "bare_ms": spread_ms(bare),
    }


async def _bare(rate: int, seconds: int, connections: int) -> list[float]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bare_server"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        base = (await process.stdout.readline()).decode().split()[1]
        return (await _load(base, rate, seconds, connections))[0]
    finally:
        process.kill()
        await process.wait()


async def _load(base: str, rate: int, seconds: float, connections: int) -> tuple[list[float], int]:
    """Return the latency of every answered request in seconds, and how many failed."""
    taken: list[float] = []
    due: asyncio.Queue[float | None] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(_connection(base, due, taken)) for _ in range(connections)]
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            moment = began + number / rate
            if (ahead := moment - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            due.put_nowait(moment)
        for _ in workers:
            due.put_nowait(None)
    return taken, sum(worker.result() for worker in workers)


async def _connection(base: str, due: asyncio.Queue[float | None], taken: list[float]) -> int:
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    failed = 0
    while (moment := await due.get()) is not None:
        writer.write(_REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        taken.append(time.perf_counter() - moment)
        failed += not head.startswith(b"HTTP/1.1 200 ")
    writer.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
