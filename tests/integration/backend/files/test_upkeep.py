"""What a crash, a dead store or time leaves behind is put right."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from liftbay_backend import lifecycle
from liftbay_backend.files.store import FileStore, StoreUnavailable
from liftbay_backend.services.file_receiving import PART_BYTES
from liftbay_backend.services.file_upkeep import tidy_files
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.s3_server import SECRET, S3Server
from tests.fakes.uploads import VERSION, Sender, code_of, picture, sender

DAY = 24 * 60


@dataclass
class ShakyStore:
    """The real store behind a door: what is in ``shut`` fails."""

    behind: FileStore
    shut: frozenset[str] = frozenset()

    def _pass(self, name: str) -> FileStore:
        if name in self.shut:
            raise StoreUnavailable("shut")
        return self.behind

    async def put(self, key: str, data: bytes) -> None:
        await self._pass("put").put(key, data)

    async def get(self, key: str, start: int, length: int) -> bytes:
        return await self._pass("get").get(key, start, length)

    async def list(self, prefix: str) -> list[str]:
        return await self._pass("list").list(prefix)

    async def delete(self, keys: Iterable[str]) -> None:
        await self._pass("delete").delete(keys)

    def close(self) -> None:
        self.behind.close()


@dataclass
class Desk:
    """A session whose files lie in a store that can be shut."""

    bench: CallBench
    store: ShakyStore
    customer: Sender
    mechanic: Sender

    async def tidy(self) -> int:
        """Run one round of the upkeep."""
        return await tidy_files(self.bench.service.core)

    async def objects(self, place: str) -> list[str]:
        """Return what the store holds of a file."""
        return await self.store.behind.list(place.rpartition("/")[2])


@pytest_asyncio.fixture
async def desk(make_settings: Callable[..., Settings]) -> AsyncIterator[Desk]:
    """Return a desk with an open store."""
    async with backend_service(make_settings(file_upload_seconds=1200)) as service:
        core = service.core
        store = ShakyStore(core.files)
        service.app.state.core = replace(core, files=store)
        bench = await call_bench(service)
        yield Desk(
            bench,
            store,
            sender(bench.customer, bench.path),
            sender(bench.mechanic, bench.path),
        )


@pytest.mark.parametrize("by", ["the sender's next look", "the upkeep"])
async def test_a_file_that_only_lacks_its_last_step_is_finished(
    desk: Desk, expected_logs: ExpectedLogs, by: str
) -> None:
    data = picture(PART_BYTES + 9)
    place = await desk.customer.begin(len(data))
    desk.store.shut = frozenset({"get"})
    expected_logs.allow("files.unavailable")

    failed = await desk.customer.patch(place, 0, data)
    unseen = await desk.mechanic.listed()
    desk.store.shut = frozenset()
    if by == "the upkeep":
        await desk.tidy()
    else:
        assert await desk.customer.offset(place) == len(data)

    assert code_of(failed) == (503, "file.store_unavailable")
    assert unseen == []
    assert [one["sha256"] for one in await desk.mechanic.listed()] == [
        hashlib.sha256(data).hexdigest()
    ]
    assert len(await desk.bench.events("file")) == 1


async def test_objects_that_were_never_counted_go_when_the_file_is_whole(desk: Desk) -> None:
    data = picture(9000)
    place = await desk.customer.begin(len(data))
    stray = f"{place.rpartition('/')[2]}/000000000000000-of-a-dead-process"
    await desk.store.put(stray, data)

    await desk.customer.patch(place, 0, data)

    assert len(await desk.objects(place)) == 1
    assert (await desk.mechanic.http.get(place)).content == data


async def test_what_the_store_did_not_take_is_sent_again(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    data = picture(2 * PART_BYTES + 9)
    place = await desk.customer.begin(len(data))
    await desk.customer.patch(place, 0, data[:PART_BYTES])
    desk.store.shut = frozenset({"put", "delete"})
    expected_logs.allow("files.unavailable")

    failed = await desk.customer.patch(place, PART_BYTES, data[PART_BYTES:])
    desk.store.shut = frozenset()

    assert code_of(failed) == (503, "file.store_unavailable")
    assert failed.headers["retry-after"] == "5"
    assert await desk.customer.offset(place) == PART_BYTES
    assert (await desk.customer.patch(place, PART_BYTES, data[PART_BYTES:])).status_code == 204
    assert (await desk.mechanic.http.get(place)).content == data


async def test_a_download_that_the_store_refuses_is_a_clear_answer(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    place = await desk.customer.send(picture(9000))
    desk.store.shut = frozenset({"get"})
    expected_logs.allow("files.unavailable")

    answer = await desk.mechanic.http.get(place)

    assert code_of(answer) == (503, "file.store_unavailable")


async def test_one_lost_part_holds_up_no_other_file(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    """Received as a whole, and the store has lost a part of it before it was finished."""
    expected_logs.allow("files.unavailable")
    data = picture(9000)
    old = await desk.customer.begin(len(data))
    await desk.customer.patch(old, 0, data[:5000])
    desk.bench.service.clock.advance(minutes=15)
    whole = await desk.customer.begin(len(data))
    desk.store.shut = frozenset({"get"})
    await desk.customer.patch(whole, 0, data)
    desk.bench.service.clock.advance(minutes=10)

    gone = await desk.tidy()

    assert gone == 1
    assert await desk.objects(old) == []


async def test_an_upload_that_nobody_goes_on_with_is_forgotten(desk: Desk) -> None:
    data = picture(9000)
    left = await desk.customer.begin(len(data))
    await desk.customer.patch(left, 0, data[:5000])
    refused = await desk.customer.begin(5000, filename="belt.png")
    await desk.customer.patch(refused, 0, bytes(5000))
    desk.bench.service.clock.advance(minutes=15)
    going_on = await desk.customer.begin(len(data))
    shared = await desk.customer.send(data)
    early = await desk.tidy()

    desk.bench.service.clock.advance(minutes=10)
    late = await desk.tidy()

    assert (early, late) == (0, 2)
    assert [(await desk.customer.http.head(one)).status_code for one in (left, refused)] == [
        404,
        404,
    ]
    assert await desk.objects(left) == []
    assert await desk.customer.offset(going_on) == 0
    assert (await desk.mechanic.http.get(shared)).content == data


async def test_a_running_service_tidies_by_itself(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "TIDY_SECONDS", 0.05)
    async with backend_service(make_settings(file_upload_seconds=60)) as service:
        bench = await call_bench(service)
        customer = sender(bench.customer, bench.path)
        place = await customer.begin(9000)
        await customer.patch(place, 0, picture(5000))
        service.clock.advance(minutes=2)

        async with service.app.router.lifespan_context(service.app), asyncio.timeout(20):
            # It is gone for everybody once its time is over, and from the store soon after.
            while await service.core.files.list(place.rpartition("/")[2]):
                await asyncio.sleep(0.05)
            answer = await customer.http.head(place)

    assert answer.status_code == 404


@pytest.mark.parametrize("way", ["ended", "never began"])
async def test_files_go_a_year_after_the_session(desk: Desk, way: str) -> None:
    place = await desk.customer.send(picture(9000))
    if way == "ended":
        await desk.bench.start()
        await desk.bench.end(desk.bench.customer)
    else:
        await desk.bench.customer.http.post(f"{desk.bench.path}/cancel", json={"reason": "later"})
    desk.bench.service.clock.advance(minutes=364 * DAY)
    kept = await desk.tidy()

    desk.bench.service.clock.advance(minutes=2 * DAY)
    gone = await desk.tidy()

    assert (kept, gone) == (0, 1)
    assert await desk.objects(place) == []


async def test_a_file_that_the_store_would_not_let_go_is_out_of_sight_and_goes_later(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    data = picture(9000)
    place = await desk.customer.begin(len(data), client_id="d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09")
    await desk.customer.patch(place, 0, data[:5000])
    desk.store.shut = frozenset({"delete"})
    expected_logs.allow("files.unavailable")

    failed = await desk.customer.http.delete(place, headers=VERSION)
    looked = await desk.customer.http.head(place)
    sent = await desk.customer.patch(place, 5000, data[5000:])
    desk.store.shut = frozenset()
    anew = await desk.customer.begin(len(data), client_id="d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09")
    gone = await desk.tidy()

    assert code_of(failed) == (503, "file.store_unavailable")
    assert anew != place
    assert looked.status_code == 404
    assert code_of(sent) == (404, "file.not_found")
    assert gone == 1
    assert await desk.objects(place) == []


async def test_an_s3_store_that_is_gone_is_a_clear_answer_without_a_secret(
    make_settings: Callable[..., Settings],
    expected_logs: ExpectedLogs,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_logs.allow("files.unavailable")
    with S3Server() as server:
        async with backend_service(make_settings(**server.settings)) as service:
            bench = await call_bench(service)
            customer = sender(bench.customer, bench.path)
            place = await customer.begin(9000)
            server.kill()

            answer = await customer.patch(place, 0, picture(9000))

    assert code_of(answer) == (503, "file.store_unavailable")
    assert SECRET not in caplog.text
    assert server.url not in caplog.text + answer.text
    assert SECRET not in repr(service.core.files) + repr(service.core.settings)
