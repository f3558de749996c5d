"""Letters of both directions beside each other, as UAX #9 orders them.

Capital letters stand for Hebrew ones here and *&* for an Arabic one, so that a case can be read:
what is expected is what is seen, from left to right. On 2026-12-01 the rules also gave what
Unicode 15's BidiCharacterTest.txt (91,605 of its cases, those without explicit controls) and
BidiTest.txt (100,038) expect.
"""

import pytest

from liftbay_backend.domain.writing_direction import (
    base_level,
    has_right_to_left,
    levels_of,
    mirrored,
    visual_order,
    without_controls,
)

HEBREW = {chr(ord("A") + at): chr(0x5D0 + at) for at in range(26)}
ARABIC_LETTER = "\u0628"


def typed(words: str) -> str:
    """Return the letters that a case stands for."""
    return "".join({**HEBREW, "&": ARABIC_LETTER}.get(one, one) for one in words)


def seen(words: str, base: int | None = None) -> str:
    """Return what is drawn from left to right, in the letters of the case."""
    text = without_controls(typed(words))
    levels = levels_of(text, base_level(text) if base is None else base)
    drawn = "".join(letter for _, letter in visual_order(text, levels))
    back = {letter: name for name, letter in HEBREW.items()} | {ARABIC_LETTER: "&"}
    return "".join(back.get(one, one) for one in drawn)


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("belt worn", "belt worn"),
        ("ABC DEF", "FED CBA"),
        # A part of the other direction keeps its own order.
        ("ABC bmw", "bmw CBA"),
        ("ABC bmw 320d DEF", "FED bmw 320d CBA"),
        ("belt ABC DEF worn", "belt FED CBA worn"),
        # Numbers stand as they are read, wherever they are.
        ("ABC 320 DEF", "FED 320 CBA"),
        ("ABC 1,250.50 DEF", "FED 1,250.50 CBA"),
        ("ABC 5% DEF", "FED 5% CBA"),
        ("ABC -5 DEF", "FED 5- CBA"),
        ("belt 12 ABC", "belt 12 CBA"),
        # Hebrew and Arabic differ where numbers are joined by a hyphen.
        ("A 11-28-7 B", "B 11-28-7 A"),
        ("& 11-28-7 &", "& 7-28-11 &"),
        # Signs belong to what is on both sides of them, at the ends to the whole.
        ("ABC, DEF!", "!FED ,CBA"),
        ("belt: ABC, worn.", "belt: CBA, worn."),
        ("belt ABC!", "belt CBA!"),
        # Both brackets of a pair go the same way, and are mirrored.
        ("ABC (DEF)", "(FED) CBA"),
        ("ABC (bmw) DEF", "FED (bmw) CBA"),
        ("ABC bmw (e90) DEF", "FED bmw (e90) CBA"),
        ("ABC bmw (DEF)", "(FED) bmw CBA"),
        ("belt (ABC) worn", "belt (CBA) worn"),
        ("belt (ABC", "belt (CBA"),
        ("ABC [d<e] «F»", "«F» [d<e] CBA"),
        ("A < B", "B > A"),
        # A web page and a file keep theirs within a word of the other direction.
        ("ABC a/b.pdf", "a/b.pdf CBA"),
    ],
)
def test_letters_stand_where_people_look_for_them(words: str, drawn: str) -> None:
    assert seen(words) == drawn


@pytest.mark.parametrize(
    ("words", "base"),
    [("belt ABC", 0), ("ABC belt", 1), ("& belt", 1), ("12 (ABC) belt", 1), ("12!", 0), ("", 0)],
)
def test_a_text_goes_the_way_of_its_first_letter(words: str, base: int) -> None:
    assert base_level(typed(words)) == base


def test_the_way_of_the_text_decides_where_its_parts_stand() -> None:
    assert seen("bmw ABC x5", base=0) == "bmw CBA x5"
    assert seen("bmw ABC x5", base=1) == "x5 CBA bmw"


def test_a_line_keeps_the_levels_of_its_paragraph() -> None:
    """Behind Arabic letters numbers are Arabic ones, also where a line begins between them."""
    text = typed("& 11-28")
    levels = levels_of(text, base_level(text))

    line = "".join(letter for _, letter in visual_order(text[2:], levels[2:]))

    assert line == "28-11"


def test_a_mark_is_beside_its_letter_where_fonts_expect_it() -> None:
    """Latin ones are drawn back over the letter before them, Hebrew ones over the one behind."""
    text = "\u05e9\u05c1\u05b8\u05dc e\u0301"
    levels = levels_of(text, 1)

    drawn = list(visual_order(text, levels))

    assert "".join(letter for _, letter in drawn) == "e\u0301 \u05dc\u05b8\u05c1\u05e9"
    assert [at for at, _ in drawn] == [5, 6, 4, 3, 2, 1, 0]


def test_what_has_no_shape_is_not_drawn_and_turns_nothing() -> None:
    joiner, mark, override = "\u200c", "\u200f", "\u202e"

    assert seen(f"A{joiner}B{mark} bmw{override}x") == "bmwx BA"
    # A sign at the end is on the side that the mark behind it says.
    assert (seen("bmw A!"), seen(f"bmw A!{mark}")) == ("bmw A!", "bmw !A")


@pytest.mark.parametrize("pair", ["()", "[]", "{}", "<>", "«»", "‹›", "≤≥", "⟨⟩", "（）", "「」"])
def test_signs_are_mirrored_in_pairs(pair: str) -> None:
    assert (mirrored(pair[0]), mirrored(pair[1])) == (pair[1], pair[0])


def test_what_is_no_pair_is_left_alone() -> None:
    assert [mirrored(one) for one in "a!/∑א"] == list("a!/∑א")


@pytest.mark.parametrize(
    ("words", "has"),
    [
        ("belt", False),
        ("Ремень 皮带", False),
        ("A", True),
        ("&", True),
        ("\ufedf", True),
        ("", False),
    ],
)
def test_only_some_scripts_put_the_order_in_question(words: str, has: bool) -> None:
    assert has_right_to_left(typed(words)) is has
