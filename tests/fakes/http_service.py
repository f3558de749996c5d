"""A real HTTP/1.1 server on a loopback port whose answers a test writes by hand.

For what a mocked transport cannot show: connections that break, stalls, streams, cookies.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came over the wire; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server says. ``chunks`` are sent one by one.

    Attributes:
        pace_s: dribbles: the wait after each chunk, or after each byte of a reply without chunks.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"
    chunks: tuple[bytes, ...] | None = None
    hang: bool = False
    cut: bool = False
    pace_s: float = 0.0


def ok(body: Any, *headers: tuple[str, str]) -> Reply:
    """Answer with JSON."""
    return Reply(200, json.dumps(body).encode(), headers)


def problem(code: str, status: int, *headers: tuple[str, str], **more: Any) -> Reply:
    """Refuse as the service does."""
    body = {"type": "about:blank", "code": code, "title": code, "status": status, **more}
    return Reply(status, json.dumps(body).encode(), headers, "application/problem+json")


def stream(*chunks: str, hang: bool = False, cut: bool = False) -> Reply:
    """Answer with an event stream; it ends cleanly unless it hangs or is cut."""
    sent = tuple(chunk.encode() for chunk in chunks)
    return Reply(200, b"", (), "text/event-stream", sent, hang, cut)


def event(number: int, kind: str, data: Any) -> str:
    """Write one server-sent event."""
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"


@dataclass(slots=True)
class HttpService:
    """Answers with ``replies`` in order, then with what ``otherwise`` makes of the request."""

    replies: list[Reply] = field(default_factory=list)
    otherwise: Callable[[Received], Reply | Awaitable[Reply]] | None = None
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while await self._serve_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def drop_all(self) -> None:
        """Break every connection."""
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Received(method, target, headers, body)
        self.received.append(request)
        return await _send(await self._reply(request), writer)

    async def _reply(self, request: Received) -> Reply:
        if self.replies:
            return self.replies.pop(0)
        if self.otherwise is None:
            return problem("http.not_found", 404)
        made = self.otherwise(request)
        return made if isinstance(made, Reply) else await made


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    if reply.hang and reply.chunks is None:
        await asyncio.sleep(3600)
    if reply.cut and reply.chunks is None:
        writer.transport.abort()
        return False
    lines = [f"HTTP/1.1 {reply.status} Reason", f"Content-Type: {reply.media_type}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    if reply.chunks is None:
        lines.append(f"Content-Length: {len(reply.body)}")
        await _write("\r\n".join((*lines, "", "")).encode() + reply.body, reply.pace_s, writer)
        return True
    lines.append("Transfer-Encoding: chunked")
    writer.write("\r\n".join((*lines, "", "")).encode())
    for chunk in reply.chunks:
        writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        await writer.drain()
        await asyncio.sleep(reply.pace_s)
    if reply.hang:
        await asyncio.sleep(3600)
    if reply.cut:
        # Let the chunks arrive before the break does.
        await asyncio.sleep(0.02)
        writer.transport.abort()
        return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _write(answer: bytes, pace_s: float, writer: asyncio.StreamWriter) -> None:
    step = 1 if pace_s else max(1, len(answer))
    for start in range(0, len(answer), step):
        writer.write(answer[start : start + step])
        await writer.drain()
        if pace_s:
            await asyncio.sleep(pace_s)


@asynccontextmanager
async def http_service(*replies: Reply) -> AsyncGenerator[HttpService, None]:
    """Run the server for the length of a block."""
    service = HttpService(list(replies))
    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(service.serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield service
    finally:
        server.close()
        service.drop_all()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()
