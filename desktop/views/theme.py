"""Turns the tokens of ``resources`` into Qt: palette, font, style sheet, icons.

The only place that sets a style sheet. The mode hangs on the application as a property, and a part
of the window may differ from it (the call stays dark in a light program): ``scheme_of(widget)``
answers for any widget, and a ``StyleChange`` event tells a widget that it changed.

The sheet is worn by windows, not by the application: under an application's sheet Qt dresses every
part anew each time that it finds a parent, six times over on the way up, which took most of the
time in which a page was built. A page is built bare and dressed once, when its window takes it in.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, partial
from typing import assert_never

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from resources import loader

# A widget that got the focus by a click, and so wears no ring, has this property set to True.
CLICKED_PROPERTY = "focus_by_click"

_MODE_PROPERTY = "liftbay_mode"
_WEARS_PROPERTY = "liftbay_wears"
_FONT_FAMILY = "Inter"
_TEXT_PX = 14
_SCALES = (1.0, 2.0)


class ThemeMode(StrEnum):
    """The three looks of the program."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tone(StrEnum):
    """What a pill, a banner or a line of text says by its colour, always beside words."""

    NEUTRAL = "neutral"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode as ``#RRGGBB``; the fields are the token names of tokens.json."""

    bg: str
    panel: str
    raise_: str
    well: str
    line: str
    text: str
    dim: str
    accent_fill: str
    on_accent: str
    accent_text: str
    ok: str
    ok_tint: str
    warn: str
    warn_tint: str
    bad: str
    bad_tint: str
    control_line: str
    bad_fill: str
    on_bad: str
    focus: str
    call: str
    border_px: str

    def colour(self, token: str) -> QColor:
        """Return a token's colour.

        Raises:
            AttributeError: there is no such token.
        """
        return QColor(getattr(self, token))

    def ink(self, tone: Tone) -> str:
        """Return the colour of text and icons of a tone."""
        return {
            Tone.NEUTRAL: self.dim,
            Tone.OK: self.ok,
            Tone.WARN: self.warn,
            Tone.BAD: self.bad,
            Tone.ACCENT: self.on_accent,
        }[tone]

    def tint(self, tone: Tone) -> str:
        """Return the ground a tone's text stands on."""
        return {
            Tone.NEUTRAL: self.well,
            Tone.OK: self.ok_tint,
            Tone.WARN: self.warn_tint,
            Tone.BAD: self.bad_tint,
            Tone.ACCENT: self.accent_fill,
        }[tone]


@cache
def palette(mode: ThemeMode) -> Palette:
    """Return the colours of a mode."""
    table = loader.tokens(mode.value)
    return Palette(**{f.name: table[f.name.rstrip("_")] for f in fields(Palette)})


class _Wears(StrEnum):
    """What a dressed widget puts on when the program changes its look."""

    PROGRAM = "program"
    DARK = "dark"


def apply_theme(app: QApplication, mode: ThemeMode) -> None:
    """Dress the whole program in a mode: what is dressed already, and what will be."""
    app.setProperty(_MODE_PROPERTY, mode.value)
    app.setFont(_interface_font())
    app.setPalette(_qt_palette(palette(mode)))
    for widget in app.allWidgets():
        worn = widget.property(_WEARS_PROPERTY)
        if worn is not None:
            _wear(widget, _Wears(worn))


def dress(window: QWidget) -> None:
    """Let a window and all that comes into it wear the program's look, now and whenever it changes.

    A window without this stays bare; dialogs wear what their parent wears.
    """
    _wear(window, _Wears.PROGRAM)


def dress_dark(widget: QWidget) -> None:
    """Let a part of a window be dark in every look of the program but the high-contrast one."""
    _wear(widget, _Wears.DARK)


def _wear(widget: QWidget, what: _Wears) -> None:
    widget.setProperty(_WEARS_PROPERTY, what.value)
    mode = program_mode()
    match what:
        case _Wears.PROGRAM:
            widget.setStyleSheet(loader.style_sheet(mode.value))
        case _Wears.DARK:
            dark = mode if mode is ThemeMode.CONTRAST else ThemeMode.DARK
            if widget.property(_MODE_PROPERTY) != dark.value:
                apply_scheme(widget, dark)
        case _:
            assert_never(what)


def apply_scheme(widget: QWidget, mode: ThemeMode) -> None:
    """Dress one widget and all in it in a mode of its own, whatever the program wears."""
    widget.setProperty(_MODE_PROPERTY, mode.value)
    widget.setPalette(_qt_palette(palette(mode)))
    widget.setStyleSheet(loader.style_sheet(mode.value))


def preferred_mode() -> ThemeMode:
    """Return the mode the desktop asks for: high contrast, dark or light."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is not None:
        wanted = accessibility().contrastPreference()
        if wanted == Qt.ContrastPreference.HighContrast:
            return ThemeMode.CONTRAST
    if hints.colorScheme() == Qt.ColorScheme.Dark:
        return ThemeMode.DARK
    return ThemeMode.LIGHT


def program_mode() -> ThemeMode:
    """Return the mode the whole program wears."""
    app = QApplication.instance()
    mode = app.property(_MODE_PROPERTY) if app is not None else None
    return ThemeMode(mode or ThemeMode.LIGHT)


def follow_system(app: QApplication) -> Callable[[], None]:
    """Wear the desktop's look from now on, also when it changes; the answer ends that.

    High contrast is followed where Qt tells of it (from Qt 6.10 on, not on every desktop).
    """

    def follow() -> None:
        if preferred_mode() is not program_mode():
            apply_theme(app, preferred_mode())

    hints = QGuiApplication.styleHints()
    signals = [hints.colorSchemeChanged]
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is not None:
        signals.append(accessibility().contrastPreferenceChanged)
    endings = [partial(signal.disconnect, signal.connect(follow)) for signal in signals]
    follow()

    def end() -> None:
        while endings:
            endings.pop()()

    return end


def scheme_of(widget: QWidget | None) -> Palette:
    """Return the colours that hold where a widget is."""
    step: QWidget | None = widget
    while step is not None:
        own = step.property(_MODE_PROPERTY)
        if own is not None:
            return palette(ThemeMode(own))
        step = step.parentWidget()
    return palette(program_mode())


def restyle(widget: QWidget) -> None:
    """Make the style sheet look again at a widget whose property was changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_role(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property the style sheet selects by, and restyle only when it is new."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        restyle(widget)


@cache
def icon(
    name: str, colour: str, size_px: int = 20, *, off: str | None = None, gap_px: int = 0
) -> QIcon:
    """Return an icon in a colour (``#RRGGBB``), sharp on screens of double density too.

    Args:
        name: one of ``resources.loader.icon_names()``.
        colour: the colour while it can be used; take it from ``scheme_of(widget)``.
        size_px: edge in logical pixels.
        off: the colour while its button is disabled; ``colour`` where not given.
        gap_px: empty room to the right, towards the words of a button.
    """
    result = QIcon()
    for scale in _SCALES:
        normal = icon_pixmap(name, colour, size_px, scale, gap_px)
        disabled = icon_pixmap(name, off or colour, size_px, scale, gap_px)
        result.addPixmap(normal, QIcon.Mode.Normal)
        result.addPixmap(disabled, QIcon.Mode.Disabled)
    return result


@cache
def icon_pixmap(
    name: str, colour: str, size_px: int, scale: float = 1.0, gap_px: int = 0
) -> QPixmap:
    """Return an icon as a pixmap of ``size_px`` logical pixels at a screen's ``scale``."""
    edge = round(size_px * scale)
    pixmap = QPixmap(QSize(edge + round(gap_px * scale), edge))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(loader.icon_svg(name, colour))).render(
        painter, QRectF(0, 0, edge, edge)
    )
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _interface_font() -> QFont:
    # Figures of one width everywhere: clocks, money and milliseconds then stand still.
    font = QFont()
    font.setFamilies([_FONT_FAMILY, *QFont().families()])
    font.setPixelSize(_TEXT_PX)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _qt_palette(colours: Palette) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: colours.bg,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.well,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.dim,
        QPalette.ColorRole.Button: colours.raise_,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.focus,
        QPalette.ColorRole.HighlightedText: colours.panel,
        QPalette.ColorRole.Link: colours.accent_text,
        QPalette.ColorRole.ToolTipBase: colours.panel,
        QPalette.ColorRole.ToolTipText: colours.text,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.dim))
    return result
