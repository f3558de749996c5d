"""The meter beside the microphone."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.viewmodels.preflight_state import LevelState
from desktop.views.level_meter import LevelMeter, share_of


def test_the_meter_moves_and_says_its_value(qtbot: QtBot) -> None:
    levels = [LevelState(-52.0, -52.0), LevelState(-24.0, -24.0), LevelState(-71.0, -71.0)]
    said: list[str] = []

    def read() -> LevelState:
        said.append(meter.words)
        return levels[min(len(said) - 1, 2)]

    meter = LevelMeter(read)
    qtbot.addWidget(meter)
    meter.resize(300, 44)
    with qtbot.waitExposed(meter):
        meter.show()
    qtbot.waitUntil(lambda: meter.words == "Too quiet: −71 dBFS")

    assert said[:3] == ["No sound yet", "Say something: −52 dBFS", "We hear you: −24 dBFS"]


def test_a_hidden_meter_reads_nothing(qtbot: QtBot) -> None:
    read: list[LevelState] = []

    def note() -> LevelState:
        read.append(LevelState())
        return read[-1]

    meter = LevelMeter(note)
    qtbot.addWidget(meter)

    qtbot.wait(120)

    assert read == []


@pytest.mark.parametrize(
    ("dbfs", "share"), [(None, 0.0), (-200.0, 0.0), (-80.0, 0.0), (-60.0, 0.25), (3.0, 1.0)]
)
def test_a_level_has_its_place_on_the_bar(dbfs: float | None, share: float) -> None:
    assert share_of(dbfs) == pytest.approx(share)
