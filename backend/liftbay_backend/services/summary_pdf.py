"""The summary of a session as a PDF, for people who file things.

What stands where on the page; `summary_lines` sets the words, `summary_fonts` knows the letters.
"""

import io
import re
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from liftbay_backend.services.summary_fonts import main_font
from liftbay_backend.services.summary_lines import Part, paragraph

_MARGIN: Final = 20 * mm
_PADDING: Final = 6.0
"""The library's, in points, inside the page's frame and on both sides of each cell."""
_WIDTH: Final = A4[0] - 2 * _MARGIN - 2 * _PADDING
_NAMES_WIDTH: Final = 35 * mm
_LABELS_WIDTH: Final = 110 * mm
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
    body = ParagraphStyle("body", fontName=main_font(), fontSize=10, leading=14, textColor=_INK)
    quiet = ParagraphStyle("quiet", parent=body, textColor=_QUIET, fontSize=9)
    title = ParagraphStyle("title", parent=body, fontSize=18, leading=24)
    heading = ParagraphStyle("heading", parent=body, fontSize=13, leading=18, spaceBefore=12)
    finding_title = ParagraphStyle("finding", parent=body, spaceBefore=6)
    vehicle = summary["vehicle"]
    car = " ".join(str(vehicle[key]) for key in ("year", "make", "model") if vehicle.get(key))
    story: list[Any] = [
        paragraph(f"Session summary: {car}", title, _WIDTH),
        Paragraph(f"{summary['session_id']} · {summary['status']}", quiet),
        Spacer(1, 4 * mm),
        _facts(summary, body, quiet),
        Paragraph("What the customer described", heading),
        *_text(summary["concern"], body),
    ]
    if summary["findings"] or summary["notes_text"]:
        story += [CondPageBreak(_BESIDE_A_TITLE), Paragraph("Findings", heading)]
    for finding in summary["findings"]:
        words = Part(finding["title"], is_bold=True), Part(f" ({finding['severity']})")
        story += [CondPageBreak(_BESIDE_A_TITLE), paragraph(words, finding_title, _WIDTH)]
        story += _text(finding.get("detail") or "", body)
        cost = _cost(finding, summary["currency"])
        if cost:
            story.append(Paragraph(cost, quiet))
    if summary["notes_text"]:
        story.append(Spacer(1, 2 * mm))
        story += _text(summary["notes_text"], body)
    shared = [one["name"] for one in (*summary["snapshots"], *summary["files"])]
    if shared:
        story += [CondPageBreak(_BESIDE_A_TITLE), Paragraph("Snapshots and files", heading)]
        story += [paragraph(name, body, _WIDTH) for name in shared]
    story += [KeepTogether([Paragraph("Amount", heading), _amounts(summary, body)])]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
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
    room = _WIDTH - _NAMES_WIDTH
    table = Table(
        [
            [Paragraph(name, quiet), paragraph(value, body, room - 2 * _PADDING, is_cell=True)]
            for name, value in rows
        ],
        colWidths=[_NAMES_WIDTH, room],
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
    # As on the page: what went back is taken off, and what stays paid comes after it.
    refunded = summary["refunded_cents"]
    if refunded:
        rows.append(["Refunded", _money(-refunded, currency)])
    rows.append(["Paid", _money(summary["paid_cents"] - refunded, currency)])
    if summary["mechanic_share_cents"] is not None:
        rows.append(["Mechanic's share", _money(summary["mechanic_share_cents"], currency)])
    cells = [
        [paragraph(label, body, _LABELS_WIDTH - _PADDING, is_cell=True), Paragraph(cents, body)]
        for label, cents in rows
    ]
    table = Table(cells, colWidths=[_LABELS_WIDTH, None], hAlign="LEFT")
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
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{whole}.{rest:02d} {currency.upper()}"


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
        paragraph(line, style, _WIDTH) for line in (*lines[:_MOST_LINES], *([rest] if rest else []))
    ]
