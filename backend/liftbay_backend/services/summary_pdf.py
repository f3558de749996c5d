"""The summary of a session as a PDF, for people who file things.

The library's own fonts know Latin-1 alone, so a Unicode font of the system is embedded where there
is one; the fallback that comes with the library covers western names. Chinese, Japanese and Korean
that it lacks are left to the fonts of whoever opens the file. The library sets each letter as it
comes: what else the font has no shape for is a box, and Arabic and Hebrew stand from left to right.
"""

import io
import re
import sys
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

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
_BESIDE_A_TITLE: Final = 30 * mm
"""What must be free of a page for a title to begin on it."""
_MOST_LINES: Final = 100
"""Of one text; what is left flows on. Else some thousand empty lines take minutes of CPU."""
_ALL: Final = ((0, 0), (-1, -1))
_INK, _QUIET, _RULE = HexColor("#1c2126"), HexColor("#5b6570"), HexColor("#d5dae0")


def render_summary(summary: dict[str, Any]) -> bytes:
    """Return the PDF of a wire summary.

    It takes some 100 ms of CPU, and some seconds where every text is as long as it may be: call it
    in a thread.

    Args:
        summary: what `outcomes.session_summary` returned.
    """
    font = _font()
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=14, textColor=_INK)
    quiet = ParagraphStyle("quiet", parent=body, textColor=_QUIET, fontSize=9)
    title = ParagraphStyle("title", parent=body, fontSize=18, leading=24)
    heading = ParagraphStyle("heading", parent=body, fontSize=13, leading=18, spaceBefore=12)
    finding_title = ParagraphStyle("finding", parent=body, spaceBefore=6)
    vehicle = summary["vehicle"]
    car = " ".join(str(vehicle[key]) for key in ("year", "make", "model") if vehicle.get(key))
    story: list[Any] = [
        Paragraph(f"Session summary: {_set(car)}", title),
        Paragraph(_set(f"{summary['session_id']} · {summary['status']}"), quiet),
        Spacer(1, 4 * mm),
        _facts(summary, body, quiet),
        Paragraph("What the customer described", heading),
        *_text(summary["concern"], body),
    ]
    if summary["findings"] or summary["notes_text"]:
        story += [CondPageBreak(_BESIDE_A_TITLE), Paragraph("Findings", heading)]
    for finding in summary["findings"]:
        words = f"<b>{_set(finding['title'])}</b> ({_set(finding['severity'])})"
        story += [CondPageBreak(_BESIDE_A_TITLE), Paragraph(words, finding_title)]
        story += _text(finding.get("detail") or "", body)
        cost = _cost(finding, summary["currency"])
        if cost:
            story.append(Paragraph(_set(cost), quiet))
    if summary["notes_text"]:
        story.append(Spacer(1, 2 * mm))
        story += _text(summary["notes_text"], body)
    shared = [one["name"] for one in (*summary["snapshots"], *summary["files"])]
    if shared:
        story += [CondPageBreak(_BESIDE_A_TITLE), Paragraph("Snapshots and files", heading)]
        story += [Paragraph(_set(name), body) for name in shared]
    story += [KeepTogether([Paragraph("Amount", heading), _amounts(summary, body)])]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title="Liftbay session summary",
        author="Liftbay",
    )
    document.build(story)
    return out.getvalue()


def _facts(summary: dict[str, Any], body: ParagraphStyle, quiet: ParagraphStyle) -> Table:
    end = summary["end"] or {}
    counterpart = summary["counterpart"] or {}
    minutes, seconds = divmod(round(summary["duration_seconds"]), 60)
    rows = [
        ("With", counterpart.get("name") or "-"),
        ("Started", _moment(summary["started_at"])),
        ("Ended", _moment(summary["ended_at"])),
        ("Duration", f"{minutes} min {seconds} s"),
        ("Why it ended", str(end.get("reason") or "-").replace("_", " ")),
    ]
    table = Table(
        [[Paragraph(name, quiet), Paragraph(_set(value), body)] for name, value in rows],
        colWidths=[35 * mm, None],
        hAlign="LEFT",
    )
    table.setStyle(TableStyle([("LEFTPADDING", (0, 0), (0, -1), 0), ("VALIGN", *_ALL, "TOP")]))
    return table


def _amounts(summary: dict[str, Any], body: ParagraphStyle) -> Table:
    currency = summary["currency"]
    rows = [
        [f"{line['label']}, {line['minutes']} min", _money(line["amount_cents"], currency)]
        for line in summary["lines"]
    ]
    rows.append(["Paid", _money(summary["paid_cents"], currency)])
    if summary["refunded_cents"]:
        rows.append(["Refunded", _money(summary["refunded_cents"], currency)])
    if summary["mechanic_share_cents"] is not None:
        rows.append(["Mechanic's share", _money(summary["mechanic_share_cents"], currency)])
    cells = [[Paragraph(_set(one), body) for one in row] for row in rows]
    table = Table(cells, colWidths=[110 * mm, None], hAlign="LEFT")
    table.setStyle(
        TableStyle([("LINEBELOW", *_ALL, 0.5, _RULE), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    )
    return table


def _cost(finding: dict[str, Any], currency: str) -> str:
    low, high = finding.get("cost_low_cents"), finding.get("cost_high_cents")
    if low is None and high is None:
        return ""
    shown = [_money(one, currency) for one in (low, high) if one is not None]
    return "Estimate: " + " to ".join(dict.fromkeys(shown))


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02d} {currency.upper()}"


def _set(words: str) -> str:
    """Return words as markup, what the font lacks in a font that has it."""
    main = _font()
    return "".join(
        escape("".join(run))
        if font == main
        else f'<font name="{font}">{escape("".join(run))}</font>'
        for font, run in groupby(words, _font_for)
    )


def _font_for(letter: str) -> str:
    main = _font()
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


def _moment(wire: str | None) -> str:
    """Return a wire time as people write it; the service's times are UTC."""
    return "-" if wire is None else f"{wire[:10]} {wire[11:16]} UTC"


def _text(words: str, style: ParagraphStyle) -> list[Paragraph]:
    """Return a paragraph for each line; empty lines in a row are one.

    One paragraph of many lines would be laid out anew on every page it goes over.
    """
    lines = re.sub(r"\n\s*\n", "\n\n", words.strip()).split("\n") if words.strip() else []
    rest = " ".join(" ".join(lines[_MOST_LINES:]).split())
    return [
        Paragraph(_set(line), style) for line in (*lines[:_MOST_LINES], *([rest] if rest else []))
    ]


@cache
def _font() -> str:
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


def _bold_of(candidate: str) -> str:
    """Register the bold face beside a font; the font itself where there is none."""
    path = Path(candidate)
    bold = path.with_name(f"{path.stem.removesuffix('-Regular')}-Bold.ttf")
    try:
        pdfmetrics.registerFont(TTFont(_BOLD, str(bold)))
    except TTFError:
        return _NAME
    return _BOLD
