"""The order in which letters of left-to-right and right-to-left scripts stand beside each other.

The Unicode bidirectional algorithm (UAX #9, https://www.unicode.org/reports/tr9/) for one paragraph
without explicit embeddings and isolates: what people type into a form has none, and what they paste
is ordered as if it had none. `unicodedata` knows the classes; which sign mirrors which, it tells by
their names.

Why it is our own: decision 0054.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Final

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE: Final = frozenset("\u200e\u200f\u061c")
_NUMBERS: Final = ("EN", "AN")
_NEUTRAL: Final = frozenset(("B", "S", "WS", "ON"))
_DEEPEST_BRACKETS: Final = 63
_SWAPPED: Final = {"LEFT": "RIGHT", "RIGHT": "LEFT", "LESS": "GREATER", "GREATER": "LESS"}


def has_right_to_left(text: str) -> bool:
    """Tell whether some letter is written from right to left, so that the order is in question."""
    return _RIGHT_TO_LEFT.search(text) is not None


def without_controls(text: str) -> str:
    """Return a text without the signs that embed, override and isolate."""
    return _CONTROLS.sub("", text)


def base_level(text: str) -> int:
    """Return 1 where the first letter with a direction is written from right to left, else 0."""
    first = next((one for one in map(unicodedata.bidirectional, text) if one in "L R AL"), "L")
    return int(first != "L")


def levels_of(text: str, base: int) -> list[int]:
    """Return the level of each character of a paragraph; odd ones stand from right to left.

    Args:
        text: one paragraph `without_controls`.
        base: its `base_level`.
    """
    if not text:
        return []
    own = "R" if base else "L"
    classes = [unicodedata.bidirectional(one) or "L" for one in text]
    # What is not drawn and has no direction takes no part (X9).
    places = [at for at, one in enumerate(classes) if one != "BN"]
    found = [classes[at] for at in places]
    marks = [one == "NSM" for one in found]
    _resolve_weak(found, own)
    _resolve_brackets([text[at] for at in places], found, marks, own)
    _resolve_neutral(found, own)
    levels = [base] * len(text)
    for at, one in zip(places, found, strict=True):
        levels[at] = base + _above(one, base)
    for at, one in enumerate(classes):
        if one == "BN" and at > 0:
            levels[at] = levels[at - 1]
        elif one in ("S", "B"):
            levels[at] = base
    return levels


def visual_order(text: str, levels: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield a line's characters from left to right: where each stood, and how it is drawn.

    Brackets and their like are mirrored where they stand from right to left. Marks come before
    their letter there, as fonts that draw them without positions expect it: such a mark reaches to
    the right from where the letter begins. Nothing is yielded for what has no shape.

    Args:
        text: one line of a paragraph, without spaces at its ends.
        levels: those of its characters, as `levels_of` found them for the whole paragraph.
    """
    order = list(range(len(text)))
    for level in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for begin, end, is_turned in _runs([levels[at] >= level for at in order]):
            turned += order[begin:end][:: -1 if is_turned else 1]
        order = turned
    for at in order:
        if text[at] not in _INVISIBLE and unicodedata.bidirectional(text[at]) != "BN":
            yield at, mirrored(text[at]) if levels[at] % 2 else text[at]


@cache
def mirrored(letter: str) -> str:
    """Return the sign that looks like this one in a mirror, where Unicode has one."""
    if not unicodedata.mirrored(letter):
        return letter
    words = re.split(r"\b", unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup("".join(_SWAPPED.get(one, one) for one in words))
    except KeyError:
        return letter


def _above(found: str, base: int) -> int:
    """Return how far above its paragraph's level a resolved class stands (I1, I2)."""
    if base:
        return int(found != "R")
    return {"L": 0, "R": 1}.get(found, 2)


def _resolve_weak(found: list[str], own: str) -> None:
    """Resolve marks, numbers and what belongs to numbers (W1 to W7)."""
    strong, before = own, own
    for at, one in enumerate(found):
        if one == "NSM":
            found[at] = one = before
        before = one
        if one in ("L", "R", "AL"):
            strong = one
        elif one == "EN" and strong == "AL":
            found[at] = "AN"
    found[:] = ["R" if one == "AL" else one for one in found]
    for at in range(1, len(found) - 1):
        left, one, right = found[at - 1 : at + 2]
        if left == right and ((one == "ES" and left == "EN") or (one == "CS" and left in _NUMBERS)):
            found[at] = left
    for begin, end, is_terminator in _runs([one == "ET" for one in found]):
        beside = (*found[max(begin - 1, 0) : begin], *found[end : end + 1])
        if is_terminator and "EN" in beside:
            found[begin:end] = ["EN"] * (end - begin)
    strong = own
    for at, one in enumerate(found):
        if one in ("ES", "ET", "CS"):
            found[at] = "ON"
        elif one in ("L", "R"):
            strong = one
        elif one == "EN" and strong == "L":
            found[at] = "L"


def _resolve_brackets(letters: list[str], found: list[str], marks: list[bool], own: str) -> None:
    """Give both brackets of a pair one direction, by what is inside and before them (N0)."""
    for begin, end in sorted(_bracket_pairs(letters, found)):
        inside = {_side(one) for one in found[begin + 1 : end]} - {None}
        if own in inside:
            side = own
        elif inside:
            before = (_side(one) for one in reversed(found[:begin]))
            context = next((one for one in before if one is not None), own)
            side = own if context == own else context
        else:
            continue
        for at in (begin, end):
            found[at] = side
            for mark in range(at + 1, len(found)):
                if not marks[mark]:
                    break
                found[mark] = side


def _resolve_neutral(found: list[str], own: str) -> None:
    """Let spaces and signs go with what is on both sides of them, else with the text (N1, N2)."""
    for begin, end, is_neutral in _runs([one in _NEUTRAL for one in found]):
        if not is_neutral:
            continue
        left = _side(found[begin - 1]) if begin > 0 else own
        right = _side(found[end]) if end < len(found) else own
        side = left if left is not None and left == right else own
        found[begin:end] = [side] * (end - begin)


def _bracket_pairs(letters: list[str], found: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where each pair of brackets opens and closes (BD16)."""
    opened: list[tuple[str, int]] = []
    for at, letter in enumerate(letters):
        if found[at] != "ON":
            continue
        kind, partner = unicodedata.category(letter), _plain(mirrored(letter))
        if kind not in ("Ps", "Pe") or partner == _plain(letter):
            continue
        if kind == "Ps":
            if len(opened) == _DEEPEST_BRACKETS:
                return
            opened.append((partner, at))
            continue
        for depth in range(len(opened) - 1, -1, -1):
            if opened[depth][0] == _plain(letter):
                yield opened[depth][1], at
                del opened[depth:]
                break


def _plain(letter: str) -> str:
    """Return a bracket as its canonical equivalent."""
    return unicodedata.normalize("NFC", letter)


def _side(found: str) -> str | None:
    """Return the direction that a resolved class counts as, numbers as right to left."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(found)


def _runs(is_so: Sequence[bool]) -> Iterator[tuple[int, int, bool]]:
    """Yield begin, end and value of each stretch of equal values."""
    begin = 0
    for value, some in groupby(is_so):
        end = begin + sum(1 for _ in some)
        yield begin, end, value
        begin = end
