"""A body over the limit is refused as that, however it arrives and whatever reads it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from liftbay_backend.middleware import MAX_BODY_BYTES
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import BackendService
from tests.fakes.loopback import on_loopback

CHUNK = 64 * 1024
MOST_HEAD_BYTES = 1024 * 1024
# The same in every process: test runs in several compare what they collected.
NO_RUN = "0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04"


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * CHUNK


@pytest.mark.parametrize(
    "path",
    [
        "/api/intake/start",
        f"/api/preflight/{NO_RUN}/report",
        "/api/preflight/echo",
        "/auth/v1/token?grant_type=password",
        "/auth/v1/signup",
        "/api/livekit/webhook",
    ],
)
async def test_a_chunked_body_over_the_limit_is_too_large(
    service: BackendService, path: str
) -> None:
    customer = await service.customer()
    headers = {
        "Authorization": customer.http.headers["Authorization"],
        "Content-Type": "application/json",
    }

    async with (
        on_loopback(service.app) as base,
        httpx.AsyncClient(base_url=base, headers=headers, timeout=10) as http,
    ):
        answer = await http.post(path, content=chunks(MAX_BODY_BYTES // CHUNK + 1))

    assert "content-length" not in answer.request.headers
    assert (answer.status_code, answer.json()["code"]) == (413, "http.too_large")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_chunked_body_at_the_limit_is_read(service: BackendService) -> None:
    async with (
        on_loopback(service.app) as base,
        httpx.AsyncClient(base_url=base, timeout=10) as http,
    ):
        answer = await http.post("/api/preflight/echo", content=chunks(MAX_BODY_BYTES // CHUNK))

    assert answer.status_code == 200
    assert len(answer.content) == MAX_BODY_BYTES


@pytest.mark.parametrize(
    "begin", [b"GET /api/health?", b"GET /api/health HTTP/1.1\r\nHost: a\r\nX-Long: "]
)
@pytest.mark.parametrize("end", [b"", b"\r\nX-More: "])
async def test_a_head_without_end_is_cut_off(
    service: BackendService, begin: bytes, end: bytes, expected_logs: ExpectedLogs
) -> None:
    """Nobody has signed in by then, and no route knows of it: the server itself must bound it."""
    expected_logs.allow("Invalid HTTP request received")
    sent = 0
    async with on_loopback(service.app) as base:
        host, port = base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(begin)
            with suppress(ConnectionError):
                async with asyncio.timeout(10):
                    while sent < MOST_HEAD_BYTES and not reader.at_eof():
                        writer.write(b"a" * 4096 + end)
                        await writer.drain()
                        sent += 4096
                        with suppress(TimeoutError):
                            async with asyncio.timeout(0.005):
                                await reader.read(4096)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    assert sent < MOST_HEAD_BYTES
