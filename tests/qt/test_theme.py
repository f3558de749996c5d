"""Every pair of colours that stands for text can be read, and the theme reaches every widget."""

import math
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStyleHints
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.theme import (
    Palette,
    ThemeMode,
    Tone,
    apply_scheme,
    apply_theme,
    follow_system,
    icon,
    icon_pixmap,
    palette,
    program_mode,
    scheme_of,
)
from resources import loader

ROOT = Path(__file__).resolve().parents[2]
TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    ink = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)
        for part in (ink.redF(), ink.greenF(), ink.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs(colours: Palette) -> dict[str, tuple[str, str]]:
    pairs = {
        f"{ink} on {ground}": (getattr(colours, ink), getattr(colours, ground))
        for ink in ("text", "dim", "accent_text")
        for ground in ("bg", "panel", "raise_")
    }
    pairs |= {f"{tone.value} in its pill": (colours.ink(tone), colours.tint(tone)) for tone in Tone}
    pairs |= {
        f"{ink} on a card": (getattr(colours, ink), colours.panel) for ink in ("ok", "warn", "bad")
    }
    pairs["text on a destructive button"] = (colours.on_bad, colours.bad_fill)
    return pairs


@pytest.mark.parametrize("mode", list(ThemeMode))
def test_all_text_can_be_read(mode: ThemeMode) -> None:
    poor = {
        what: round(contrast(*pair), 2)
        for what, pair in text_pairs(palette(mode)).items()
        if contrast(*pair) < TEXT_CONTRAST
    }

    assert poor == {}


@pytest.mark.parametrize("mode", list(ThemeMode))
def test_the_edges_of_what_can_be_used_can_be_seen(mode: ThemeMode) -> None:
    colours = palette(mode)

    for ground in (colours.bg, colours.panel):
        assert contrast(colours.control_line, ground) >= SHAPE_CONTRAST
        assert contrast(colours.focus, ground) >= SHAPE_CONTRAST


@pytest.mark.parametrize("mode", loader.MODES)
def test_the_style_sheet_has_no_token_left(mode: str) -> None:
    assert "$" not in loader.style_sheet(mode)


@pytest.mark.parametrize("mode", loader.MODES)
def test_every_mode_has_the_same_tokens(mode: str) -> None:
    assert loader.tokens(mode).keys() == loader.tokens("light").keys()


@pytest.mark.parametrize("name", loader.icon_names())
def test_every_icon_draws_something_in_its_colour(qapp: QApplication, name: str) -> None:
    picture = icon_pixmap(name, "#FF0000", 24).toImage()

    inked = [
        QColor(picture.pixelColor(x, y))
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() > 200
    ]
    assert len(inked) > 8
    assert all(colour.red() > 200 and colour.green() < 60 for colour in inked)


def test_an_icon_is_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    sizes = {size.width() for size in icon("camera", "#000000", 20).availableSizes()}

    assert max(sizes) == 40


def test_a_part_of_the_window_may_stay_dark(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, ThemeMode.LIGHT)
    window, call = QWidget(), QWidget()
    qtbot.addWidget(window)
    call.setParent(window)
    inside = QLabel(call)

    apply_scheme(call, ThemeMode.DARK)

    assert scheme_of(window) == palette(ThemeMode.LIGHT)
    assert scheme_of(inside) == palette(ThemeMode.DARK)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: loader.tokens("sepia"),
        lambda: loader.icon_svg("unicorn", "#000000"),
        lambda: loader.translation("tlh"),
    ],
)
def test_a_name_that_does_not_exist_is_a_fault(ask: object) -> None:
    assert callable(ask)

    with pytest.raises(loader.UnknownResource):
        ask()


class Desktop:
    """The desktop's look, which a person changes while the program runs.

    The offscreen platform has no look of its own to change, so its answer is replaced and Qt's
    own signal sent.
    """

    def __init__(self, hints: QStyleHints, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hints = hints
        self.mode = ThemeMode.LIGHT
        monkeypatch.setattr("desktop.views.theme.preferred_mode", lambda: self.mode)

    def turn(self, mode: ThemeMode) -> None:
        self.mode = mode
        if mode is ThemeMode.CONTRAST:
            accessibility = getattr(self.hints, "accessibility", None)
            assert accessibility is not None, "Qt 6.10 and newer tell it"
            accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
        else:
            self.hints.colorSchemeChanged.emit(Qt.ColorScheme.Unknown)


def test_the_look_follows_the_desktop_s_while_the_program_runs(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = Desktop(qapp.styleHints(), monkeypatch)
    apply_theme(qapp, ThemeMode.DARK)
    end = follow_system(qapp)
    seen = [program_mode()]

    for mode in (ThemeMode.DARK, ThemeMode.CONTRAST, ThemeMode.LIGHT):
        desktop.turn(mode)
        seen.append(program_mode())
    end()
    desktop.turn(ThemeMode.DARK)

    assert seen == [ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.CONTRAST, ThemeMode.LIGHT]
    assert program_mode() is ThemeMode.LIGHT


def test_every_icon_is_used_by_name() -> None:
    """An icon that nothing names is shipped for nobody."""
    code = "".join(path.read_text() for path in (ROOT / "desktop").rglob("*.py"))

    assert [name for name in loader.icon_names() if f'"{name}"' not in code] == []
