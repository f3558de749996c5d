"""What a file's first bytes say it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liftbay_backend.domain.file_types import (
    ALLOWED,
    SNIFF_BYTES,
    is_ending_allowed,
    known_type,
    sniffed_type,
)

SAMPLES = {
    "image/jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/gif": b"GIF89a\x01\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1",
    "image/avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00",
    "video/mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00",
    "video/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00",
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "audio/ogg": b"OggS\x00\x02\x00\x00",
    "audio/flac": b"fLaC\x00\x00\x00\x22",
    "application/pdf": b"%PDF-1.7\n",
    "text/plain": "P0301 Zündaussetzer\r\n".encode(),
    "text/csv": b"time,rpm\n0,850\n",
}


@pytest.mark.parametrize("kind", sorted(ALLOWED))
def test_each_shared_type_is_known_by_its_bytes(kind: str) -> None:
    claimed = kind if kind == "text/csv" else None

    assert sniffed_type(SAMPLES[kind], claimed) == kind


@pytest.mark.parametrize("kind", sorted(set(ALLOWED) - {"text/plain", "text/csv"}))
def test_a_claim_changes_nothing_about_bytes_that_name_themselves(kind: str) -> None:
    assert sniffed_type(SAMPLES[kind], "text/plain") == kind


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\x00",
        b"\x7fELF\x02",
        b"PK\x03\x04",
        b"\xca\xfe\xba\xbe",
        b"Rar!\x1a\x07",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\x00\x00\x00\x14ftypjunk",
        b"<!DOCTYPE html><script>",
        b"\xef\xbb\xbf  <html>",
        b"<?xml version='1.0'?><svg/>",
        b"<svg onload=alert(1)>",
        b"#!/bin/sh\nrm -rf",
        b"<?php system(1);",
        b"plain until here\x00",
        b"escape \x1b[2J",
        b"\xff\xfe\x00 not text",
        b"latin \xe4\xf6",
        b"\xff\xff\xff\xff",
        b"\x00" * SNIFF_BYTES,
    ],
)
def test_whatever_is_not_in_the_table_is_nothing(head: bytes) -> None:
    assert sniffed_type(head, "text/plain") is None


def test_a_character_that_the_head_cuts_in_two_is_text_still() -> None:
    text = ("x" * (SNIFF_BYTES - 1) + "ü").encode()

    assert sniffed_type(text[:SNIFF_BYTES], None) == "text/plain"
    assert sniffed_type(text[: SNIFF_BYTES - 10] + b"\xc3", None) is None


def test_a_frame_of_mpeg_audio_needs_no_tag() -> None:
    assert sniffed_type(b"\xff\xfb\x90\x64\x00", None) == "audio/mpeg"


@given(some.binary(max_size=64))
def test_no_bytes_are_of_a_type_outside_the_table(head: bytes) -> None:
    found = sniffed_type(head, None)

    assert found is None or found in ALLOWED


def test_noise_is_hardly_ever_taken_for_a_file() -> None:
    """Three bytes decide the least; MPEG audio has the weakest mark."""
    noise = random.Random(3)

    taken = [sniffed_type(noise.randbytes(SNIFF_BYTES), None) for _ in range(3000)]

    assert sum(one is not None for one in taken) < 15


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("image/jpg", "image/jpeg"),
        ("IMAGE/PNG; charset=x", "image/png"),
        ("audio/x-m4a", "audio/mp4"),
        ("text/html", None),
        ("application/octet-stream", None),
        ("", None),
    ],
)
def test_a_type_has_several_names(claimed: str, known: str | None) -> None:
    assert known_type(claimed) == known


@pytest.mark.parametrize(
    ("name", "kind", "is_allowed"),
    [
        ("belt.JPG", "image/jpeg", True),
        ("belt.jpeg", None, True),
        ("belt", "image/jpeg", True),
        ("belt.png", "image/jpeg", False),
        ("belt.png.exe", "image/png", False),
        ("belt.exe", None, False),
        ("belt.", None, False),
    ],
)
def test_an_ending_belongs_to_a_type(name: str, kind: str | None, is_allowed: bool) -> None:
    assert is_ending_allowed(name, kind) is is_allowed
