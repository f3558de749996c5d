"""A line to the service that a test can make slow or cut: a TCP relay on loopback."""

import asyncio
import contextlib
import threading
from types import TracebackType

CHUNK_BYTES = 65_536
STOP_S = 5.0


class SlowLine:
    """Relays every connection to ``port``; use as a context.

    Attributes:
        delay_s: how long each direction holds every chunk back; may change at any time.
    """

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self.url = ""
        self._target = port
        self._own_port = 0
        self._server: asyncio.Server | None = None
        self._relays: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slow line")

    def __enter__(self) -> "SlowLine":
        self._thread.start()
        self.restore()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_S)
        self._loop.close()

    def cut(self) -> None:
        """Refuse new connections and break those there are."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STOP_S)

    def restore(self) -> None:
        """Take connections (again), on the same port."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(STOP_S)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._on_connection, "127.0.0.1", self._own_port)
        self._own_port = int(self._server.sockets[0].getsockname()[1])
        self.url = f"http://127.0.0.1:{self._own_port}"

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _on_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._relays.add(task)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            try:
                await self._both_ways((reader, back), (there, writer))
            finally:
                back.close()
        except (OSError, asyncio.CancelledError):
            # A broken line is what this is for.
            pass
        finally:
            self._relays.discard(task)
            writer.close()

    async def _both_ways(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        copies = [asyncio.ensure_future(self._copy(*way)) for way in ways]
        try:
            await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for copy in copies:
                copy.cancel()
            await asyncio.gather(*copies, return_exceptions=True)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                await asyncio.sleep(self.delay_s)
                writer.write(chunk)
                await writer.drain()
