"""Files on their way to and from a service that fails in every way it can."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from client_api import files
from client_api.clock import SystemClock
from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable
from client_api.files import FileToSend, SessionFiles
from client_api.records import SharedFile, SharedFiles
from client_api.transport import Transport
from client_api.wire import FileKind, SessionId
from tests.fakes.contract import fixture, response
from tests.fakes.http_service import HttpService, Reply, http_service, ok, problem
from tests.fakes.wire_samples import answer

pytestmark = pytest.mark.usefixtures("no_waiting")

DATA = b"\xff\xd8\xff" + bytes(range(7))
SESSION = SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")
PATH = f"/api/sessions/{SESSION}/files"
PLACE = f"{PATH}/{response('file_begin')['id']}"
BEGUN = ok({**response("file_begin"), "bytes": len(DATA)})
LISTED = ok(response("files"))


class RestlessClock(SystemClock):
    """Sleeps not at all and notes for how long it was asked to."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass
class Bench:
    service: HttpService
    files: SessionFiles
    clock: RestlessClock

    def sent(self) -> list[tuple[str, str]]:
        return [(one.method, one.path) for one in self.service.received]


@asynccontextmanager
async def serving(*replies: Reply) -> AsyncGenerator[Bench, None]:
    clock = RestlessClock()
    async with http_service(*replies) as service:
        transport = Transport(service.url, clock)
        try:
            yield Bench(service, SessionFiles(transport, clock, SESSION), clock)
        finally:
            await transport.close()


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE_BYTES", 4)


@pytest.fixture
def to_send(tmp_path: Path) -> FileToSend:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(DATA)
    return FileToSend(path, "Riemen ä.jpg", "d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09")


def taken(offset: int) -> Reply:
    return Reply(204, b"", (("Upload-Offset", str(offset)),))


def held(offset: int) -> Reply:
    return Reply(200, b"", (("Upload-Offset", str(offset)),))


async def test_a_file_goes_in_pieces_with_everything_said_at_the_begin(
    to_send: FileToSend,
) -> None:
    told = []
    async with serving(BEGUN, taken(4), taken(8), taken(10), LISTED) as bench:
        shared = await bench.files.upload(
            FileToSend(
                to_send.path, to_send.name, to_send.client_id, FileKind.SNAPSHOT, "image/jpeg"
            ),
            lambda done, of: told.append((done, of)),
        )

    begin, *pieces, _ = bench.service.received
    said = dict(one.split(" ") for one in begin.headers["upload-metadata"].split(","))
    assert {key: base64.b64decode(value).decode() for key, value in said.items()} == {
        "filename": "Riemen ä.jpg",
        "kind": "snapshot",
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "client_id": to_send.client_id,
        "filetype": "image/jpeg",
    }
    assert begin.headers["upload-length"] == "10"
    assert [(one.headers["upload-offset"], one.body) for one in pieces] == [
        ("0", DATA[:4]),
        ("4", DATA[4:8]),
        ("8", DATA[8:]),
    ]
    assert {one.headers["content-type"] for one in pieces} == {"application/offset+octet-stream"}
    assert {one.headers["tus-resumable"] for one in bench.service.received[:-1]} == {"1.0.0"}
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert shared == answer("files", SharedFiles).files[0]
    assert to_send.name not in repr(to_send)


@pytest.mark.parametrize(
    "break_",
    [
        Reply(cut=True),
        problem("file.taken_over", 423),
        problem("file.offset_conflict", 409),
        problem("file.store_unavailable", 503),
        taken(4),
    ],
    ids=["cut", "taken over", "conflict", "store", "nothing taken"],
)
async def test_after_a_break_it_goes_on_from_what_the_service_holds(
    to_send: FileToSend, break_: Reply
) -> None:
    async with serving(BEGUN, taken(4), break_, held(6), taken(10), LISTED) as bench:
        await bench.files.upload(to_send)

    assert bench.sent()[-3:] == [("HEAD", PLACE), ("PATCH", PLACE), ("GET", PATH)]
    assert bench.service.received[-2].body == DATA[6:]
    assert bench.clock.slept == [0.5]


async def test_an_upload_of_an_earlier_run_goes_on(to_send: FileToSend) -> None:
    begun = ok({**response("file_begin"), "bytes": 10, "received_bytes": 8})
    listed = ok({"files": response("files")["files"][::-1]})
    async with serving(begun, taken(10), listed) as bench:
        await bench.files.upload(to_send)

    assert bench.service.received[1].body == DATA[8:]


async def test_a_file_that_is_there_already_is_looked_at_once(to_send: FileToSend) -> None:
    begun = ok({**response("file_begin"), "bytes": 10, "received_bytes": 10})
    async with serving(begun, held(10), LISTED) as bench:
        await bench.files.upload(to_send)

    assert bench.sent() == [("POST", PATH), ("HEAD", PLACE), ("GET", PATH)]


async def test_who_is_asked_to_wait_waits(to_send: FileToSend) -> None:
    refused = problem("file.taken_over", 423, ("Retry-After", "9"))
    async with serving(BEGUN, refused, held(0), taken(4), taken(8), taken(10), LISTED) as bench:
        await bench.files.upload(to_send)

    assert bench.clock.slept == [9.0]


async def test_a_service_that_is_gone_is_told_after_eight_tries(to_send: FileToSend) -> None:
    async with serving(BEGUN, *[Reply(cut=True)] * 60) as bench:
        with pytest.raises(Unreachable):
            await bench.files.upload(to_send)

    assert bench.clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]


async def test_a_refused_file_is_told_as_what_it_is(to_send: FileToSend) -> None:
    async with serving(BEGUN, problem("file.type_refused", 415)) as bench:
        with pytest.raises(Refused) as caught:
            await bench.files.upload(to_send)

    assert caught.value.code is ErrorCode.FILE_TYPE_REFUSED
    assert bench.clock.slept == []


async def test_a_refusal_that_was_lost_is_asked_for_again(to_send: FileToSend) -> None:
    """A HEAD has no body that could say why."""
    unsaid = Reply(415, b"", (), "application/problem+json")
    why = problem("file.type_refused", 415)
    async with serving(BEGUN, Reply(cut=True), unsaid, why) as bench:
        with pytest.raises(Refused) as caught:
            await bench.files.upload(to_send)

    assert caught.value.code is ErrorCode.FILE_TYPE_REFUSED
    assert bench.sent()[-1] == ("GET", PLACE)
    assert bench.service.received[-1].headers["range"] == "bytes=0-0"


@pytest.mark.parametrize(
    "replies",
    [
        (BEGUN, Reply(204, b"")),
        (BEGUN, taken(10), ok({"files": []})),
        (ok({"id": 5}),),
        (BEGUN, Reply(cut=True), Reply(200, b""), Reply(206, b"x")),
    ],
    ids=["no offset", "not in the list", "no upload", "no offset at a look"],
)
async def test_what_keeps_to_no_contract_is_broken(
    to_send: FileToSend, replies: tuple[Reply, ...]
) -> None:
    async with serving(*replies) as bench:
        with pytest.raises(BrokenAnswer):
            await bench.files.upload(to_send)


async def test_a_file_that_becomes_shorter_meanwhile_is_an_os_error(to_send: FileToSend) -> None:
    begun = ok({**response("file_begin"), "bytes": 10, "received_bytes": 8})

    async with serving(begun, Reply(cut=True), held(8)) as bench:
        files_of = bench.files
        original = files._measure

        def shortened(path: Path) -> tuple[int, str]:
            found = original(path)
            path.write_bytes(DATA[:5])
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "_measure", shortened)
            with pytest.raises(OSError, match="shorter"):
                await files_of.upload(to_send)


# --- downloads -----------------------------------------------------------------------------------


def shared_file(data: bytes = DATA) -> SharedFile:
    one = {
        **fixture("files")["response"]["files"][0],
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return msgspec.json.decode(json.dumps(one), type=SharedFile)


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def piece(first: int, last: int) -> Reply:
    return Reply(206, DATA[first : last + 1], (), "image/jpeg")


async def test_a_file_comes_in_ranges_and_appears_whole(tmp_path: Path) -> None:
    told = []
    to = tmp_path / "belt.jpg"
    async with serving(piece(0, 3), piece(4, 7), piece(8, 9)) as bench:
        await bench.files.download(shared_file(), to, lambda done, of: told.append((done, of)))

    asked = [one.headers["range"] for one in bench.service.received]
    assert asked == ["bytes=0-3", "bytes=4-7", "bytes=8-9"]
    assert to.read_bytes() == DATA
    assert names(tmp_path) == ["belt.jpg"]
    assert told == [(4, 10), (8, 10), (10, 10)]


async def test_a_download_goes_on_after_a_break_and_in_another_run(tmp_path: Path) -> None:
    to = tmp_path / "belt.jpg"
    async with serving(piece(0, 3), *[Reply(cut=True)] * 60) as bench:
        with pytest.raises(Unreachable):
            await bench.files.download(shared_file(), to)
    assert not to.exists()

    async with serving(Reply(cut=True), piece(4, 7), piece(8, 9)) as bench:
        await bench.files.download(shared_file(), to)

    assert bench.service.received[0].headers["range"] == "bytes=4-7"
    assert to.read_bytes() == DATA


async def test_a_break_that_outlives_the_transports_own_tries_is_waited_for(
    tmp_path: Path,
) -> None:
    to = tmp_path / "belt.jpg"
    replies = [*[Reply(cut=True)] * 4, piece(0, 3), piece(4, 7), piece(8, 9)]
    async with serving(*replies) as bench:
        await bench.files.download(shared_file(), to)

    assert bench.clock.slept == [0.5]
    assert to.read_bytes() == DATA


async def test_a_file_that_came_wrong_never_appears(tmp_path: Path) -> None:
    to = tmp_path / "belt.jpg"
    async with serving(piece(0, 3), piece(0, 3), piece(8, 9)) as bench:
        with pytest.raises(BrokenAnswer):
            await bench.files.download(shared_file(), to)

    assert names(tmp_path) == []


async def test_a_piece_of_another_length_is_broken(tmp_path: Path) -> None:
    async with serving(Reply(200, DATA, (), "image/jpeg")) as bench:
        with pytest.raises(BrokenAnswer):
            await bench.files.download(shared_file(), tmp_path / "belt.jpg")


async def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    async with serving(problem("file.not_found", 404)) as bench:
        with pytest.raises(Refused) as caught:
            await bench.files.download(shared_file(), tmp_path / "belt.jpg")

    assert caught.value.code is ErrorCode.FILE_NOT_FOUND
