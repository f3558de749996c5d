"""The summary of a session as a PDF, for people who file things.

The library's own fonts know Latin-1 alone, so a Unicode font of the system is embedded where there
is one; the fallback that comes with the library covers western names.
"""

import io
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

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
_INK, _QUIET, _RULE = HexColor("#1c2126"), HexColor("#5b6570"), HexColor("#d5dae0")


def render_summary(summary: dict[str, Any]) -> bytes:
    """Return the PDF of a wire summary. It takes some 100 ms of CPU: call it in a thread.

    Args:
        summary: what `outcomes.session_summary` returned.
    """
    font = _font()
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=14, textColor=_INK)
    quiet = ParagraphStyle("quiet", parent=body, textColor=_QUIET, fontSize=9)
    title = ParagraphStyle("title", parent=body, fontSize=18, leading=24)
    heading = ParagraphStyle("heading", parent=body, fontSize=12, leading=18, spaceBefore=10)
    vehicle = summary["vehicle"]
    car = " ".join(str(vehicle[key]) for key in ("year", "make", "model") if vehicle.get(key))
    story: list[Any] = [
        Paragraph(f"Session summary: {escape(car)}", title),
        Paragraph(escape(f"{summary['session_id']} · {summary['status']}"), quiet),
        Spacer(1, 4 * mm),
        _facts(summary, body, quiet),
        Paragraph("What the customer described", heading),
        Paragraph(_text(summary["concern"]), body),
    ]
    if summary["findings"] or summary["notes_text"]:
        story.append(Paragraph("Findings", heading))
    for finding in summary["findings"]:
        words = f"<b>{escape(finding['title'])}</b> ({escape(finding['severity'])})"
        story.append(Paragraph(words, body))
        if finding.get("detail"):
            story.append(Paragraph(_text(finding["detail"]), body))
        cost = _cost(finding, summary["currency"])
        if cost:
            story.append(Paragraph(escape(cost), quiet))
    if summary["notes_text"]:
        story.append(Paragraph(_text(summary["notes_text"]), body))
    shared = [one["name"] for one in (*summary["snapshots"], *summary["files"])]
    if shared:
        story.append(Paragraph("Snapshots and files", heading))
        story += [Paragraph(_text(name), body) for name in shared]
    story.append(Paragraph("Amount", heading))
    story.append(_amounts(summary, body))
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
        ("Started", summary["started_at"] or "-"),
        ("Ended", summary["ended_at"] or "-"),
        ("Duration", f"{minutes} min {seconds} s"),
        ("Why it ended", str(end.get("reason") or "-").replace("_", " ")),
    ]
    return Table(
        [[Paragraph(name, quiet), Paragraph(escape(value), body)] for name, value in rows],
        colWidths=[35 * mm, None],
        hAlign="LEFT",
    )


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
    cells = [[Paragraph(escape(one), body) for one in row] for row in rows]
    table = Table(cells, colWidths=[110 * mm, None], hAlign="LEFT")
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE)]))
    return table


def _cost(finding: dict[str, Any], currency: str) -> str:
    low, high = finding.get("cost_low_cents"), finding.get("cost_high_cents")
    if low is None and high is None:
        return ""
    shown = [_money(one, currency) for one in (low, high) if one is not None]
    return "Estimate: " + " to ".join(dict.fromkeys(shown))


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02d} {currency.upper()}"


def _text(words: str) -> str:
    return escape(words).replace("\n", "<br/>")


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
        # One face for all: <b> must not fall back to a Latin-1 font.
        pdfmetrics.registerFontFamily(_NAME, _NAME, _NAME, _NAME, _NAME)
        return _NAME
    return "Helvetica"
