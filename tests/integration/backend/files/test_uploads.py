"""Uploads from their begin to their last byte, over both databases and both stores."""

import hashlib
import uuid

from liftbay_backend.services.file_receiving import PART_BYTES
from tests.fakes.backend_calls import CallBench
from tests.fakes.contract import fixture
from tests.fakes.uploads import (
    VERSION,
    Sender,
    code_of,
    cuts,
    picture,
)


async def test_a_begun_upload_is_told_as_promised(customer: Sender) -> None:
    promised = fixture("file_begin")

    answer = await customer.ask_to_send(5000)

    told = answer.json()
    assert set(told) == set(promised["response"])
    assert (told["bytes"], told["received_bytes"]) == (5000, 0)
    assert answer.headers["location"] == f"{customer.path}/{told['id']}"
    assert answer.headers["upload-expires"] == "Mon, 23 Nov 2026 12:00:00 GMT"


async def test_an_upload_goes_on_from_wherever_it_was_cut(
    customer: Sender, mechanic: Sender
) -> None:
    data = picture(3 * PART_BYTES + 17, seed=5)
    place = await customer.begin(len(data), sha256=hashlib.sha256(data).hexdigest())
    at = 0

    for end in [*cuts(len(data), 12, seed=7), len(data)]:
        answer = await customer.patch(place, at, data[at:end])
        assert answer.status_code == 204, answer.text
        at = await customer.offset(place)
        assert at == end == int(answer.headers["upload-offset"])

    assert (await mechanic.http.get(place)).content == data


async def test_an_upload_goes_on_from_where_it_stands_and_nowhere_else(customer: Sender) -> None:
    data = picture(9000)
    place = await customer.begin(len(data))
    await customer.patch(place, 0, data[:5000])

    behind = await customer.patch(place, 0, data)
    ahead = await customer.patch(place, 6000, data[6000:])

    assert code_of(behind) == code_of(ahead) == (409, "file.offset_conflict")
    assert behind.json()["offset"] == ahead.json()["offset"] == 5000
    assert await customer.offset(place) == 5000
    assert (await customer.patch(place, 5000, data[5000:])).status_code == 204
    done = await customer.patch(place, 9000, b"")
    assert code_of(done) == (409, "file.offset_conflict")


async def test_what_is_spoken_is_said(customer: Sender) -> None:
    answer = await customer.http.options(customer.path)

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["tus-max-size"] == str(256 * 1024 * 1024)


async def test_the_same_client_id_is_the_same_upload(customer: Sender, mechanic: Sender) -> None:
    own = str(uuid.uuid4())
    place = await customer.begin(9000, client_id=own)
    await customer.patch(place, 0, picture(5000))

    again = await customer.ask_to_send(9000, client_id=own)
    other_side = await mechanic.ask_to_send(9000, client_id=own)

    assert again.headers["location"] == place
    assert again.json()["received_bytes"] == 5000
    assert other_side.headers["location"] != place


async def test_an_upload_can_be_called_off_until_it_has_arrived(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    data = picture(9000)
    place = await customer.begin(len(data))
    await customer.patch(place, 0, data[:5000])
    theirs = await mechanic.http.delete(place, headers=VERSION)
    whole = await customer.send(data)

    off = await customer.http.delete(place, headers=VERSION)
    kept = await customer.http.delete(whole, headers=VERSION)

    assert code_of(theirs) == (404, "file.not_found")
    assert off.status_code == 204
    assert (await customer.http.head(place)).status_code == 404
    assert await bench.service.core.files.list(place.rpartition("/")[2]) == []
    assert code_of(kept) == (409, "file.offset_conflict")
    assert len(await mechanic.listed()) == 1


async def test_no_upload_begins_after_the_end_but_a_begun_one_arrives(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    data = picture(9000)
    place = await customer.begin(len(data))
    await customer.patch(place, 0, data[:5000])
    await bench.end(bench.mechanic)

    late = await customer.ask_to_send(5000)
    rest = await customer.patch(place, 5000, data[5000:])

    assert code_of(late) == (409, "session.ended")
    assert rest.status_code == 204
    assert (await mechanic.http.get(place)).content == data
