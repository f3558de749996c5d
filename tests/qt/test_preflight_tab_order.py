"""The way of Tab over the preflight page: as it is read, and Join at last."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from preflight.model import CheckResult, CheckState
from preflight.verdicts.catalogue import BY_CODE
from tests.fakes.preflight_desk import progress, result
from tests.qt.preflight_screen import Stage, press

MOST = 60


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage(qtbot)
    made.desk.has_settings = True
    qtbot.waitUntil(made.view.isActiveWindow)
    return made


def _warned(code: str) -> CheckResult:
    row = BY_CODE[code]
    return CheckResult(code, row.no, row.group, CheckState.WARNED, gating=False)


def walk(stage: Stage) -> list[str]:
    """Return the names of what Tab comes to, from the page itself until it begins anew."""
    stage.view.setFocus()
    seen: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(QApplication.focusWidget() or stage.view, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at is None or at in seen:
            break
        seen.append(at)
    return [each.objectName() for each in seen]


def test_tab_comes_to_join_after_everything_that_could_be_mended(stage: Stage) -> None:
    stage.desk.say(progress(_warned("mic.muted"), _warned("host.clock_skew")))

    way = walk(stage)

    assert way[0] == "leave_preflight"
    assert way[-1] == "join_session"
    mended = ["settings_microphone", "retry_microphone", "settings_host", "retry_host"]
    assert [name for name in way if name in mended] == mended
    assert way.index("choose_camera") < way.index("settings_microphone")
    assert way.index("retry_host") < way.index("toggle_checks")


def test_tab_goes_through_the_single_checks_before_support_and_join(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.desk.say(progress(_warned("mic.muted"), _warned("host.clock_skew")))
    press(qtbot, stage.button("toggle_checks"))

    way = walk(stage)

    rows = [
        "toggle_checks",
        "again_mic.muted",
        "fix_settings_mic.muted",
        "again_host.clock_skew",
        "fix_settings_host.clock_skew",
    ]
    assert [name for name in way if name in rows] == rows
    assert way[-1] == "join_session"


def test_a_button_that_comes_later_has_its_place_in_the_row(qtbot: QtBot, stage: Stage) -> None:
    """Qt puts what comes last at the end of the way, behind Join."""
    well = [
        CheckResult(code, BY_CODE[code].no, BY_CODE[code].group, CheckState.PASSED, gating=False)
        for code in ("mic.muted", "host.clock_skew")
    ]
    stage.desk.say(progress(*well))
    press(qtbot, stage.button("toggle_checks"))
    stage.desk.say(progress(_warned("mic.muted"), _warned("host.clock_skew")))

    way = walk(stage)

    assert way.index("fix_settings_mic.muted") == way.index("again_mic.muted") + 1
    assert way.index("again_host.clock_skew") == way.index("fix_settings_mic.muted") + 1
    assert way[-1] == "join_session"


def test_tab_comes_to_support_after_what_failed(stage: Stage) -> None:
    stage.desk.say(progress(result("camera.busy", CheckState.FAILED), camera=CheckState.FAILED))

    way = walk(stage)

    assert way.index("retry_camera") < way.index("toggle_checks")
    assert way.index("toggle_checks") < way.index("support_send") < way.index("support_page")
