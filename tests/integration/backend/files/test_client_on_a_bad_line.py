"""The desktop client's own transfer against the real service, over a line that keeps breaking."""

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from client_api import files
from client_api.clock import SystemClock
from client_api.errors import ErrorCode, Refused
from client_api.files import FileToSend, SessionFiles
from client_api.secret import Secret
from client_api.stream_events import FileShared, read_session_event
from client_api.transport import Credential, Transport
from client_api.wire import FileKind, SessionId
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import Caller, backend_service
from tests.fakes.loopback import on_loopback
from tests.fakes.uploads import picture

MIB = 1024 * 1024
CLIENT_ID = "d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09"


class BearerOf:
    """Signs with a caller's own access token."""

    def __init__(self, caller: Caller) -> None:
        self._token = Secret(caller.http.headers["authorization"].removeprefix("Bearer "))

    async def credential(self) -> Credential:
        return Credential(1, self._token)

    async def renew(self, used: Credential) -> bool:
        return False


class HastyClock(SystemClock):
    """Waits a hundredth of what it is asked to."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 100)


class BadLine:
    """Forwards to the service and cuts each connection after some bytes of either way."""

    def __init__(self, base: str, seed: int) -> None:
        self._host, port = base.removeprefix("http://").split(":")
        self._port = int(port)
        self._chance = random.Random(seed)
        self.cuts = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen while the block runs; returns the address."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        try:
            port: int = server.sockets[0].getsockname()[1]
            yield f"http://127.0.0.1:{port}"
        finally:
            server.close()
            await server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        # Enough for one piece, so that a download comes on as well.
        left = [self._chance.randrange(MIB * 5 // 4, 3 * MIB)]
        ways = [
            asyncio.create_task(self._one_way(reader, back, left)),
            asyncio.create_task(self._one_way(there, writer, left)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for one in (writer, back):
            one.transport.abort()

    async def _one_way(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int]
    ) -> None:
        while chunk := await reader.read(16 * 1024):
            left[0] -= len(chunk)
            if left[0] < 0:
                self.cuts += 1
                return
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def client_of(bench: CallBench, base: str) -> AsyncIterator[SessionFiles]:
    clock = HastyClock()
    transport = Transport(base, clock, authority=BearerOf(bench.customer))
    try:
        yield SessionFiles(transport, clock, SessionId(bench.session_id))
    finally:
        await transport.close()


@pytest.fixture
def _pieces_of_a_mebibyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE_BYTES", MIB)


@pytest.mark.usefixtures("_pieces_of_a_mebibyte")
async def test_a_file_goes_there_and_back_over_a_line_that_keeps_breaking(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    data = picture(12 * MIB + 77, seed=61)
    path = tmp_path / "IMG_0001.png"
    path.write_bytes(data)
    file = FileToSend(path, "belt.png", CLIENT_ID, FileKind.SNAPSHOT, "image/png")
    done: list[int] = []
    async with backend_service(make_settings()) as service:
        bench = await call_bench(service)
        async with on_loopback(service.app) as base:
            line = BadLine(base, seed=67)
            async with line.open() as address, client_of(bench, address) as client:
                shared = await client.upload(file, lambda at, _: done.append(at))
                up = line.cuts
                await client.download(shared, tmp_path / "got.png")
                listed = await client.shared()
                again = await client.upload(file)
        (event,) = await bench.events("file")

    assert up >= 2
    assert line.cuts > up
    assert (tmp_path / "got.png").read_bytes() == data
    assert (shared.sha256, shared.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (shared.kind, shared.name) == (FileKind.SNAPSHOT, "belt.png")
    assert listed == (shared,)
    assert again == shared
    assert done == sorted(done)
    read = read_session_event("file", 1, json.dumps(event))
    assert isinstance(read, FileShared)
    assert read.file == shared


async def test_the_client_hears_why_a_file_is_not_taken(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    path = tmp_path / "trick.png"
    path.write_bytes(b"MZ" + bytes(100_000))
    async with backend_service(make_settings()) as service:
        bench = await call_bench(service)
        async with on_loopback(service.app) as base, client_of(bench, base) as client:
            with pytest.raises(Refused) as first:
                await client.upload(FileToSend(path, "trick.png", CLIENT_ID))
            with pytest.raises(Refused) as again:
                await client.upload(FileToSend(path, "trick.png", CLIENT_ID))
            with pytest.raises(Refused) as named:
                await client.upload(FileToSend(path, "../trick.png", CLIENT_ID[:-1] + "8"))

    assert first.value.code is again.value.code is ErrorCode.FILE_TYPE_REFUSED
    assert named.value.code is ErrorCode.FILE_NAME_REFUSED
