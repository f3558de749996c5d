"""The headers of an upload, before anything is stored."""

import pytest

from liftbay_backend.domain.states import FileKind
from liftbay_backend.files.tus import read_checksum, read_number, read_wish, require_version
from liftbay_backend.problems import ErrorCode, Problem
from tests.fakes.uploads import checksum, metadata

MOST = 10_000


def refused(headers: dict[str, str]) -> ErrorCode:
    with pytest.raises(Problem) as caught:
        read_wish(headers, MOST)
    return caught.value.error


def wish(length: str = "5000", **told: str) -> dict[str, str]:
    return {
        "upload-length": length,
        "upload-metadata": metadata(**{"filename": "belt.png", **told}),
    }


def test_everything_a_sender_can_say_is_read() -> None:
    told = wish(
        filename="Müller.JPG",
        filetype="image/jpg; q=1",
        kind="snapshot",
        sha256="AB" * 32,
        client_id="D4C3B2A1-0F9E-4D8C-B7A6-5F4E3D2C1B09",
        unknown="x",
    )

    found = read_wish(told, MOST)

    assert (found.name, found.type, found.kind) == ("Müller.JPG", "image/jpeg", FileKind.SNAPSHOT)
    assert (found.length_bytes, found.sha256) == (5000, "ab" * 32)
    assert found.client_id == "d4c3b2a1-0f9e-4d8c-b7a6-5f4e3d2c1b09"
    assert "Müller" not in repr(found)


def test_a_name_and_a_length_are_enough() -> None:
    found = read_wish(wish(), MOST)

    assert (found.kind, found.type, found.sha256, found.client_id) == (
        FileKind.FILE,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "headers",
    [
        wish("-1"),
        wish("1e3"),
        wish("0"),
        wish("٣"),
        wish("9" * 16),
        {"upload-metadata": metadata(filename="a.png")},
        {"upload-length": "5", "upload-metadata": "filename !"},
        {"upload-length": "5", "upload-metadata": "filename YQ==,filename YQ=="},
        {"upload-length": "5", "upload-metadata": "filename /w=="},
        wish(kind="virus"),
        wish(sha256="12"),
        wish(client_id="12"),
    ],
)
def test_headers_that_make_no_sense_are_refused(headers: dict[str, str]) -> None:
    assert refused(headers) is ErrorCode.REQUEST_INVALID


def test_a_file_over_the_limit_is_refused_and_one_at_it_is_not() -> None:
    assert refused(wish(str(MOST + 1))) is ErrorCode.FILE_TOO_LARGE
    assert read_wish(wish(str(MOST)), MOST).length_bytes == MOST


def test_a_file_without_a_name_is_refused() -> None:
    assert refused({"upload-length": "5"}) is ErrorCode.FILE_NAME_REFUSED


@pytest.mark.parametrize(
    "told",
    [
        {"filename": "setup.exe"},
        {"filename": "belt.png.exe", "filetype": "image/png"},
        {"filename": "belt.jpg", "filetype": "image/png"},
        {"filename": "belt.html"},
        {"filename": "belt", "filetype": "text/html"},
        {"filename": "belt.svg", "filetype": "image/svg+xml"},
        {"filename": "belt.mp4", "filetype": "video/mp4", "kind": "snapshot"},
    ],
)
def test_a_wrong_type_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(Problem) as caught:
        read_wish(wish(**told), MOST)

    assert caught.value.error is ErrorCode.FILE_TYPE_REFUSED
    assert "image/png" in caught.value.extra["allowed"]


def test_one_version_is_spoken() -> None:
    require_version({"tus-resumable": "1.0.0"})
    for headers in ({}, {"tus-resumable": "0.2.2"}):
        with pytest.raises(Problem) as caught:
            require_version(headers)
        assert caught.value.error is ErrorCode.FILE_VERSION_UNSUPPORTED
        assert caught.value.headers == {"Tus-Version": "1.0.0"}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_is_read(algorithm: str) -> None:
    found = read_checksum({"upload-checksum": checksum(b"belt", algorithm)})

    assert found is not None
    digest = found.begin()
    digest.update(b"belt")
    assert digest.digest() == found.digest
    assert read_checksum({}) is None


@pytest.mark.parametrize("value", ["crc32 AAAA", "sha256 AAAA", "sha1 !", "sha256", ""])
def test_a_checksum_that_cannot_be_read_is_refused(value: str) -> None:
    with pytest.raises(Problem) as caught:
        read_checksum({"upload-checksum": value})

    assert caught.value.error is ErrorCode.REQUEST_INVALID


def test_an_offset_is_a_number() -> None:
    assert read_number({"upload-offset": "0"}, "upload-offset") == 0
    with pytest.raises(Problem):
        read_number({}, "upload-offset")
