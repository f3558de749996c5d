"""Names that may be shown to the other side and written to their disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liftbay_backend.domain.file_names import MOST_BYTES, name_fault


@pytest.mark.parametrize(
    "name",
    [
        "belt.jpg",
        "Riemen (neu) ä.png",
        "ремень.pdf",
        "皮带.heic",
        "b" * 200,
        "v1.2 final.txt",
        "🚗",
    ],
)
def test_ordinary_names_are_good(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "..",
        "..\\..\\boot.ini",
        "/etc/passwd",
        "C:belt.png",
        "belt.png:stream",
        "belt\x00.png",
        "belt\n.png",
        "belt\r\nSet-Cookie: a.png",
        "gnp.\u202eexe.png",
        "be\u200blt.png",
        "belt\u2028.png",
        "belt\ud800.png",
        ".htaccess",
        "belt.png.",
        "belt.png ",
        " belt.png",
        "con",
        "CON.png",
        "nul.tar.gz",
        "LPT1.png",
        "what?.png",
        "b" * 201,
        "ü" * 130,
        "🚗" * 64,
    ],
)
def test_a_name_with_a_trick_has_a_fault(name: str) -> None:
    assert name_fault(name) is not None


@given(some.text(max_size=300))
def test_a_good_name_is_one_part_of_a_path(name: str) -> None:
    if name_fault(name) is not None:
        return

    assert not set(name) & set("/\\\0")
    assert name not in (".", "..")
    assert 0 < len(name.encode()) <= MOST_BYTES
