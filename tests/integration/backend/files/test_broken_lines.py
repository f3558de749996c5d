"""Lines that break, hang and cross, over a real socket and both databases."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from liftbay_backend.app import end_streams
from liftbay_backend.files.turns import Turns
from liftbay_backend.services.file_receiving import PART_BYTES
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.loopback import on_loopback
from tests.fakes.uploads import CHUNK, Sender, checksum, code_of, cuts, picture, sender

MIB = 1024 * 1024


@dataclass
class Line:
    """A session whose customer comes over a socket."""

    bench: CallBench
    base: str

    def customer(self) -> Sender:
        """Return the customer with connections of their own."""
        return sender(self.bench.customer, self.bench.path, self.base)


@pytest_asyncio.fixture
async def line(make_settings: Callable[..., Settings]) -> AsyncIterator[Line]:
    """A service that waits one second for a byte."""
    async with backend_service(make_settings(file_silence_seconds=1.0)) as service:
        bench = await call_bench(service)
        async with on_loopback(service.app) as base:
            yield Line(bench, base)


class Cut(Exception):
    """The line is cut here."""


async def cut_after(data: bytes, length: int) -> AsyncIterator[bytes]:
    """Yield the first bytes, then break off in the middle of the body."""
    for at in range(0, length, CHUNK):
        yield data[at : min(at + CHUNK, length)]
    # Let what is on the way arrive: how much of it was taken is what the next HEAD tells.
    await asyncio.sleep(0.05)
    raise Cut


async def hang_after(data: bytes, length: int, until: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield the first bytes and then nothing until the event."""
    yield data[:length]
    await until.wait()
    yield data[length:]


async def test_a_line_that_breaks_anywhere_costs_no_byte_that_was_counted(line: Line) -> None:
    data = picture(3 * PART_BYTES + 4321, seed=23)
    customer = line.customer()
    place = await customer.begin(len(data), sha256=hashlib.sha256(data).hexdigest())
    offsets = [0]

    for cut in cuts(len(data), 8, seed=29):
        at = offsets[-1]
        if cut <= at:
            continue
        broken = line.customer()
        with pytest.raises(Cut):
            await broken.patch(place, at, cut_after(data[at:], cut - at))
        await broken.http.aclose()
        offsets.append(await settled(customer, place, cut))
    last = await customer.patch(place, offsets[-1], data[offsets[-1] :])
    got = await customer.http.get(place)
    await customer.http.aclose()

    assert offsets == sorted(offsets)
    assert offsets[-1] > PART_BYTES
    assert last.status_code == 204
    assert got.content == data


async def settled(customer: Sender, place: str, wanted: int) -> int:
    """Ask for the offset until all that was sent is counted, for 5 s at most."""
    for _ in range(100):
        at = await customer.offset(place)
        if at == wanted:
            break
        await asyncio.sleep(0.05)
    return at


async def test_a_break_keeps_what_had_arrived(line: Line) -> None:
    data = picture(PART_BYTES, seed=31)
    customer = line.customer()
    place = await customer.begin(len(data))

    broken = line.customer()
    with pytest.raises(Cut):
        await broken.patch(place, 0, cut_after(data, 100_000))
    await broken.http.aclose()

    assert await settled(customer, place, 100_000) == 100_000
    await customer.http.aclose()


async def test_a_break_with_a_checksum_keeps_nothing(line: Line) -> None:
    data = picture(PART_BYTES + MIB, seed=37)
    customer = line.customer()
    place = await customer.begin(len(data))

    broken = line.customer()
    with pytest.raises(Cut):
        await broken.patch(
            place, 0, cut_after(data, PART_BYTES + 5), Upload_Checksum=checksum(data)
        )
    await broken.http.aclose()
    await asyncio.sleep(0.3)

    assert await customer.offset(place) == 0
    assert (await customer.patch(place, 0, data)).status_code == 204
    await customer.http.aclose()


async def test_who_comes_back_need_not_wait_for_the_line_that_hangs(line: Line) -> None:
    """The newest request has the file; what the old one brings later changes nothing."""
    line.bench.service.app.state.uploads = Turns(per_account=1, at_once=1)
    data = picture(2 * PART_BYTES, seed=41)
    forged = bytes(len(data))
    customer, hanging = line.customer(), line.customer()
    place = await customer.begin(len(data))
    goes_on = asyncio.Event()
    old = asyncio.create_task(
        hanging.patch(place, 0, hang_after(data[:9] + forged[9:], 9000, goes_on))
    )
    await asyncio.sleep(0.3)

    first = await customer.patch(place, 0, data[: PART_BYTES + 7])
    goes_on.set()
    overtaken = await old
    second = await customer.patch(place, PART_BYTES + 7, data[PART_BYTES + 7 :])
    got = await customer.http.get(place)
    for one in (customer, hanging):
        await one.http.aclose()

    assert (first.status_code, second.status_code) == (204, 204)
    assert code_of(overtaken) == (423, "file.taken_over")
    assert got.content == data


async def test_who_is_wrong_about_the_offset_takes_nothing_over(line: Line) -> None:
    data = picture(PART_BYTES, seed=79)
    customer, other = line.customer(), line.customer()
    place = await customer.begin(len(data))
    goes_on = asyncio.Event()
    right = asyncio.create_task(customer.patch(place, 0, hang_after(data, 9000, goes_on)))
    await asyncio.sleep(0.3)

    wrong = await other.patch(place, 5, data[5:])
    goes_on.set()
    answer = await right
    for one in (customer, other):
        await one.http.aclose()

    assert code_of(wrong) == (409, "file.offset_conflict")
    assert answer.status_code == 204


async def test_two_who_send_at_once_leave_one_file(line: Line) -> None:
    data = picture(PART_BYTES + 9000, seed=43)
    senders = [line.customer() for _ in range(4)]
    place = await senders[0].begin(len(data))

    answers = await asyncio.gather(*(one.patch(place, 0, data) for one in senders))
    got = await senders[0].http.get(place)
    for one in senders:
        await one.http.aclose()

    assert [one.status_code for one in answers].count(204) == 1
    assert {one.status_code for one in answers} <= {204, 409, 423}
    assert got.content == data
    assert len(await line.bench.events("file")) == 1


async def test_a_sender_who_falls_silent_is_answered_with_what_arrived(line: Line) -> None:
    data = picture(PART_BYTES, seed=47)
    customer = line.customer()
    place = await customer.begin(len(data))
    never = asyncio.Event()

    answering = asyncio.create_task(customer.patch(place, 0, hang_after(data, 9000, never)))
    await asyncio.sleep(1.5)
    watcher = line.customer()
    at = await watcher.offset(place)
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    for one in (customer, watcher):
        await one.http.aclose()

    assert at == 9000


async def test_a_service_that_stops_answers_with_what_it_has_kept(line: Line) -> None:
    data = picture(2 * PART_BYTES, seed=53)
    customer, watcher = line.customer(), line.customer()
    place = await customer.begin(len(data))
    goes_on = asyncio.Event()

    sending = asyncio.create_task(
        customer.patch(place, 0, hang_after(data, PART_BYTES + 9000, goes_on))
    )
    assert await settled(watcher, place, PART_BYTES) == PART_BYTES
    end_streams(line.bench.service.app)
    goes_on.set()
    answer = await sending
    at = await watcher.offset(place)
    for one in (customer, watcher):
        await one.http.aclose()

    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(at))
    assert PART_BYTES <= at < len(data)


async def test_one_account_and_all_together_have_so_many_turns(line: Line) -> None:
    """Each turn holds a part in memory."""
    line.bench.service.app.state.uploads = Turns(per_account=2, at_once=3)
    data = picture(PART_BYTES, seed=71)
    goes_on = asyncio.Event()
    customer = line.customer()
    mechanic = sender(line.bench.mechanic, line.bench.path, line.base)
    places = [await customer.begin(len(data)) for _ in range(3)]
    theirs = [await mechanic.begin(len(data)) for _ in range(2)]

    held = [
        asyncio.create_task(who.patch(place, 0, hang_after(data, 9000, goes_on)))
        for who, place in ((customer, places[0]), (customer, places[1]), (mechanic, theirs[0]))
    ]
    await asyncio.sleep(0.5)
    own = await customer.patch(places[2], 0, data)
    full = await mechanic.patch(theirs[1], 0, data)
    goes_on.set()
    answers = await asyncio.gather(*held)
    later = await customer.patch(places[2], 0, data)
    for one in (customer, mechanic):
        await one.http.aclose()

    assert code_of(own) == (429, "rate.limited")
    assert code_of(full) == (503, "server.unavailable")
    assert own.headers["retry-after"] == full.headers["retry-after"] == "5"
    assert {one.status_code for one in answers} == {204}
    assert later.status_code == 204


async def test_a_turn_ends_and_the_next_goes_on(make_settings: Callable[..., Settings]) -> None:
    data = picture(2 * PART_BYTES, seed=73)
    async with backend_service(make_settings(file_turn_seconds=0.5)) as service:
        bench = await call_bench(service)
        async with on_loopback(service.app) as base:
            customer = sender(bench.customer, bench.path, base)
            place = await customer.begin(len(data))

            first = await customer.patch(place, 0, dribble(data))
            at = await customer.offset(place)
            rest = await customer.patch(place, at, data[at:])
            got = await customer.http.get(place)
            await customer.http.aclose()

    assert (first.status_code, first.headers["upload-offset"]) == (204, str(at))
    assert 0 < at < len(data)
    assert rest.status_code == 204
    assert got.content == data


async def dribble(data: bytes) -> AsyncIterator[bytes]:
    """Yield data over some 6 s."""
    for at in range(0, len(data), CHUNK):
        yield data[at : at + CHUNK]
        await asyncio.sleep(0.05)


async def test_a_reader_who_takes_nothing_is_cut_off(
    line: Line, expected_logs: ExpectedLogs
) -> None:
    data = random.Random(59).randbytes(64 * MIB)
    customer = line.customer()
    place = await customer.send(picture(8) + data)
    host, port = line.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    token = line.bench.customer.http.headers["authorization"]
    expected_logs.allow("ASGI callable returned without completing response")

    writer.write(f"GET {place} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    await writer.drain()
    await asyncio.sleep(3)
    got = len(await reader.read())
    writer.close()
    await customer.http.aclose()

    assert 0 < got < len(data)
