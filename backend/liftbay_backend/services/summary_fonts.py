"""The fonts of the printed summary: which one has a letter, how wide it is, and its markup.

The library's own fonts know Latin-1 alone, so a Unicode font of the system is embedded where there
is one: DejaVu Sans, which the image in `deploy/` brings along, has Greek, Cyrillic, Arabic, Persian
and Hebrew. The fallback that comes with the library covers western names. Chinese, Japanese and
Korean that it lacks are left to the fonts of whoever opens the file. What is left is a box.
"""

import re
import sys
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_NAME: Final = "LiftbayText"
_CANDIDATES: Final[dict[str, tuple[str, ...]]] = {
    "linux": (
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ),
    "darwin": (
        "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
        "/Library/Fonts/Arial Unicode.ttf",
    ),
    "win32": ("C:\\Windows\\Fonts\\segoeui.ttf", "C:\\Windows\\Fonts\\arial.ttf"),
}
_FALLBACK: Final = "Vera.ttf"
_BOLD: Final = f"{_NAME}Bold"
# Fonts that every reader brings along, and the letters that each is used for.
_EASTERN: Final = (
    ("HeiseiKakuGo-W5", "[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]"),
    ("HYGothic-Medium", "[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    ("STSong-Light", "[\u2e80-\u303f\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\uff00-\uff65]"),
)


def marked_up(letters: Iterable[tuple[str, bool]]) -> str:
    """Return letters as the library's markup, those that the font lacks in a font that has them.

    Args:
        letters: each with whether it is bold.
    """
    return "".join(
        _run("".join(letter for letter, _ in run), font, is_bold=is_bold)
        for (font, is_bold), run in groupby(letters, lambda one: (_font_for(one[0]), one[1]))
    )


@lru_cache(maxsize=10_000)
def width_of(letter: str, size: float, *, is_bold: bool) -> float:
    """Return how wide a letter is drawn.

    Args:
        size: of the font, in points, as the width is.
    """
    font = _font_for(letter)
    if is_bold and font == main_font() and _BOLD in pdfmetrics.getRegisteredFontNames():
        font = _BOLD
    width: float = pdfmetrics.stringWidth(letter, font, size)
    return width


@cache
def main_font() -> str:
    """Register the first usable font; done once, because the library's registry is global."""
    for candidate in (*_CANDIDATES.get(sys.platform, ()), _FALLBACK):
        if candidate != _FALLBACK and not Path(candidate).is_file():
            continue
        try:
            font = TTFont(_NAME, candidate)
        except TTFError:
            continue
        pdfmetrics.registerFont(font)
        # A family of its own, so that <b> does not fall back to a Latin-1 font.
        bold = _bold_of(candidate)
        pdfmetrics.registerFontFamily(_NAME, _NAME, bold, _NAME, bold)
        return _NAME
    return "Helvetica"


def _run(words: str, font: str, *, is_bold: bool) -> str:
    told = escape(words)
    if font != main_font():
        told = f'<font name="{font}">{told}</font>'
    return f"<b>{told}</b>" if is_bold else told


def _font_for(letter: str) -> str:
    main = main_font()
    if letter < "\u1100" or ord(letter) in getattr(
        pdfmetrics.getFont(main).face, "charToGlyph", ()
    ):
        return main
    found = next((name for name, letters in _EASTERN if re.match(letters, letter)), None)
    if found is None:
        return main
    if found not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(found))
        pdfmetrics.registerFontFamily(found, found, found, found, found)
    return found


def _bold_of(candidate: str) -> str:
    """Register the bold face beside a font; the font itself where there is none."""
    path = Path(candidate)
    bold = path.with_name(f"{path.stem.removesuffix('-Regular')}-Bold.ttf")
    try:
        pdfmetrics.registerFont(TTFont(_BOLD, str(bold)))
    except TTFError:
        return _NAME
    return _BOLD
