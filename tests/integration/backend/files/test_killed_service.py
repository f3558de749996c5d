"""The service itself dies, is full, or is full of bytes: real processes, real sockets."""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.s3_server import S3Server
from tests.fakes.service_process import ServiceProcess, new_customer_with_session
from tests.fakes.small_disk import SmallDisk, missing_for_small_disk
from tests.fakes.uploads import CHUNK, Sender, code_of, picture

pytestmark = pytest.mark.timeout(400)

MIB = 1024 * 1024
LENGTH = 32 * MIB
_NO_DISK = missing_for_small_disk()
GROWTH_BYTES = 64 * MIB
"""What 200 MB may cost at most; measured: docs/decisions/0041."""


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def service(request: pytest.FixtureRequest, tmp_path: Path, s3_server: S3Server) -> ServiceProcess:
    """Return a service with one of the stores, not started."""
    settings = s3_server.settings if request.param == "s3" else {}
    return ServiceProcess(tmp_path / "data", settings)


async def slowly(data: bytes, sent: list[int]) -> AsyncIterator[bytes]:
    """Yield data, telling how much of it has gone."""
    for at in range(0, len(data), CHUNK):
        yield data[at : at + CHUNK]
        sent.append(at + CHUNK)
        await asyncio.sleep(0.01)


async def test_an_upload_survives_the_service_being_killed_again_and_again(
    service: ServiceProcess,
) -> None:
    """SIGKILL in the middle of three PATCHes: what was counted is there, and nothing is twice."""
    data = picture(LENGTH, seed=11)
    chance = random.Random(13)
    with service:
        headers, session = await new_customer_with_session(service.url)
        async with httpx.AsyncClient(base_url=service.url, headers=headers) as http:
            place = await Sender(http, session).begin(
                len(data), sha256=hashlib.sha256(data).hexdigest()
            )
        at = 0
        offsets = []
        for _ in range(3):
            async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) as http:
                dies_at = chance.randrange(5 * MIB, 9 * MIB)
                at = await killed_while_sending(
                    service, Sender(http, session), place, data, dies_at
                )
            offsets.append(at)
            service.start()
        async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) as http:
            sender = Sender(http, session)
            at = await sender.offset(place)
            last = await sender.patch(place, at, data[at:])
            got = await http.get(place)
            (listed,) = await sender.listed()
        status = service.stop()

    assert last.status_code == 204, last.text
    assert got.content == data
    assert listed["sha256"] == hashlib.sha256(data).hexdigest()
    assert [*offsets, at] == sorted([*offsets, at])
    assert 0 < at < LENGTH
    assert status == 0


async def killed_while_sending(
    service: ServiceProcess, sender: Sender, place: str, data: bytes, dies_at: int
) -> int:
    """Send from where it stands until the service dies; return the offset it had begun at."""
    at = await sender.offset(place)
    sent = [0]
    sending = asyncio.create_task(sender.patch(place, at, slowly(data[at:], sent)))
    while sent[-1] < min(dies_at, len(data) - at) and not sending.done():
        await asyncio.sleep(0.001)
    await asyncio.to_thread(service.kill)
    with pytest.raises(httpx.TransportError):
        await sending
    return at


async def test_two_hundred_megabytes_pass_through_with_flat_memory(
    service: ServiceProcess,
) -> None:
    """Up and down again; the process is looked at every 20 ms."""
    piece = picture(MIB, seed=17)
    length = 200 * MIB
    digest = hashlib.sha256()
    for _ in range(200):
        digest.update(piece)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(200):
            for at in range(0, MIB, CHUNK):
                yield piece[at : at + CHUNK]

    with service:
        headers, session = await new_customer_with_session(service.url)
        async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=120) as http:
            sender = Sender(http, session)
            # What a first file costs (the store's library, its threads) is not the file's doing.
            await sender.send(picture(9 * MIB))
            before = service.resident_bytes()
            most = [before]
            watching = asyncio.create_task(watch(service, most))
            place = await sender.begin(length, filename="drive.png")
            begun = time.perf_counter()
            up = await sender.patch(place, 0, body())
            took_up = time.perf_counter() - begun
            got = hashlib.sha256()
            begun = time.perf_counter()
            async with http.stream("GET", place) as down:
                async for chunk in down.aiter_bytes():
                    got.update(chunk)
            took_down = time.perf_counter() - begun
            watching.cancel()
        status = service.stop()

    grown = max(most) - before
    figures = f"up {took_up:.1f} s, down {took_down:.1f} s, grown {grown / MIB:.1f} MiB"
    assert up.status_code == 204, up.text
    assert got.digest() == digest.digest()
    assert grown < GROWTH_BYTES, figures
    assert status == 0


async def watch(service: ServiceProcess, seen: list[int]) -> None:
    """Note the process' memory until cancelled."""
    while True:
        seen.append(service.resident_bytes())
        await asyncio.sleep(0.02)


async def test_a_full_disk_is_said_and_costs_no_byte_that_was_counted(tmp_path: Path) -> None:
    """No file of the process may pass 3 MiB: a part of 4 MiB fails, smaller ones do not."""
    data = picture(7 * MIB, seed=19)
    folder = tmp_path / "data"
    with ServiceProcess(folder, largest_file_bytes=3 * MIB) as full:
        headers, session = await new_customer_with_session(full.url)
        async with httpx.AsyncClient(base_url=full.url, headers=headers, timeout=60) as http:
            sender = Sender(http, session)
            place = await sender.begin(len(data))
            small = await sender.patch(place, 0, data[: 2 * MIB])
            failed = await sender.patch(place, 2 * MIB, data[2 * MIB :])
            at = await sender.offset(place)
        status = full.stop()
    with ServiceProcess(folder) as roomy:
        async with httpx.AsyncClient(base_url=roomy.url, headers=headers, timeout=60) as http:
            rest = await Sender(http, session).patch(place, at, data[at:])
            got = await http.get(place)

    assert small.status_code == 204
    assert code_of(failed) == (503, "file.store_unavailable")
    assert "retry-after" in failed.headers
    assert at == 2 * MIB
    assert rest.status_code == 204
    assert got.content == data
    assert status == 0


@pytest.mark.skipif(_NO_DISK is not None, reason=str(_NO_DISK))
@pytest.mark.parametrize("free_bytes", [0, MIB], ids=["no byte free", "full in the middle"])
@pytest.mark.parametrize("where", ["files", "everything"])
async def test_a_disk_that_is_really_full_refuses_the_upload_and_keeps_what_was_counted(
    tmp_path: Path, where: str, free_bytes: int
) -> None:
    """With the files alone on it, or with the database beside them; no restart in between."""
    data, other = picture(7 * MIB, seed=23), picture(MIB, seed=29)
    folder = tmp_path / "data"
    mounted = folder / "files" if where == "files" else folder
    mounted.mkdir(parents=True)
    with SmallDisk(mounted, 48 * MIB) as disk, ServiceProcess(folder) as service:
        headers, session = await new_customer_with_session(service.url)
        async with httpx.AsyncClient(base_url=service.url, headers=headers, timeout=60) as http:
            sender = Sender(http, session)
            whole = await sender.send(other)
            place = await sender.begin(len(data))
            small = await sender.patch(place, 0, data[: 2 * MIB])
            kept = objects(folder)
            disk.fill(but_bytes=free_bytes)
            failed = [await sender.patch(place, 2 * MIB, data[2 * MIB :]) for _ in range(2)]
            at = await sender.offset(place)
            read = await http.get(whole)
            left = objects(folder)
            disk.make_room()
            rest = await sender.patch(place, at, data[at:])
            got = await http.get(place)
            shared = await sender.listed()
        status = service.stop()

    assert small.status_code == 204
    # Where the database has no room either, it may be what says so first.
    codes = {"file.store_unavailable"} | (
        {"server.unavailable"} if where == "everything" else set()
    )
    for one in failed:
        status_code, code = code_of(one)
        assert (status_code, code in codes) == (503, True), code
        assert "retry-after" in one.headers
    assert at == 2 * MIB
    assert read.content == other
    # What did not fit takes no room.
    assert left == kept
    assert rest.status_code == 204
    assert got.content == data
    assert len(shared) == 2
    assert status == 0


def objects(folder: Path) -> dict[str, int]:
    """Return what the store's folder holds, with its sizes."""
    files = folder / "files"
    return {
        str(path.relative_to(files)): path.stat().st_size
        for path in files.rglob("*")
        if path.is_file() and path.name != "filler"
    }
