"""A real uvicorn on a free loopback port, for what an in-process transport cannot carry."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from liftbay_backend.app import end_streams
from liftbay_backend.serving import HTTP
from tests.fakes.backend_service import Caller


@asynccontextmanager
async def on_loopback(app: FastAPI) -> AsyncIterator[str]:
    """Serve the app, without its lifespan, and return its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="off", http=HTTP, log_config=None, timeout_graceful_shutdown=2)
    )
    app.state.stopping.clear()
    async with asyncio.TaskGroup() as group:
        # Not serve(): that takes the signals, which belong to the test run.
        task = group.create_task(server._serve([listener]), name="uvicorn")
        try:
            async with asyncio.timeout(10):
                while not server.started:
                    await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            end_streams(app)
            server.should_exit = True
            await task
            listener.close()
            await _end_sse_watcher()


def socket_client(base: str, caller: Caller) -> httpx.AsyncClient:
    """Return a client with a caller's sign-in, on the service's socket."""
    headers = {
        name: value
        for name, value in caller.http.headers.items()
        if name in ("authorization", "x-liftbay-client")
    }
    cookies = {cookie.name: cookie.value or "" for cookie in caller.http.cookies.jar}
    return httpx.AsyncClient(base_url=base, headers=headers, cookies=cookies, timeout=60)


async def _end_sse_watcher() -> None:
    """End sse-starlette's watcher of this loop; its only switch is the whole process's."""
    watchers = [
        task
        for task in asyncio.all_tasks()
        if getattr(task.get_coro(), "__name__", "") == "_shutdown_watcher"
    ]
    for watcher in watchers:
        watcher.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
