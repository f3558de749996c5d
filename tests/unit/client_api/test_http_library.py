"""The client's HTTP library brings nothing along that the client never uses."""

import subprocess
import sys

UNUSED = ("rich", "pygments", "click", "prometheus_client", "structlog")


def test_calling_a_service_and_repeating_it_loads_no_command_line_and_no_exporter() -> None:
    code = f"""
import asyncio, sys
import client_api.transport
from client_api.http_library import httpx, stamina

async def fail_once():
    async for attempt in stamina.retry_context(on=ValueError, attempts=2, wait_initial=0.001):
        with attempt:
            if attempt.num == 1:
                raise ValueError

asyncio.run(fail_once())
print([name for name in {UNUSED} if name in sys.modules], hasattr(httpx, "AsyncClient"))
"""
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert told.stdout.split() == ["[]", "True"]
