"""What may come as a bundle: the zip that our own client makes, and no other zip."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.bundle import ENTRY_BYTES, Flaw, NoBundle, check_bundle
from preflight.support.bundle import pack
from tests.fakes.bundles import LOG_LINE, as_zip, packed, report_of

ID = "3f8a2c1e-0b4d-4e6f-8a9b-1c2d3e4f5a6b"
JPEG = b"\xff\xd8\xff\xe0 and so on"
Files = dict[str, bytes]


def ours(**more: Any) -> Files:
    """Return the files of a bundle that the real client packs."""
    with zipfile.ZipFile(io.BytesIO(packed(report_of(ID), **more))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def flaw_of(content: bytes, report_id: str = ID) -> Flaw:
    with pytest.raises(NoBundle) as refused:
        check_bundle(content, report_id)
    return refused.value.flaw


@pytest.mark.parametrize("picture", [None, JPEG])
@pytest.mark.parametrize("crash", [None, report_of("a killed run")])
def test_what_the_client_packs_is_a_bundle(
    picture: bytes | None, crash: dict[str, Any] | None
) -> None:
    bundle = pack(report_of(ID), [LOG_LINE], picture, crash=crash)

    files = check_bundle(bundle.packed, ID)

    assert [(one.name, one.bytes) for one in files] == [
        (one.name, one.bytes) for one in bundle.entries
    ]


def _told(files: Files, change: Callable[[dict[str, Any]], object]) -> Files:
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return {**files, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    "name", ["../report.json", "/etc/passwd", "a/log.txt", "run.exe", "LOG.TXT"]
)
def test_no_other_name_and_no_path_is_taken(name: str) -> None:
    assert flaw_of(as_zip({**ours(), name: b"x"})) is Flaw.NAMES


def test_a_name_that_is_cut_where_it_is_read_is_refused() -> None:
    """What stands behind a NUL is shown by some programs and not by others."""
    content = as_zip(ours()).replace(b"log.txt", b"log\x00.sh")

    assert flaw_of(content) is Flaw.NAMES


def test_what_is_missing_doubled_or_a_link_is_refused() -> None:
    files = ours()
    without = {name: one for name, one in files.items() if name != "report.json"}
    link = zipfile.ZipInfo("log.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    doubled = as_zip({**files, "log.tx2": b"other"}).replace(b"log.tx2", b"log.txt")

    assert flaw_of(as_zip(without)) is Flaw.NAMES
    assert flaw_of(doubled) is Flaw.NAMES
    assert flaw_of(as_zip(_without(files, "log.txt"), (link, b"/etc/passwd"))) is Flaw.NAMES


def test_a_zip_that_unpacks_to_more_than_ours_ever_is_refused() -> None:
    bomb = {**ours(), "log.txt": bytes(ENTRY_BYTES + 1)}

    content = as_zip(bomb)

    assert len(content) < 100_000
    assert flaw_of(content) is Flaw.SIZE


def test_a_size_that_is_a_lie_is_found_out() -> None:
    """The directory says little, and the stream goes on: nothing beyond what was said is read."""
    content = as_zip({**ours(), "log.txt": bytes(1_000_000)})
    size = (1_000_000).to_bytes(4, "little")

    lied = content.replace(size, (10).to_bytes(4, "little"))

    assert lied != content
    assert flaw_of(lied) in (Flaw.NO_ZIP, Flaw.SIZE)


def test_entries_over_each_other_are_refused() -> None:
    """The way of the best known bombs: one packed stream, named several times."""
    files = {"report.json": b'{"a": 1}' * 2000, "report.html": b'{"a": 1}' * 2000}
    content = bytearray(as_zip({**_without(ours(), "report.html"), **files}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.getinfo("report.json").header_offset
        second = archive.getinfo("report.html").header_offset
    at = content.rindex(b"report.html") - 4
    assert int.from_bytes(content[at : at + 4], "little") == second
    content[at : at + 4] = first.to_bytes(4, "little")

    assert flaw_of(bytes(content)) in (Flaw.NO_ZIP, Flaw.SIZE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"MZ" + as_zip({"report.json": b"{}"}),
        as_zip({"report.json": b"{}", "manifest.json": b"{}"}) + b"#!/bin/sh",
    ],
    ids=["nothing", "a beginning", "a program in front", "a script behind"],
)
def test_what_is_more_or_less_than_a_zip_is_refused(content: bytes) -> None:
    assert flaw_of(content) is Flaw.NO_ZIP


def test_a_damaged_zip_is_refused() -> None:
    content = bytearray(as_zip(ours(), method=zipfile.ZIP_STORED))
    place = content.index(b'"redaction"')
    content[place : place + 3] = b"XXX"

    assert flaw_of(bytes(content)) is Flaw.NO_ZIP


def test_an_encrypted_zip_or_one_of_another_method_is_refused() -> None:
    content = bytearray(as_zip(ours()))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1

    assert flaw_of(bytes(content)) is Flaw.CONTENT
    assert flaw_of(as_zip(ours(), method=zipfile.ZIP_LZMA)) is Flaw.CONTENT


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (lambda told: told.update(schema="x"), Flaw.MANIFEST),
        (lambda told: told["files"].pop(), Flaw.MANIFEST),
        (lambda told: told["files"][0].update(sha256="0" * 64), Flaw.MANIFEST),
        (lambda told: told.update(report_id="another"), Flaw.OTHER_REPORT),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    change: Callable[[dict[str, Any]], object], flaw: Flaw
) -> None:
    assert flaw_of(as_zip(_told(ours(), change))) is flaw


def test_the_bundle_of_another_report_is_refused() -> None:
    assert flaw_of(as_zip(ours()), "another") is Flaw.OTHER_REPORT


def test_a_trace_that_is_no_report_is_refused() -> None:
    assert flaw_of(packed(report_of(ID), crash={"schema": "liftbay.else"})) is Flaw.CONTENT
    assert flaw_of(packed(report_of(ID), crash={})) is Flaw.CONTENT


def test_a_picture_that_is_none_and_json_that_is_none_are_refused() -> None:
    deep = b"[" * 200_000 + b"]" * 200_000

    assert flaw_of(packed(report_of(ID), picture=b"<svg/>")) is Flaw.CONTENT
    for odd in (b"[]", b"\xff", deep):
        assert flaw_of(as_zip({**ours(), "manifest.json": odd})) is Flaw.CONTENT


PACKED = packed(report_of(ID))
Changes = list[tuple[int, int]]


@given(
    st.lists(
        st.tuples(st.integers(0, len(PACKED) - 1), st.integers(0, 255)), min_size=1, max_size=4
    )
)
def test_whatever_comes_is_answered(changes: Changes) -> None:
    """A changed byte anywhere is a refusal or still the same bundle, never another exception."""
    content = bytearray(PACKED)
    for place, byte in changes:
        content[place] = byte

    try:
        files = check_bundle(bytes(content), ID)
    except NoBundle:
        return
    assert {one.name for one in files} == {
        "report.json",
        "report.html",
        "log.txt",
        "manifest.json",
    }


def _without(files: Mapping[str, bytes], name: str) -> Files:
    return {other: one for other, one in files.items() if other != name}
