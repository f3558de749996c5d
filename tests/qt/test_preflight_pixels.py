"""What is really painted on the preflight page: the meter's bar and line, and the own picture."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.viewmodels.pictures import picture_of_camera_frame
from desktop.viewmodels.preflight_state import LevelState
from desktop.views.level_meter import LevelMeter
from desktop.views.theme import ThemeMode, apply_theme, dress, palette
from preflight.devices.frames import UPRIGHT, CameraFrame, Orientation
from preflight.devices.turned import put_upright
from preflight.model import CheckState
from tests.fakes.preflight_desk import progress, result
from tests.qt.preflight_screen import Stage

WIDTH_PX = 400
ABOVE_BAR_Y = 3
BAR_Y = 11
RED, GREEN, BLUE, WHITE = "#ff0000", "#00ff00", "#0000ff", "#ffffff"

Grab = Callable[[LevelState], QImage]


def grabbed(widget: QWidget) -> QImage:
    """Return what the widget paints, one pixel for each of its own."""
    picture: QImage = widget.grab().toImage()
    assert picture.size() == widget.size()
    return picture


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    """Whatever a test before this one looked like."""
    apply_theme(qapp, ThemeMode.LIGHT)
    yield
    apply_theme(qapp, ThemeMode.LIGHT)


@pytest.fixture
def meter(qtbot: QtBot) -> LevelMeter:
    made = LevelMeter(LevelState)
    qtbot.addWidget(made)
    dress(made)
    made.resize(WIDTH_PX, 44)
    return made


@pytest.fixture
def grab(meter: LevelMeter) -> Grab:
    def paint(level: LevelState) -> QImage:
        meter.show_level(level)
        return grabbed(meter)

    return paint


def _is_fill(colour: QColor) -> bool:
    """Green or amber: the well, the edge and the marks are grey, black or white."""
    return colour.saturation() > 120 and colour.value() > 120


def filled_to(picture: QImage) -> int:
    """Return where the bar's colour ends, in pixels from the left; 0 without any."""
    filled = [x for x in range(picture.width()) if _is_fill(picture.pixelColor(x, BAR_Y))]
    return filled[-1] + 1 if filled else 0


def line_at(picture: QImage) -> list[int]:
    """Return the columns in which something stands out above the bar."""
    ground = picture.pixelColor(picture.width() // 2, ABOVE_BAR_Y)
    return [x for x in range(picture.width()) if picture.pixelColor(x, ABOVE_BAR_Y) != ground]


@pytest.mark.parametrize("width_px", [240, 400, 777])
def test_the_line_stands_at_minus_60_dbfs(meter: LevelMeter, grab: Grab, width_px: int) -> None:
    """The bar goes from -80 to 0 dBFS, so that is a quarter of it."""
    meter.resize(width_px, 44)

    for level in (LevelState(), LevelState(-20.0, -20.0)):
        columns = line_at(grab(level))
        assert columns
        assert all(abs(x + 0.5 - width_px / 4) <= 2 for x in columns)


def test_a_level_at_the_line_fills_the_bar_just_to_it(grab: Grab) -> None:
    picture = grab(LevelState(-60.0, None))

    assert abs(filled_to(picture) - WIDTH_PX / 4) <= 2


@pytest.mark.parametrize(
    ("dbfs", "share"), [(-70.0, 1 / 8), (-40.0, 1 / 2), (-20.0, 3 / 4), (0.0, 1.0)]
)
def test_the_bar_is_as_long_as_the_level_is_high(grab: Grab, dbfs: float, share: float) -> None:
    assert abs(filled_to(grab(LevelState(dbfs, None))) - share * WIDTH_PX) <= 2


def test_a_louder_voice_makes_a_longer_bar_at_every_step(grab: Grab) -> None:
    lengths = [filled_to(grab(LevelState(float(dbfs), None))) for dbfs in range(-76, 0, 4)]

    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("level", [LevelState(), LevelState(-120.0, None)])
def test_silence_paints_no_bar(grab: Grab, level: LevelState) -> None:
    assert filled_to(grab(level)) == 0


def test_the_peak_stays_where_the_voice_was(grab: Grab) -> None:
    picture = grab(LevelState(-70.0, -30.0))

    ink = QColor(palette(ThemeMode.LIGHT).text)
    marked = [x for x in range(WIDTH_PX) if picture.pixelColor(x, BAR_Y) == ink]
    peak_x = (1 - 30 / 80) * WIDTH_PX
    assert any(abs(x - peak_x) <= 4 for x in marked)
    assert filled_to(picture) < peak_x - 100


def test_too_loud_has_another_colour_than_right(grab: Grab) -> None:
    picture = grab(LevelState(0.0, None))

    right = picture.pixelColor(WIDTH_PX // 2, BAR_Y)
    loud = picture.pixelColor(round(WIDTH_PX * 0.95), BAR_Y)
    assert right.green() > right.red()
    assert loud.red() > loud.green()


def test_the_painted_bar_moves_with_the_voice(qtbot: QtBot) -> None:
    """From the reading to the pixels, with nobody but the meter's own timer between."""
    now = [LevelState(-70.0, -70.0)]
    meter = LevelMeter(lambda: now[0])
    qtbot.addWidget(meter)
    dress(meter)
    meter.resize(WIDTH_PX, 44)
    with qtbot.waitExposed(meter):
        meter.show()
    qtbot.waitUntil(lambda: filled_to(grabbed(meter)) > 0)
    quiet = filled_to(grabbed(meter))

    now[0] = LevelState(-20.0, -20.0)
    qtbot.waitUntil(lambda: filled_to(grabbed(meter)) > quiet)
    loud = filled_to(grabbed(meter))
    now[0] = LevelState(-60.0, -20.0)
    qtbot.waitUntil(lambda: filled_to(grabbed(meter)) < loud)

    assert loud - quiet > WIDTH_PX / 2


def quarters(width: int = 640, height: int = 360) -> CameraFrame:
    """A frame with another colour in each corner: red, green; blue, white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (0, 0, 255)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (255, 0, 0)
    pixels[height // 2 :, width // 2 :] = (255, 255, 255)
    pixels.flags.writeable = False
    return CameraFrame(pixels, 0)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def corners(stage: Stage) -> list[str]:
    """Return the colours of the preview about its middle: top left, right; bottom left, right."""
    picture = grabbed(stage.view.preview)
    middle = picture.rect().center()
    return [picture.pixelColor(middle + QPoint(x, y)).name() for y in (-30, 30) for x in (-30, 30)]


def show(qtbot: QtBot, stage: Stage, frame: CameraFrame) -> None:
    before = stage.view.preview.painted_count
    stage.preview.put(picture_of_camera_frame(frame))
    qtbot.waitUntil(lambda: stage.view.preview.painted_count > before)


def test_the_own_picture_stands_upright_and_is_mirrored(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())

    show(qtbot, stage, quarters())

    assert corners(stage) == [GREEN, RED, WHITE, BLUE]


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (UPRIGHT, [GREEN, RED, WHITE, BLUE]),
        (Orientation(180), [BLUE, WHITE, RED, GREEN]),
        (Orientation(90), [RED, BLUE, GREEN, WHITE]),
        (Orientation(0, mirrored=True), [RED, GREEN, BLUE, WHITE]),
    ],
    ids=["as it came", "upside down", "a quarter", "changed over"],
)
def test_a_camera_that_was_put_upright_is_seen_so(
    qtbot: QtBot, stage: Stage, orientation: Orientation, seen: list[str]
) -> None:
    """For everybody, and still mirrored here."""
    stage.desk.say(progress())

    show(qtbot, stage, put_upright(quarters(), orientation))

    assert corners(stage) == seen


def test_the_newest_frame_is_the_one_in_sight(qtbot: QtBot, stage: Stage) -> None:
    stage.desk.say(progress())
    show(qtbot, stage, quarters())
    dark = np.full((360, 640, 3), 40, np.uint8)
    dark.flags.writeable = False

    show(qtbot, stage, CameraFrame(dark, 1))

    assert corners(stage) == ["#282828"] * 4


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_without_a_picture_words_stand_in_its_place(
    qapp: QApplication, qtbot: QtBot, stage: Stage, mode: ThemeMode
) -> None:
    apply_theme(qapp, mode)
    starting = grabbed(stage.view.preview)
    show(qtbot, stage, quarters())

    stage.desk.say(progress(result("camera.busy", CheckState.FAILED), camera=CheckState.FAILED))
    broken = grabbed(stage.view.preview)

    for picture in (starting, broken):
        assert written_on(picture)
    assert starting != broken
    assert not {RED, GREEN, BLUE} & set(corners(stage))


def written_on(picture: QImage) -> bool:
    """Say whether light words stand on a dark ground in the middle."""
    middle = picture.rect().center()
    around = [
        picture.pixelColor(middle + QPoint(x, y)).lightness()
        for x in range(-80, 80)
        for y in range(-30, 30)
    ]
    light = sum(each > 140 for each in around) / len(around)
    return 0.005 < light < 0.5
