"""The meter beside the microphone."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.viewmodels.preflight_state import LevelState
from desktop.views.language import install_language
from desktop.views.level_meter import LevelMeter, share_of
from desktop.views.theme import dress

EVERY_KIND = tuple(LevelState(dbfs, dbfs) for dbfs in (None, -100.0, -52.0, -28.0))
"""A level for every kind of words, each as long as its value can be."""


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


@pytest.mark.parametrize("language", [QLocale.Language.English, QLocale.Language.French])
@pytest.mark.parametrize("level", EVERY_KIND)
@pytest.mark.parametrize("width", [220, 287])
def test_the_words_fit_beside_the_scale(
    qapp: QApplication, qtbot: QtBot, language: QLocale.Language, level: LevelState, width: int
) -> None:
    """They are painted by the meter itself, so no layout makes room for them.

    It has 287 px in a window of 1280 by 800, and 220 at least.
    """
    try:
        install_language(qapp, QLocale(language))
        meter = LevelMeter(lambda: level)
        qtbot.addWidget(meter)
        dress(meter)
        meter.resize(width, 44)

        meter.show_level(level)

        words, wide, room = meter.painted_words()
    finally:
        install_language(qapp, QLocale(QLocale.Language.English))
    assert 0 < wide <= room
    assert "…" not in words
    assert words == meter.words or width < 280


def test_every_kind_of_words_is_measured(qtbot: QtBot) -> None:
    meter = LevelMeter(LevelState)
    qtbot.addWidget(meter)
    said = []

    for level in EVERY_KIND:
        meter.show_level(level)
        said.append(meter.words.partition(":")[0])

    assert said == ["No sound yet", "Too quiet", "Say something", "We hear you"]
