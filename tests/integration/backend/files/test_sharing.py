"""What both sides see of a shared file, over both databases and both stores."""

import hashlib

from liftbay_backend.services.file_receiving import PART_BYTES
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.contract import response
from tests.fakes.uploads import (
    VERSION,
    Sender,
    code_of,
    picture,
    sender,
)


async def test_a_file_reaches_the_other_side_as_it_was_sent(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    data = picture(PART_BYTES + 1000)

    place = await customer.send(data, filename="Riemen ä.png", filetype="image/png")

    answer = await mechanic.http.get(place)
    assert answer.content == data
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(data))
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Riemen%20%C3%A4.png"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    (listed,) = await mechanic.listed()
    (event,) = await bench.events("file")
    assert event["file"] == listed
    assert set(listed) == set(response("files")["files"][0])
    assert (listed["name"], listed["author"], listed["bytes"], listed["sha256"]) == (
        "Riemen ä.png",
        "customer",
        len(data),
        hashlib.sha256(data).hexdigest(),
    )


async def test_nobody_but_its_author_sees_a_file_that_is_not_whole(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    data = picture(9000)
    place = await customer.begin(len(data))
    await customer.patch(place, 0, data[:8999])

    own = await customer.http.get(place)
    theirs = await mechanic.http.get(place)
    looked = await mechanic.http.head(place)
    sent = await mechanic.patch(place, 8999, data[8999:])

    assert (own.status_code, own.json()["offset"]) == (409, 8999)
    assert own.json()["code"] == "file.incomplete"
    assert code_of(theirs) == code_of(sent) == (404, "file.not_found")
    assert looked.status_code == 404
    assert await mechanic.listed() == await customer.listed() == []
    assert await bench.events("file") == []


async def test_a_range_is_given_across_the_seams_of_the_store(
    customer: Sender, mechanic: Sender
) -> None:
    data = picture(PART_BYTES + 1000)
    place = await customer.send(data)
    seam, end = PART_BYTES, len(data) - 1

    for asked, first, last in (
        ("0-0", 0, 0),
        ("100-1099", 100, 1099),
        (f"{seam - 10}-{seam + 9}", seam - 10, seam + 9),
        (f"{seam}-", seam, end),
        ("-500", end - 499, end),
        (f"-{2 * seam}", 0, end),
    ):
        answer = await mechanic.http.get(place, headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(data)}"
        assert answer.content == data[first : last + 1]


async def test_a_range_that_cannot_be_had_is_refused(customer: Sender, mechanic: Sender) -> None:
    place = await customer.send(picture(9000))

    answer = await mechanic.http.get(place, headers={"Range": "bytes=9000-"})

    assert code_of(answer) == (416, "file.range_unsatisfiable")
    assert answer.headers["content-range"] == "bytes */9000"


async def test_a_range_of_another_version_brings_the_whole_file(
    customer: Sender, mechanic: Sender
) -> None:
    data = picture(9000)
    place = await customer.send(data)
    tag = f'"{hashlib.sha256(data).hexdigest()}"'

    old = await mechanic.http.get(place, headers={"Range": "bytes=0-9", "If-Range": '"old"'})
    same = await mechanic.http.get(place, headers={"Range": "bytes=0-9", "If-Range": tag})
    known = await mechanic.http.get(place, headers={"If-None-Match": tag})

    assert [one.status_code for one in (old, same, known)] == [200, 206, 304]


async def test_strangers_reach_no_file(bench: CallBench, customer: Sender) -> None:
    place = await customer.send(picture(9000))
    stranger = sender(await bench.service.customer("Ida Stranger"), bench.path)
    other = await call_bench(bench.service)
    elsewhere = place.replace(bench.session_id, other.session_id)

    answers = [
        await stranger.http.get(place),
        await stranger.http.get(bench.path + "/files"),
        await stranger.ask_to_send(5000),
        await stranger.patch(place, 0, b"x"),
        await stranger.http.delete(place, headers=VERSION),
    ]
    through_another = await other.customer.http.get(elsewhere)

    assert {code_of(one) for one in answers} == {(403, "session.not_participant")}
    assert code_of(through_another) == (404, "file.not_found")


async def test_a_summary_names_snapshots_and_files(
    bench: CallBench, customer: Sender, mechanic: Sender
) -> None:
    promised = response("summary")
    await customer.send(picture(9000), filename="belt.png")
    await mechanic.send(picture(9001), filename="marked.png", kind="snapshot")
    await bench.end(bench.customer)

    summary = (await bench.mechanic.http.get(f"{bench.path}/summary")).json()
    pdf = await bench.mechanic.http.get(
        f"{bench.path}/summary", headers={"Accept": "application/pdf"}
    )

    assert [one["name"] for one in summary["files"]] == ["belt.png"]
    assert [one["name"] for one in summary["snapshots"]] == ["marked.png"]
    assert set(summary["files"][0]) == set(promised["files"][0])
    assert set(summary["snapshots"][0]) == set(promised["snapshots"][0])
    assert pdf.content.startswith(b"%PDF-")


async def test_bytes_of_the_service_lie_under_ids_alone(bench: CallBench, customer: Sender) -> None:
    place = await customer.send(picture(9000), filename="belt.png")
    file_id = place.rpartition("/")[2]

    keys = await bench.service.core.files.list(file_id)

    assert len(keys) == 1
    assert keys[0].startswith(f"{file_id}/000000000000000-")
