"""Files and bytes that are not taken, over both databases and both stores."""

import hashlib
from collections.abc import Callable

import pytest

from liftbay_backend.services import file_receiving
from liftbay_backend.services.file_receiving import PART_BYTES
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.uploads import (
    JPEG,
    Sender,
    checksum,
    chunked,
    code_of,
    picture,
    sender,
)


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
async def test_bytes_with_a_wrong_checksum_are_not_taken(
    customer: Sender, mechanic: Sender, algorithm: str
) -> None:
    data = picture(PART_BYTES + 5000)
    place = await customer.begin(len(data))

    wrong = await customer.patch(place, 0, data, Upload_Checksum=checksum(data[1:], algorithm))
    offset = await customer.offset(place)
    right = await customer.patch(place, 0, data, Upload_Checksum=checksum(data, algorithm))

    assert code_of(wrong) == (460, "file.checksum_mismatch")
    assert offset == 0
    assert right.status_code == 204
    assert (await mechanic.http.get(place)).content == data


async def test_a_file_whose_own_checksum_is_wrong_is_never_shared(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    data = picture(9000)
    place = await customer.begin(len(data), sha256=hashlib.sha256(b"other").hexdigest())

    answer = await customer.patch(place, 0, data)

    assert code_of(answer) == (460, "file.checksum_mismatch")
    assert code_of(await customer.http.get(place)) == (460, "file.checksum_mismatch")
    assert await mechanic.listed() == []
    assert await bench.service.core.files.list(place.rpartition("/")[2]) == []


@pytest.mark.parametrize(
    ("told", "data"),
    [
        ({"filename": "belt.png", "filetype": "image/png"}, JPEG + bytes(5000)),
        ({"filename": "belt.png"}, JPEG + bytes(5000)),
        ({"filename": "belt.png", "filetype": "image/png"}, b"MZ" + bytes(5000)),
        ({"filename": "what", "kind": "snapshot"}, b"%PDF-1.7" + bytes(5000)),
    ],
    ids=["claim", "ending", "program", "no picture"],
)
async def test_a_file_that_is_not_what_it_is_called_is_refused_and_forgotten(
    bench: CallBench,
    customer: Sender,
    mechanic: Sender,
    told: dict[str, str],
    data: bytes,
) -> None:
    place = await customer.begin(len(data), **told)

    answer = await customer.patch(place, 0, data)

    assert code_of(answer) == (415, "file.type_refused")
    assert "image/png" in answer.json()["allowed"]
    # Said again to a sender who may not have heard it.
    assert code_of(await customer.patch(place, 0, data)) == (415, "file.type_refused")
    assert (await customer.http.head(place)).status_code == 415
    assert code_of(await mechanic.http.get(place)) == (404, "file.not_found")
    assert await mechanic.listed() == []
    assert await bench.service.core.files.list(place.rpartition("/")[2]) == []


async def test_a_type_is_found_whatever_pieces_the_first_bytes_come_in(customer: Sender) -> None:
    data = JPEG + bytes(5000)
    place = await customer.begin(len(data), filename="belt.png")

    statuses = [
        (await customer.patch(place, at, data[at : at + 1000])).status_code
        for at in range(0, 5000, 1000)
    ]

    assert statuses == [204, 204, 204, 204, 415]


async def test_a_name_or_type_is_refused_before_the_first_byte(customer: Sender) -> None:
    named = await customer.ask_to_send(5000, filename="../../etc/passwd.png")
    typed = await customer.ask_to_send(5000, filename="setup.exe")
    nonsense = await customer.ask_to_send("-1")

    assert code_of(named) == (422, "file.name_refused")
    assert code_of(typed) == (415, "file.type_refused")
    assert code_of(nonsense) == (422, "request.invalid")


async def test_another_version_of_the_protocol_is_refused(customer: Sender) -> None:
    place = await customer.begin(5000)

    begun = await customer.ask_to_send(5000, {"Tus-Resumable": "0.2.2"})
    sent = await customer.patch(place, 0, b"x", Tus_Resumable="2.0.0")
    called_off = await customer.http.delete(place)

    assert code_of(begun) == code_of(sent) == (412, "file.version_unsupported")
    assert code_of(called_off) == (412, "file.version_unsupported")
    assert begun.headers["tus-version"] == "1.0.0"
    # The protocol wants it in every answer, also before anybody was asked who they are.
    stranger = await customer.http.patch(place, headers={"Authorization": ""})
    assert {one.headers["tus-resumable"] for one in (begun, sent, called_off, stranger)} == {
        "1.0.0"
    }
    assert stranger.status_code == 401
    assert "tus-resumable" not in (await customer.http.get(place)).headers


async def test_bytes_of_another_content_type_are_refused(customer: Sender) -> None:
    place = await customer.begin(5000)

    answer = await customer.patch(place, 0, b"x", Content_Type="application/octet-stream")

    assert code_of(answer) == (415, "http.unsupported_type")


async def test_a_checksum_that_cannot_be_read_is_refused(customer: Sender) -> None:
    place = await customer.begin(5000)

    answers = [
        await customer.patch(place, 0, b"x", Upload_Checksum=value)
        for value in ("crc32 AAAA", "sha256 AAAA", "sha1 !", "sha256")
    ]

    assert {code_of(one) for one in answers} == {(422, "request.invalid")}


async def test_a_file_is_as_large_as_the_settings_allow(
    file_settings: Callable[..., Settings],
) -> None:
    async with backend_service(file_settings(file_max_bytes=9000)) as service:
        bench = await call_bench(service)
        customer = sender(bench.customer, bench.path)

        over = await customer.ask_to_send(9001)
        place = await customer.begin(9000)
        declared = await customer.patch(place, 0, picture(9001))
        counted = await customer.patch(place, 0, chunked(picture(9001), 3000))
        right = await customer.patch(place, 0, picture(9000))

    assert (code_of(over), over.json()["max_bytes"]) == ((413, "file.too_large"), 9000)
    assert code_of(declared) == code_of(counted) == (413, "file.too_large")
    assert right.status_code == 204


@pytest.mark.parametrize(
    ("changes", "reason", "limit"),
    [
        ({"files_per_session": 2}, "count", 2),
        ({"files_bytes_per_session": 24_999}, "bytes", 24_999),
    ],
)
async def test_a_session_holds_only_so_much(
    file_settings: Callable[..., Settings], changes: dict[str, int], reason: str, limit: int
) -> None:
    async with backend_service(file_settings(**changes)) as service:
        bench = await call_bench(service)
        customer = sender(bench.customer, bench.path)
        await customer.begin(10_000)
        await sender(bench.mechanic, bench.path).send(picture(10_000))

        answer = await customer.ask_to_send(5000)

    assert code_of(answer) == (409, "file.limit_reached")
    assert (answer.json()["reason"], answer.json()["limit"]) == (reason, limit)


async def test_uploads_have_a_rate(file_settings: Callable[..., Settings]) -> None:
    async with backend_service(file_settings(file_upload_limit="3/minute")) as service:
        bench = await call_bench(service)
        customer = sender(bench.customer, bench.path)
        place = await customer.begin(9000)
        for at in range(2):
            assert (await customer.patch(place, at, b"%")).status_code == 204

        sent = await customer.patch(place, 2, b"%")
        begun = await customer.ask_to_send(9000)
        others = await sender(bench.mechanic, bench.path).ask_to_send(9000)

    assert code_of(sent) == code_of(begun) == (429, "rate.limited")
    assert others.status_code == 201


async def test_a_flood_of_small_parts_ends(
    customer: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_receiving, "MOST_SMALL_PARTS", 3)
    data = picture(9000)
    place = await customer.begin(len(data))

    answers = [await customer.patch(place, at, data[at : at + 1]) for at in range(5)]

    assert [one.status_code for one in answers] == [204, 204, 204, 204, 409]
    assert code_of(answers[-1]) == (409, "file.limit_reached")
    assert answers[-1].json()["reason"] == "parts"
