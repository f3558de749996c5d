"""Which files people may share: one table, and the look into a file's first bytes.

What a sender calls a file is a claim. The kind of a file is what its first bytes say; a claim that
differs is refused, because a receiver opens a file by its name.
"""

from collections.abc import Mapping
from typing import Final

SNIFF_BYTES: Final = 4096
"""So many first bytes decide, or all of a shorter file."""

ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "image/jpeg": frozenset({"jpg", "jpeg"}),
    "image/png": frozenset({"png"}),
    "image/webp": frozenset({"webp"}),
    "image/gif": frozenset({"gif"}),
    "image/heic": frozenset({"heic", "heif"}),
    "image/avif": frozenset({"avif"}),
    "video/mp4": frozenset({"mp4", "m4v"}),
    "video/quicktime": frozenset({"mov", "qt"}),
    "video/webm": frozenset({"webm"}),
    "audio/mp4": frozenset({"m4a"}),
    "audio/mpeg": frozenset({"mp3"}),
    "audio/wav": frozenset({"wav"}),
    "audio/ogg": frozenset({"ogg", "oga", "opus"}),
    "audio/flac": frozenset({"flac"}),
    "application/pdf": frozenset({"pdf"}),
    "text/plain": frozenset({"txt", "log"}),
    "text/csv": frozenset({"csv"}),
}
"""Every type that may be shared, with the endings its names have."""

_SAME: Final[Mapping[str, str]] = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/heif": "image/heic",
    "video/x-m4v": "video/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "audio/x-flac": "audio/flac",
}
_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# ISO base media files (ISO/IEC 14496-12) name their family at byte 8.
_BRANDS: Final = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"avif": "image/avif",
    b"avis": "image/avif",
}
_FILM_BRANDS: Final = (b"iso", b"mp4", b"avc", b"M4V", b"MSNV", b"3gp", b"dash", b"f4v")
_TEXT: Final = frozenset({"text/plain", "text/csv"})
# A browser that is given one of these runs it, whatever type stands beside it.
_ACTIVE: Final = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php", b"#!")
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f")
_FIRST_PRINTABLE: Final = 0x20
_DELETE: Final = 0x7F
_LONGEST_CHARACTER: Final = 4


def known_type(claimed: str) -> str | None:
    """Return the type as our table has it, for any of its names; None for one not allowed."""
    plain = claimed.partition(";")[0].strip().lower()
    plain = _SAME.get(plain, plain)
    return plain if plain in ALLOWED else None


def is_ending_allowed(name: str, kind: str | None = None) -> bool:
    """Tell whether a file of this name can be of this type, or of any; a name may have no ending.

    Args:
        kind: a type of `ALLOWED`; None asks about all of them.
    """
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem:
        return True
    endings = ALLOWED.values() if kind is None else (ALLOWED[kind],)
    return any(ending.lower() in one for one in endings)


def sniffed_type(head: bytes, claimed: str | None) -> str | None:
    """Return what the first bytes say a file is; None for whatever may not be shared.

    Args:
        head: the first `SNIFF_BYTES` of the file, or all of a shorter one.
        claimed: what the sender calls it; decides between the kinds of plain text alone.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        film = "video/mp4" if brand.startswith(_FILM_BRANDS) else None
        return _BRANDS.get(brand, film)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        # Matroska has the same start; only its subset WebM names itself.
        return "video/webm" if b"webm" in head[:64] else None
    if _is_mpeg_frame(head):
        return "audio/mpeg"
    if _is_text(head):
        plain = known_type(claimed or "")
        return plain if plain in _TEXT else "text/plain"
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """Tell whether this is the header of a frame of MPEG audio, layer III."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    bit_rate, rate = head[2] >> 4, (head[2] >> 2) & 3
    return bit_rate not in (0, 15) and rate != 3


def _is_text(head: bytes) -> bool:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_ACTIVE):
        return False
    if any(
        (one < _FIRST_PRINTABLE and one not in _TEXT_CONTROLS) or one == _DELETE for one in head
    ):
        return False
    # The last character may be cut in two by the end of the head.
    for cut in range(_LONGEST_CHARACTER if len(head) >= SNIFF_BYTES else 1):
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False
