"""Reads who issued a certificate, out of its DER bytes (X.690, RFC 5280 section 4.1).

By hand, because the interpreter tells the issuer only of certificates that it verified itself:
on Windows and macOS the system does that, and then it tells nothing.
"""

from collections.abc import Iterator

_SEQUENCE, _VERSION = 0x30, 0xA0
_ORGANISATION = b"\x55\x04\x0a"
_COMMON_NAME = b"\x55\x04\x03"
_MOST = 80
"""Characters that are told: a name, not a text."""


def issuer_of(certificate: bytes) -> str:
    """Return the issuer's organisation, else its common name; empty where there is neither."""
    try:
        names = dict(_issuer_names(certificate))
    except (IndexError, ValueError):
        return ""
    name = names.get(_ORGANISATION) or names.get(_COMMON_NAME) or ""
    return "".join(letter for letter in name if letter.isprintable())[:_MOST]


def _issuer_names(certificate: bytes) -> Iterator[tuple[bytes, str]]:
    (_, whole), *_ = _parts(certificate)
    (_, signed), *_ = _parts(whole)
    fields = [body for tag, body in _parts(signed) if tag != _VERSION]
    # Serial number and algorithm come before it.
    for _, relative in _parts(fields[2]):
        for tag, pair in _parts(relative):
            if tag != _SEQUENCE:
                raise ValueError("no name")
            (_, kind), (_, value) = _parts(pair)
            yield kind, value.decode("utf-8", "replace")


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each element.

    Raises:
        IndexError, ValueError: it is cut off.
    """
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError("cut off")
        yield tag, data[at : at + length]
        at += length
