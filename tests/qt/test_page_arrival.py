"""How a page comes into its window without holding anything else up."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from client_api.wire import SessionId
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page, ShellState
from desktop.views.call_view import CallView
from desktop.views.intake_view import IntakeView
from desktop.views.preflight_view import PreflightView
from desktop.views.shell_window import ShellWindow
from desktop.views.summary_view import SummaryView
from desktop.views.theme import ThemeMode, apply_theme
from tests.gallery import call_pages, intake_pages, preflight_pages, summary_pages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Turns:
    """An event loop of which the test takes every turn."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def __call__(self, step: Callable[[], None]) -> None:
        self.due.append(step)

    def take(self) -> None:
        self.due.pop(0)()

    def take_all(self) -> int:
        taken = 0
        while self.due:
            self.take()
            taken += 1
        return taken


class Window:
    """The program's window on the screen, which shows what the test made last."""

    def __init__(self, qtbot: QtBot, *, shown: bool = True) -> None:
        self.turns = Turns()
        self.made: list[QWidget] = [QLabel("the first page")]
        self.state = Observable(ShellState(page=Page.SIGN_IN))
        self.shell = ShellWindow(self.state, lambda _: self.made[-1], later=self.turns)
        qtbot.addWidget(self.shell)
        if shown:
            with qtbot.waitExposed(self.shell):
                self.shell.show()

    def lead_to(self, page: QWidget) -> None:
        self.made.append(page)
        self.state.set(replace(self.state.value, session=SessionId(f"session {len(self.made)}")))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Window:
    apply_theme(qapp, ThemeMode.LIGHT)
    return Window(qtbot)


def many_parts(count: int) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for number in range(count):
        column.addWidget(QPushButton(str(number)))
    return page


def test_a_page_is_seen_when_it_is_whole_and_not_before(window: Window) -> None:
    page = many_parts(40)
    window.turns.take_all()
    assert window.shell.has_arrived

    window.lead_to(page)

    seen = []
    while window.turns.due:
        seen.append((page.isVisible(), window.shell.has_arrived))
        window.turns.take()
    assert seen == [(False, False)] * len(seen)
    assert len(seen) >= 4
    assert page.isVisible()
    assert window.shell.has_arrived
    assert window.shell.page() is page


def test_the_page_before_is_gone_at_once(window: Window) -> None:
    window.lead_to(many_parts(1))

    assert not window.made[0].isVisible()


def test_a_page_that_is_overtaken_is_never_seen(window: Window) -> None:
    slow, quick = many_parts(60), many_parts(1)
    window.lead_to(slow)
    window.turns.take()

    window.lead_to(quick)
    window.turns.take_all()

    assert quick.isVisible()
    assert not slow.isVisible()


def test_nobody_waits_for_a_window_that_is_not_on_the_screen(
    qtbot: QtBot, qapp: QApplication
) -> None:
    window = Window(qtbot, shown=False)
    page = many_parts(40)

    window.lead_to(page)

    assert window.turns.due == []
    assert page.isVisibleTo(window.shell)


@pytest.mark.parametrize(
    ("module", "name", "view", "make"),
    [
        (preflight_pages, "PreflightView", PreflightView, preflight_pages.running),
        (call_pages, "CallView", CallView, call_pages.awaiting),
    ],
    ids=["preflight", "call"],
)
def test_the_pages_of_a_session_come_part_by_part(
    window: Window,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    view: Callable[..., QWidget],
    make: Callable[[], QWidget],
) -> None:
    whole = len(make().findChildren(QWidget))
    bare: list[QWidget] = []

    def in_turns(page: object) -> QWidget:
        bare.append(view(page, in_turns=True))
        return bare[0]

    with monkeypatch.context() as patch:
        patch.setattr(module, name, in_turns)
        patch.setattr("desktop.views.preflight_view.PreflightView.meter", _NoMeter())
        make()
    page = bare[0]
    sizes = [len(page.findChildren(QWidget))]
    window.lead_to(page)
    while window.turns.due:
        window.turns.take()
        sizes.append(len(page.findChildren(QWidget)))

    steps = [after - before for before, after in pairwise(sizes)]
    assert page.isVisible()
    assert sizes[-1] == whole
    assert max(steps) <= whole * 0.45


@pytest.mark.parametrize(
    "build",
    [
        lambda in_turns: SummaryView(Observable(summary_pages.CUSTOMER), in_turns=in_turns),
        lambda in_turns: IntakeView(Observable(intake_pages.FILLED), in_turns=in_turns),
    ],
    ids=["summary", "intake"],
)
def test_the_pages_around_a_session_come_part_by_part(
    window: Window, build: Callable[[bool], QWidget]
) -> None:
    whole = len(build(False).findChildren(QWidget))
    page = build(True)

    sizes = [0]
    window.lead_to(page)
    while window.turns.due:
        window.turns.take()
        sizes.append(len(page.findChildren(QWidget)))

    assert page.isVisible()
    assert sizes[-1] == whole
    assert max(after - before for before, after in pairwise(sizes)) <= whole * 0.6


class _NoMeter:
    """Stands for the level meter of a page that has none yet."""

    def show_level(self, _level: object) -> None: ...


class _Dressings(QObject):
    """Counts how often each button is told that its style is another one."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: dict[int, int] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange and isinstance(watched, QPushButton):
            self.counted[id(watched)] = self.counted.get(id(watched), 0) + 1
        return False


def test_a_part_of_a_page_is_dressed_a_few_times_not_with_each_parent(
    window: Window, qapp: QApplication
) -> None:
    """Under a sheet of the application it was up to fourteen, and most of the time of a page."""
    dressings = _Dressings()
    qapp.installEventFilter(dressings)

    page = preflight_pages.running()
    window.lead_to(page)
    window.turns.take_all()

    qapp.removeEventFilter(dressings)
    assert page.isVisible()
    assert len(page.findChildren(QPushButton)) >= 15
    assert max(dressings.counted.values()) <= 5


@pytest.mark.parametrize(
    "build",
    [
        lambda: SummaryView(Observable(summary_pages.CUSTOMER), in_turns=True),
        lambda: IntakeView(Observable(intake_pages.FILLED), in_turns=True),
        lambda: PreflightView(_page_of(preflight_pages.running()), in_turns=True),
        lambda: CallView(_page_of(call_pages.awaiting()), in_turns=True),
    ],
    ids=["summary", "intake", "preflight", "call"],
)
def test_a_picture_of_the_window_may_be_taken_while_a_page_comes(
    window: Window, build: Callable[[], QWidget]
) -> None:
    page = build()
    window.lead_to(page)
    while window.turns.due:
        window.turns.take()
        # What Qt does first when it takes a window's picture.
        QApplication.sendEvent(page, QResizeEvent(page.size(), QSize()))

    assert page.isVisible()


def test_a_page_is_laid_out_for_the_size_that_it_was_told_while_it_came(window: Window) -> None:
    page = IntakeView(Observable(intake_pages.FILLED), in_turns=True)
    fitted: list[int] = []
    page.fit = lambda: fitted.append(page.width())  # type: ignore[method-assign]  # a spy
    page.resize(700, 640)

    while page.build_part():
        assert fitted == []

    assert fitted == [700]


def _page_of(view: QWidget) -> Any:
    return vars(view)["_page"]
