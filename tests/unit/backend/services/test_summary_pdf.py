"""The printed summary, read back and looked at by another library than the one that writes it."""

import copy
import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from liftbay_backend.services.summary_pdf import render_summary
from tests.fakes.contract import response

A4 = QSize(595, 842)
MARGIN_PX = 50
FINDING = {"detail": "", "severity": "soon", "cost_low_cents": None, "cost_high_cents": None}

Printed = Callable[..., QPdfDocument]


@pytest.fixture
def printed(qapp: QGuiApplication, tmp_path: Path) -> Printed:
    """Print the contract's summary with other fields, and open what came out."""
    assert qapp is not None

    def make(**changes: Any) -> QPdfDocument:
        summary = copy.deepcopy(response("summary")) | changes
        path = tmp_path / "summary.pdf"
        path.write_bytes(render_summary(summary))
        document = QPdfDocument()
        assert document.load(str(path)) is QPdfDocument.Error.None_
        return document

    return make


def text_of(document: QPdfDocument) -> str:
    """Return the words of all pages, with one space between them."""
    pages = [document.getAllText(page).text() for page in range(document.pageCount())]
    return " ".join(" ".join(pages).split())


def place_of(document: QPdfDocument, words: str) -> QRectF:
    """Return where some words of one direction stand on the first page, in points."""
    begin = document.getAllText(0).text().index(words)
    return document.getSelectionAtIndex(0, begin, len(words)).boundingRectangle()


def page_picture(document: QPdfDocument, page: int, scale: int = 1) -> QImage:
    """Return a page on white paper, by default a point a pixel."""
    drawn = document.render(page, A4 * scale)
    paper = QImage(A4 * scale, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return paper


def pixels(left: float, top: float, width: float, height: float, scale: int) -> tuple[int, ...]:
    """Return a rectangle of points in the pixels of a picture."""
    return tuple(round(one * scale) for one in (left, top, width, height))


def ink_in_row(picture: QImage, at: float) -> list[int]:
    """Return the columns in which something dark stands in one row, `at` of the inked height."""
    rows = [
        [x for x in range(picture.width()) if picture.pixelColor(x, y).lightness() < 128]
        for y in range(picture.height())
    ]
    inked = [one for one in rows if one]
    return inked[int(at * len(inked))]


def inked_columns(picture: QImage) -> list[int]:
    """Return the columns in which something dark stands."""
    return [
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y).lightness() < 128 for y in range(picture.height()))
    ]


def test_a_summary_says_who_when_what_and_how_much(printed: Printed) -> None:
    told = text_of(printed())

    summary = response("summary")
    for words in (
        "Session summary: 2016 Honda Civic",
        f"{summary['session_id']} · completed",
        f"With {summary['counterpart']['name']}",
        "Started 2026-11-22 12:00 UTC",
        "Ended 2026-11-22 13:00 UTC",
        "Duration 41 min 0 s",
        "Why it ended ended by customer",
        f"What the customer described {summary['concern']}",
        f"Findings {summary['findings'][0]['title']} ({summary['findings'][0]['severity']})",
        "Snapshots and files belt marked.png",
        "Amount diagnostic, 60 min 49.99 USD Paid 49.99 USD",
    ):
        assert words in told
    assert "share" not in told
    assert "Refunded" not in told


def test_what_went_back_is_taken_off_as_on_the_page(printed: Printed) -> None:
    """One summary, two readings: the page had a minus and what stays paid, the paper neither."""
    part = text_of(printed(refunded_cents=1901))
    whole = text_of(printed(refunded_cents=4999))

    assert "diagnostic, 60 min 49.99 USD Refunded −19.01 USD Paid 30.98 USD" in part
    assert "diagnostic, 60 min 49.99 USD Refunded −49.99 USD Paid 0.00 USD" in whole


def test_the_mechanics_copy_has_the_share_and_what_was_given_back(printed: Printed) -> None:
    told = text_of(printed(my_role="mechanic", mechanic_share_cents=2799, refunded_cents=1000))

    assert "Refunded −10.00 USD Paid 39.99 USD Mechanic's share 27.99 USD" in told


def test_estimates_are_a_range_or_one_sum(printed: Printed) -> None:
    findings = [
        {**FINDING, "title": "Belt", "cost_low_cents": 12000, "cost_high_cents": 18005},
        {**FINDING, "title": "Bulb", "cost_low_cents": 500, "cost_high_cents": 500},
        {**FINDING, "title": "Dent", "cost_high_cents": 7},
    ]

    told = text_of(printed(findings=findings))

    assert "Belt (soon) Estimate: 120.00 USD to 180.05 USD Bulb" in told
    assert "Bulb (soon) Estimate: 5.00 USD Dent" in told
    assert "Dent (soon) Estimate: 0.07 USD" in told


@pytest.mark.parametrize(
    "words",
    [
        "Ремень изношен",
        "Ιμάντας φθαρμένος",
        "Řemen opotřebený, größer",
        "皮带磨损",
        "ベルトの摩耗、大",
        "벨트 마모",
        "חגורה שחוקה מאוד",
        "حزام التوقيت مهترئ",
        "لا بأس، الأحمد",
        "تسمه تایم پژو",
        "<b>not bold</b> & </para> {curly} %s",
    ],
)
def test_every_script_and_every_sign_can_be_read_back(printed: Printed, words: str) -> None:
    """Eastern letters that the font has no shape for were lost."""
    told = text_of(printed(findings=[{**FINDING, "title": words}], concern=words))

    assert told.count(words) == 2


def test_what_has_no_shape_in_any_font_does_not_break_the_page(printed: Printed) -> None:
    told = text_of(
        printed(findings=[{**FINDING, "title": "حزام 🚗", "detail": "\u202eabc\u2066 ד"}])
    )

    assert "حزام" in told
    assert "Amount diagnostic" in told


def test_lines_from_right_to_left_begin_at_the_right_side(printed: Printed) -> None:
    first, name = "חגורה שחוקה", "داود الأحمد"

    document = printed(concern=f"{first}\nbelt", counterpart={"name": name, "role": "mechanic"})

    line, words = place_of(document, first), place_of(document, "belt")
    assert line.right() == pytest.approx(A4.width() - MARGIN_PX - 13, abs=3)
    assert words.left() == pytest.approx(MARGIN_PX + 13, abs=3)
    # What belongs to a name in the table stays beside it.
    beside = place_of(document, "2026-11-22 12:00")
    assert place_of(document, name).left() == pytest.approx(beside.left(), abs=3)


def test_what_is_written_from_left_to_right_keeps_its_order_within_a_line(printed: Printed) -> None:
    document = printed(concern="רצועה BMW 320 (שחוקה) מאוד", findings=[])

    places = [place_of(document, one) for one in ("מאוד", "שחוקה", "BMW", "320", "רצועה")]

    for left, right in pairwise(places):
        assert left.right() < right.left()


def test_brackets_open_towards_what_they_enclose(printed: Printed) -> None:
    document = printed(concern="רצועה (שחוקה) מאוד", findings=[])
    picture = page_picture(document, 0, scale=8)
    word = place_of(document, "שחוקה")
    beside = 4

    before = picture.copy(*pixels(word.left() - beside, word.top() - 1, beside, 9, 8))
    behind = picture.copy(*pixels(word.right() + 0.5, word.top() - 1, beside, 9, 8))

    # Both are round outside: in the middle their ink is farther away from the word.
    assert ink_in_row(before, 0.5)[0] < ink_in_row(before, 0.1)[0]
    assert ink_in_row(behind, 0.5)[-1] > ink_in_row(behind, 0.1)[-1]


def test_arabic_letters_are_joined(printed: Printed) -> None:
    """Set one by one, each of them stood in the form that it has alone."""
    word = "سسسسسس"
    document = printed(concern=word, findings=[])
    place = place_of(document, word)
    picture = page_picture(document, 0, scale=8)

    columns = inked_columns(
        picture.copy(*pixels(place.left(), place.top(), place.width(), place.height(), 8))
    )

    assert columns == list(range(columns[0], columns[-1] + 1))


def test_long_texts_from_right_to_left_are_broken_between_words(printed: Printed) -> None:
    hebrew = [chr(0x5D0 + one // 22 % 22) + chr(0x5D0 + one % 22) * 5 for one in range(300)]
    bold = " ".join(hebrew[:25])
    arabic = "سيارةقديمة" * 60

    document = printed(
        concern=" ".join(hebrew), findings=[{**FINDING, "title": bold, "detail": arabic}]
    )

    told = text_of(document)
    assert " ".join(hebrew) in told
    assert bold in told
    assert arabic in told.replace(" ", "")
    for page in range(document.pageCount()):
        columns = inked_columns(page_picture(document, page))
        assert columns[0] >= MARGIN_PX
        assert columns[-1] <= A4.width() - MARGIN_PX


def test_long_words_stay_between_the_margins_and_lose_nothing(printed: Printed) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 30
    findings = [{**FINDING, "title": "W" * 200, "detail": long}]
    person = {"name": "N" * 80, "role": "mechanic"}
    files = [{"name": "f" * 250 + ".pdf"}]
    vehicle = {**response("summary")["vehicle"], "make": "M" * 60, "model": "L" * 60}

    document = printed(
        findings=findings, counterpart=person, files=files, vehicle=vehicle, concern=long
    )

    told = text_of(document).replace(" ", "")
    for words in (long, "W" * 200, "N" * 80, "f" * 250 + ".pdf", "M" * 60, "L" * 60):
        assert words in told
    for page in range(document.pageCount()):
        columns = inked_columns(page_picture(document, page))
        assert columns[0] >= MARGIN_PX
        assert columns[-1] <= A4.width() - MARGIN_PX


def test_two_hundred_findings_come_in_order_over_many_pages(printed: Printed) -> None:
    findings = [
        {**FINDING, "title": f"Finding number {number}.", "detail": "Look at it again. " * 10}
        for number in range(200)
    ]

    document = printed(findings=findings)

    told = text_of(document)
    assert re.findall(r"Finding number (\d+)\.", told) == [str(one) for one in range(200)]
    assert document.pageCount() >= 10
    # The money is behind them, once.
    assert told.count("Paid 49.99 USD") == 1
    # A title does not stand alone at the foot of a page.
    for page in range(document.pageCount()):
        last = document.getAllText(page).text().strip().splitlines()[-1]
        assert not last.startswith("Finding number")


def test_thousands_of_lines_are_printed_in_seconds(printed: Printed) -> None:
    """They took minutes of CPU: each page laid the whole rest out anew."""
    lines = "\n".join(str(number) for number in range(3000))
    findings = [{**FINDING, "title": "t", "detail": "\n" * 3999 + "x"} for _ in range(100)]
    began = time.process_time()

    told = text_of(printed(findings=findings, notes_text=lines))

    assert time.process_time() - began < 60
    assert told.count("t (soon) x") == 100
    assert all(f" {number} " in told for number in (0, 99, 100, 2000, 2998))
