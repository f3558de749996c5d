"""What a person looking at the pages once found wrong, and does not find again."""

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.preflight_chooser import DeviceChooser
from desktop.views.session_card import SessionCard
from desktop.views.theme import ThemeMode, palette
from desktop.views.video_pills import ClockPill, Run, RunsPill
from desktop.views.widgets.button import Button, ControlButton
from preflight.model import GATING_GROUPS
from tests.gallery import call_pages, diagnosis_pages, preflight_pages
from tests.gallery.checks import draw
from tests.gallery.pages import PAGES
from tests.gallery.registry import NARROW, WIDE, GalleryPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Look = Callable[..., QWidget]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """Draws a page of the gallery, by its name or by what builds it."""
    drawn: list[QWidget] = []

    def page(
        what: str | Callable[[], QWidget],
        size: tuple[int, int] = WIDE,
        mode: ThemeMode = ThemeMode.LIGHT,
    ) -> QWidget:
        found = (
            next(each for each in PAGES if each.name == what)
            if isinstance(what, str)
            else GalleryPage("a page", what)
        )
        drawn.append(draw(found, mode, size))
        return drawn[-1]

    yield page
    for widget in drawn:
        shiboken6.delete(widget)


def part(page: QWidget, kind: type[QWidget], name: str) -> QWidget:
    found = page.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def place(child: QWidget, page: QWidget) -> QRect:
    return QRect(child.mapTo(page, QPoint(0, 0)), child.size())


@SIZES
def test_the_intake_s_scroll_bar_stands_at_the_window_s_edge(
    look: Look, size: tuple[int, int]
) -> None:
    page = look("intake-filled", size)

    area = part(page, QScrollArea, "intake_scroll")
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    assert bar.isVisible()
    assert place(bar, page).right() == page.rect().right()


def test_the_intake_s_price_stays_in_sight_and_lets_the_form_scroll(look: Look) -> None:
    page = look("intake-filled")
    area = part(page, QScrollArea, "intake_scroll")
    assert isinstance(area, QScrollArea)
    submit = part(page, Button, "intake_submit")
    before = place(submit, page)

    at = QPointF(submit.mapTo(page, submit.rect().center()))
    QTest.wheelEvent(page.windowHandle(), at, QPoint(0, -240))

    assert area.verticalScrollBar().value() > 0
    assert place(submit, page) == before
    assert page.rect().contains(before)


@SIZES
@pytest.mark.parametrize("name", ["dashboard-mechanic-busy", "dashboard-customer-waiting"])
def test_no_line_of_a_session_s_card_ends_with_a_dot(
    look: Look, name: str, size: tuple[int, int]
) -> None:
    page = look(name, size)

    cards = page.findChildren(SessionCard)
    lines = [
        line
        for card in cards
        for label in card.findChildren(QLabel)
        for line in label.text().splitlines()
    ]
    assert any(" · " in line for line in lines)
    assert [line for line in lines if line.rstrip().endswith("·")] == []
    for card in cards:
        for label in card.findChildren(QLabel):
            wide = [
                label.fontMetrics().horizontalAdvance(line) for line in label.text().splitlines()
            ]
            assert max(wide, default=0) <= label.width(), label.text()


@pytest.mark.parametrize("make", [call_pages.awaiting, call_pages.device_refused])
@pytest.mark.parametrize("size", [WIDE, NARROW, (720, 560)], ids=["wide", "narrow", "small"])
def test_name_and_clock_of_a_call_keep_apart(
    look: Look, make: Callable[[], QWidget], size: tuple[int, int]
) -> None:
    page = look(make, size)

    who, clock = part(page, RunsPill, "call_who"), part(page, ClockPill, "call_clock")
    assert isinstance(who, RunsPill)
    assert isinstance(clock, ClockPill)
    assert who.geometry().right() + 8 < clock.geometry().left()
    assert who.drawn_text().startswith("Sam Okafor")
    assert clock.drawn_text()[0].isdigit()


def test_what_stands_beside_the_time_comes_back_with_the_room(look: Look) -> None:
    page = look(call_pages.awaiting, NARROW)
    clock = part(page, ClockPill, "call_clock")
    assert isinstance(clock, ClockPill)
    short = clock.drawn_text()

    page.resize(*WIDE)

    assert short == "1:00:00"
    assert clock.drawn_text() == "1:00:00 starts when both are here"


def test_a_long_name_alone_is_cut_off_before_it_meets_the_clock(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    pill = RunsPill(parent=host)
    pill.show_runs(Run("Wolfeschlegelsteinhausenbergerdorff " * 3))

    pill.fit(200)

    assert pill.width() <= 200
    assert pill.drawn_text().endswith("…")


def test_the_count_of_unread_lines_stands_out_on_the_open_chat_s_button(
    look: Look,
) -> None:
    page = look(call_pages.chat_open)
    chat = part(page, ControlButton, "toggle_chat")
    assert isinstance(chat, ControlButton)
    chat.set_count(2)

    picture = chat.grab().toImage()

    assert chat.isChecked()
    # The badge's left end, beside its figure.
    at = QPoint(chat.width() - 2 - 16, 2 + 10)
    assert picture.pixelColor(at) == QColor(palette(ThemeMode.DARK).on_accent)


def test_a_device_that_is_not_real_says_so_in_whole(look: Look) -> None:
    page = look(preflight_pages.synthetic)
    box = part(page, DeviceChooser, "choose_microphone")
    assert isinstance(box, DeviceChooser)

    drawn = box.shown_words()

    assert drawn.startswith("Demo tone")
    assert "…" in drawn
    assert drawn.endswith("… (not a real device)")


@pytest.mark.parametrize("mode", list(ThemeMode))
def test_a_button_that_is_off_looks_like_a_button_and_like_none_that_is_on(
    look: Look, mode: ThemeMode
) -> None:
    page = look(preflight_pages.network_slow, WIDE, mode)
    join, again = part(page, Button, "join_session"), part(page, Button, "play_beeps")
    on = again.grab().toImage()

    again.setEnabled(False)

    assert not join.isEnabled()
    edge = join.grab().toImage().pixelColor(QPoint(join.width() // 2, 0))
    assert edge != QColor(palette(mode).bg)
    assert again.grab().toImage() != on


@SIZES
def test_the_diagnosis_says_what_it_is_in_every_width(look: Look, size: tuple[int, int]) -> None:
    page = look(diagnosis_pages.diagnostics, size)

    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Checking this computer" in words


def test_the_question_about_the_beeps_pushes_nothing_aside(look: Look) -> None:
    asked = look(preflight_pages.passed_unfolded, NARROW)
    silent = look(preflight_pages.passed, NARROW)

    widths = [part(page, QWidget, "preflight_preview").width() for page in (asked, silent)]

    assert widths[0] == widths[1]


def test_three_faults_fit_the_usual_window_without_scrolling(look: Look) -> None:
    """What can be mended is seen at once; the way to support may lie below it."""
    page = look(preflight_pages.everything_wrong)

    area = part(page, QScrollArea, "preflight_results")
    assert isinstance(area, QScrollArea)
    room = area.viewport().rect()
    for group in GATING_GROUPS:
        card = part(page, QWidget, f"group_{group.value}")
        assert card.isVisible()
        assert room.contains(QRect(card.mapTo(area.viewport(), QPoint(0, 0)), card.size()))
