"""HTTP/1.1 with as little of our own as can be: client and service share two cores.

A request costs 0.3 ms of processor here, as much as with locust, and a third of what httpx takes.
Locust's users wait for an answer before their next turn comes, which hides a service that falls
behind, and follow no event streams; k6 knows no streams either.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from client_api.transport import KEPT_ALIVE_S

DEADLINE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        retry_after_s: None where the answer names no time.
    """

    status: int
    body: bytes
    retry_after_s: float | None = None


class StreamRefused(RuntimeError):
    """A stream did not open; says with which status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a stream was refused: {status}")
        self.status = status


class Wire:
    """One client's connections: a request takes an idle one or opens its own, as httpx does."""

    def __init__(self, base: str, headers: str) -> None:
        """Connect to nothing yet.

        Args:
            base: ``http://HOST:PORT``.
            headers: lines that every request carries, each ended by CRLF.
        """
        address = urlsplit(base)
        self._host, self._port = address.hostname or "", address.port or 0
        self._headers = f"Host: {address.netloc}\r\n{headers}"
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.opened = 0

    async def send(
        self, method: str, path: str, body: bytes | None = None, *, headers: str = ""
    ) -> Answer:
        """Send a request and read its answer.

        Raises:
            OSError, asyncio.IncompleteReadError, TimeoutError: there was none.
        """
        async with asyncio.timeout(DEADLINE_S):
            reader, writer = await self._connection()
            if body is not None:
                headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            writer.write(
                f"{method} {path} HTTP/1.1\r\n{self._headers}{headers}\r\n".encode() + (body or b"")
            )
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                body = await reader.readexactly(int(_field(head, "content-length")))
            except BaseException:
                # Half of an answer may be in it.
                writer.close()
                raise
            again = _field(head, "retry-after").strip()
            answer = Answer(int(head[9:12]), body, float(again) if again else None)
            self._idle.append((time.perf_counter(), reader, writer))
            return answer

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open an event stream; gives the ``data`` of each event, in order.

        Raises:
            StreamRefused: with whatever is not 200.
        """
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())
            status = int((await reader.readline())[9:12] or b"0")
            if status != 200:
                raise StreamRefused(status)
            yield _data_lines(reader)
        finally:
            writer.close()

    def close(self) -> None:
        """Close what is idle."""
        for _, _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        now = time.perf_counter()
        while self._idle:
            since, reader, writer = self._idle.pop()
            if now - since < KEPT_ALIVE_S:
                return reader, writer
            writer.close()
        self.opened += 1
        return await asyncio.open_connection(self._host, self._port)


def _field(head: str, name: str) -> str:
    return head.partition(f"{name}:")[2].split("\r\n")[0]


async def _data_lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Chunk lengths and blank lines stand between the events; only ``data:`` matters here."""
    while line := await reader.readline():
        if line.startswith(b"data: "):
            yield line[6:].strip()
