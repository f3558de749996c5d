"""The stall meter on Qt's own loop."""

import time

from pytestqt.qtbot import QtBot

from desktop.app.demo.stall_meter import QtStallMeter


def test_a_blocked_window_shows_in_the_stalls(qtbot: QtBot) -> None:
    meter = QtStallMeter()
    meter.start()
    qtbot.wait(50)
    time.sleep(0.1)
    qtbot.wait(50)
    meter.stop()

    spread = meter.spread
    assert spread.max is not None
    assert spread.max > 60
    assert spread.p50 is not None
    assert spread.p50 < spread.max


def test_it_measures_nothing_before_its_start_and_after_its_stop(qtbot: QtBot) -> None:
    meter = QtStallMeter()
    qtbot.wait(30)
    before = meter.spread.p50
    meter.start()
    qtbot.wait(50)
    meter.stop()
    meter.reset()
    qtbot.wait(30)

    assert before is None
    assert meter.spread.p50 is None
