"""Paragraphs of the printed summary, with the letters where readers of each script expect them.

The library sets letters from left to right as they come. A paragraph with Arabic or Hebrew in it is
therefore broken into lines here, and each line is handed over as it is seen: Arabic letters in
their joined forms, in the order of the Unicode bidirectional algorithm.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from arabic_reshaper import ArabicReshaper
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from liftbay_backend.domain.writing_direction import (
    base_level,
    has_right_to_left,
    levels_of,
    visual_order,
    without_controls,
)
from liftbay_backend.services.summary_fonts import marked_up, width_of

_RIGHT_TO_LEFT_MARK: Final = "\u200f"
"""Between two parts, so that what one ends with does not pull the next one to its side."""
_SLACK_POINTS: Final = 0.5
"""So that what was measured to fit is not broken once more by another way of adding up."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a paragraph."""

    words: str
    is_bold: bool = False


def paragraph(
    parts: str | Sequence[Part], style: ParagraphStyle, width: float, *, is_cell: bool = False
) -> Paragraph:
    """Return a paragraph of words that people wrote.

    One that begins in a script from right to left stands at the right side.

    Args:
        parts: the words, in the order in which they are read.
        width: of what it will stand in, in points.
        is_cell: it stands beside its name in a table, and so stays at the left side.
    """
    some = [Part(parts)] if isinstance(parts, str) else parts
    letters = [(letter, part.is_bold) for part in some for letter in without_controls(part.words)]
    text = "".join(letter for letter, _ in letters)
    if not has_right_to_left(text):
        return Paragraph(marked_up(letters), style)
    base = base_level(text)
    letters = [
        (letter, part.is_bold)
        for part in some
        for letter in (_RIGHT_TO_LEFT_MARK if base else "") + _shaped(part.words)
    ]
    text = "".join(letter for letter, _ in letters)
    levels = levels_of(text, base)
    widths = [
        # What is not drawn takes no room, whatever the font says of it.
        0.0
        if unicodedata.category(letter) == "Cf"
        else width_of(letter, style.fontSize, is_bold=bold)
        for letter, bold in letters
    ]
    lines = [
        marked_up(
            (shape, letters[begin + at][1])
            for at, shape in visual_order(text[begin:end], levels[begin:end])
        )
        for begin, end in _lines(text, widths, width - _SLACK_POINTS)
    ]
    return Paragraph("<br/>".join(lines), _at_right(style) if base and not is_cell else style)


def _shaped(words: str) -> str:
    """Return words with Arabic letters in the forms that join them, and one space between two."""
    return str(_reshaper().reshape(re.sub(r"\s+", " ", without_controls(words))))


@cache
def _reshaper() -> ArabicReshaper:
    # Without marks a word may be another one; the font has no sign for the whole word.
    return ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})


def _at_right(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(f"{style.name}-right", parent=style, alignment=TA_RIGHT)


def _lines(text: str, widths: Sequence[float], room: float) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends: broken at spaces, and in words that fill a line."""
    begin = 0
    while begin < len(text):
        end, used, space = begin, 0.0, None
        while end < len(text) and (text[end] == " " or used + widths[end] <= room):
            space = end if text[end] == " " else space
            used += widths[end]
            end += 1
        follows = end
        if end < len(text) and space is not None:
            end, follows = space, space + 1
        elif end < len(text):
            end = follows = _letter_end(text, begin, end)
        yield begin, end
        begin = follows


def _letter_end(text: str, begin: int, end: int) -> int:
    """Return where a word can be broken: not between a letter and its marks, and not at once."""
    while end > begin and unicodedata.category(text[end]) == "Mn":
        end -= 1
    return max(end, begin + 1)
