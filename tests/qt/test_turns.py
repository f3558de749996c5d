"""Long lists come a little a turn, so that sound, pictures and the paid clock are not held up."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.viewmodels.find_report_page import FindPhase, FindReportState
from desktop.viewmodels.observable import Observable
from desktop.views.find_report_view import FindReportView
from desktop.views.preflight_view import PreflightView
from desktop.views.theme import ThemeMode, apply_theme, dress
from desktop.views.turns import Turns
from desktop.views.widgets.long_column import LongColumn
from desktop.views.widgets.text import Text
from preflight.model import CheckResult, CheckState
from preflight.verdicts.catalogue import CATALOGUE
from tests.fakes.preflight_desk import progress
from tests.gallery import preflight_pages
from tests.gallery.report_pages import found, sent_report, shown

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CHECKS = tuple(
    CheckResult(row.code, row.no, row.group, CheckState.PASSED, gating=row.gating)
    for row in CATALOGUE
)


class Loop:
    """An event loop of which the test takes every turn."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def take(self) -> None:
        self.due.pop(0)()
        QApplication.sendPostedEvents()

    def take_all(self) -> None:
        while self.due:
            self.take()


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def preflight(
    qtbot: QtBot, qapp: QApplication, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> PreflightView:
    """The page after a whole run of 110 checks, its list folded."""
    apply_theme(qapp, ThemeMode.LIGHT)
    monkeypatch.setattr(
        preflight_pages,
        "PreflightView",
        lambda page: PreflightView(page, later=loop.due.append),
    )
    view = preflight_pages.make_view(progress(*CHECKS))
    in_sight(qtbot, view)
    return view


def in_sight(qtbot: QtBot, view: QWidget) -> None:
    dress(view)
    qtbot.addWidget(view)
    view.resize(1280, 800)
    with qtbot.waitExposed(view):
        view.show()


def rows(view: QWidget) -> list[str]:
    """The numbers of the checks in the list, from top to bottom."""
    (column,) = view.findChildren(LongColumn)
    told = [label.text() for row in column.rows for label in row.findChildren(QLabel)]
    return [words.rpartition(" · ")[2] for words in told if " · " in words]


def steps_of(loop: Loop, count: Callable[[], int]) -> list[int]:
    """How much each turn adds, until nothing is due."""
    counted = [count()]
    while loop.due:
        loop.take()
        counted.append(count())
    return [after - before for before, after in pairwise(counted)]


def test_the_list_of_checks_unfolds_a_few_rows_a_turn(preflight: PreflightView, loop: Loop) -> None:
    page = vars(preflight)["_page"]

    page.toggle_checks()
    first = len(rows(preflight))
    steps = steps_of(loop, lambda: len(rows(preflight)))

    assert 0 < first <= 4
    assert max(steps) <= 4
    assert rows(preflight) == [check.no for check in CHECKS]


def test_a_row_that_is_there_follows_the_run_while_others_come(
    preflight: PreflightView, loop: Loop
) -> None:
    page = vars(preflight)["_page"]
    page.toggle_checks()
    worse = CheckResult(
        CHECKS[0].code, CHECKS[0].no, CHECKS[0].group, CheckState.FAILED, gating=True
    )

    vars(page)["_desk"].say(progress(worse, *CHECKS[1:]))
    loop.take_all()

    (column,) = preflight.findChildren(LongColumn)
    assert f"Fix this · {worse.no}" in [one.text() for one in column.rows[0].findChildren(QLabel)]
    assert rows(preflight) == [check.no for check in CHECKS]


def test_a_list_that_is_folded_again_grows_no_further(preflight: PreflightView, loop: Loop) -> None:
    page = vars(preflight)["_page"]
    page.toggle_checks()
    loop.take()
    there = len(rows(preflight))

    page.toggle_checks()
    loop.take_all()
    assert len(rows(preflight)) == there

    page.toggle_checks()
    loop.take_all()
    assert rows(preflight) == [check.no for check in CHECKS]


def test_a_report_comes_from_top_to_bottom(qtbot: QtBot, qapp: QApplication, loop: Loop) -> None:
    apply_theme(qapp, ThemeMode.LIGHT)
    report = sent_report()
    report["checks"] = [
        {"code": row.code, "state": "failed" if row.no.endswith("1") else "passed"}
        for row in CATALOGUE
    ]
    state = Observable(FindReportState(phase=FindPhase.LOADING))
    view = FindReportView(state, later=loop.due.append)
    in_sight(qtbot, view)
    bare = len(view.findChildren(QWidget))

    state.set(shown(found(report, earlier=20)))
    code = view.findChild(QLabel, "found_code")
    first = len(view.findChildren(QWidget)) - bare
    tree = view.findChild(QTreeWidget, "report_checks")
    steps = steps_of(loop, lambda: len(view.findChildren(QWidget)))

    assert code is not None
    assert code.text() == "7K3M-Q2XZ"
    assert tree is None, "what is further down comes later"
    whole = len(view.findChildren(QWidget)) - bare
    assert len(view.findChildren(QWidget, "earlier_run")) == 20
    assert view.findChild(QTreeWidget, "report_checks") is not None
    assert max(first, *steps) <= whole * 0.15


def test_another_report_takes_the_place_of_one_that_was_still_coming(
    qtbot: QtBot, qapp: QApplication, loop: Loop
) -> None:
    apply_theme(qapp, ThemeMode.LIGHT)
    state = Observable(shown(found(sent_report(), earlier=8)))
    view = FindReportView(state, later=loop.due.append)
    in_sight(qtbot, view)
    loop.take()

    state.set(shown(found(sent_report(), earlier=3)))
    loop.take_all()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    assert len(view.findChildren(QWidget, "earlier_run")) == 3


def count_to(last: int, told: list[int]) -> Iterator[None]:
    for number in range(last):
        told.append(number)
        yield


def test_without_a_loop_all_is_done_at_once(qapp: QApplication) -> None:
    told: list[int] = []
    turns = Turns(QWidget(), None)

    turns.begin(count_to(5, told))

    assert told == [0, 1, 2, 3, 4]
    assert turns.is_over


def test_new_work_takes_the_turn_that_is_due(qapp: QApplication, loop: Loop) -> None:
    owner, old, new = QWidget(), list[int](), list[int]()
    turns = Turns(owner, loop.due.append)

    turns.begin(count_to(9, old))
    turns.stop()
    turns.begin(count_to(3, new))

    assert len(loop.due) == 1
    loop.take_all()
    assert (old, new) == ([0], [0, 1, 2])


def test_nothing_is_done_for_what_is_gone(qapp: QApplication, loop: Loop) -> None:
    owner, told = QWidget(), list[int]()
    Turns(owner, loop.due.append).begin(count_to(9, told))

    shiboken6.delete(owner)
    loop.take_all()

    assert told == [0]


def test_a_long_column_is_as_high_as_its_rows(qtbot: QtBot, qapp: QApplication) -> None:
    column = LongColumn(gap=6, side=4)
    qtbot.addWidget(column)
    column.resize(200, 10)
    short, long = Text("one line"), Text("many words that need a second line " * 3, wrap=True)
    column.add(short)
    column.add(long)
    with qtbot.waitExposed(column):
        column.show()
    qtbot.waitUntil(lambda: long.height() > short.height())

    assert (short.x(), short.width()) == (4, 192)
    assert long.y() == short.height() + 6
    assert column.height() == long.y() + long.height()

    first = Text("above them")
    column.add(first, 0)
    assert [row.y() for row in column.rows] == sorted(row.y() for row in column.rows)
    assert short.y() == first.height() + 6

    column.take(first)
    assert short.y() == 0
    assert column.height() == long.y() + long.height()


def test_a_row_that_grows_moves_those_below_it(qtbot: QtBot, qapp: QApplication) -> None:
    column = LongColumn(gap=6)
    qtbot.addWidget(column)
    column.resize(200, 10)
    first, second = Text("short", wrap=True), Text("below")
    column.add(first)
    column.add(second)
    with qtbot.waitExposed(column):
        column.show()
    before = second.y()

    first.setText("now many words that need a second line " * 3)

    qtbot.waitUntil(lambda: second.y() > before)
    assert column.height() == second.y() + second.height()
