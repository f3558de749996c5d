"""Draws a page and tells what a person would complain about."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from desktop.views.focus_ring import FocusRing
from desktop.views.language import install_language
from desktop.views.level_meter import LevelMeter
from desktop.views.theme import ThemeMode, apply_theme, dress
from desktop.views.widgets.button import MIN_HIT_PX
from desktop.views.widgets.pill import Pill
from tests.gallery.registry import GalleryPage

OUTPUT = Path(__file__).resolve().parents[2] / ".cache" / "gallery"
INTERACTIVE = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
# A picture with fewer colours than this shows a ground and a border at most.
FEWEST_COLOURS = 12


ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)


def draw(
    page: GalleryPage, mode: ThemeMode, size: tuple[int, int], *, language: QLocale = ENGLISH
) -> QWidget:
    """Show the page at a size in a mode and return it, laid out and painted."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_language(app, language)
    # What earlier tests left to be deleted would be dressed as well, which takes minutes in all.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if app.property("liftbay_mode") != mode.value:
        apply_theme(app, mode)
    widget = page.make()
    if not widget.styleSheet():
        # A page without the window that it stands in.
        dress(widget)
    widget.resize(QSize(*size))
    widget.show()
    widget.activateWindow()
    # Wrapped labels settle their height in a second round.
    for _ in range(6):
        app.sendPostedEvents()
        app.processEvents()
    return widget


def save(widget: QWidget, name: str) -> QImage:
    """Save the widget's picture for people to look at, and return it."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    picture = widget.grab().toImage()
    picture.save(str(OUTPUT / f"{name}.png"))
    return picture


def is_blank(picture: QImage) -> bool:
    """True when there is hardly anything in the picture."""
    small = picture.scaled(QSize(160, 100)).convertToFormat(QImage.Format.Format_RGB32)
    colours = {small.pixel(x, y) for x in range(small.width()) for y in range(small.height())}
    return len(colours) < FEWEST_COLOURS


def complaints(page: GalleryPage, widget: QWidget) -> list[str]:
    """Return what is wrong with a drawn page, one line each; empty when all is well."""
    return [
        *_cut_off(widget, page.allowed_clipped),
        *_cut_off_meter(widget),
        *_outside(widget),
        *_unnamed(widget),
        *_too_small(widget),
        *_lost_ring(widget),
        *_unreachable(widget),
    ]


def _visible(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> Iterator[QWidget]:
    for child in widget.findChildren(QWidget):
        if isinstance(child, kinds) and child.isVisibleTo(widget) and not child.isWindow():
            yield child


def _interactive(widget: QWidget) -> Iterator[QWidget]:
    for child in _visible(widget, INTERACTIVE):
        parent = child.parentWidget()
        # The parts Qt puts inside its own controls are not ours to name.
        if not child.objectName().startswith("qt_") and not isinstance(parent, QComboBox):
            yield child


def _tell(child: QWidget) -> str:
    text = child.text() if isinstance(child, (QLabel, QAbstractButton)) else ""
    return f"{type(child).__name__} {child.objectName() or '(no name)'} {text[:50]!r}"


def _cut_off(widget: QWidget, allowed: tuple[str, ...]) -> Iterator[str]:
    for child in _visible(widget, (QLabel, QAbstractButton, Pill)):
        if child.objectName() in allowed or child.size().isEmpty():
            if isinstance(child, QLabel) and child.text() and child.objectName() not in allowed:
                yield f"{_tell(child)} has no size"
            continue
        if isinstance(child, QLabel):
            if not child.text():
                continue
            if child.wordWrap():
                needed = QSize(0, child.heightForWidth(child.width()))
                longest = max(child.text().split(), key=len, default="")
                needed.setWidth(child.fontMetrics().horizontalAdvance(longest))
            else:
                needed = child.minimumSizeHint()
        else:
            needed = child.minimumSizeHint()
        if needed.width() > child.width() + 1 or needed.height() > child.height() + 1:
            has = child.size().toTuple()
            yield f"{_tell(child)} needs {needed.toTuple()} and has {has}"


def _cut_off_meter(widget: QWidget) -> Iterator[str]:
    """Complain of a meter whose words are wider than their room: it paints them itself."""
    for child in _visible(widget, (LevelMeter,)):
        if isinstance(child, LevelMeter):
            words, wide, room = child.painted_words()
            if "…" in words or wide > room:
                yield f"{_tell(child)} {child.words!r} needs more than {room:.0f} px"


def _outside(widget: QWidget) -> Iterator[str]:
    window = widget.rect()
    for child in _visible(widget, (QLabel, Pill, *INTERACTIVE)):
        if child.size().isEmpty():
            continue
        box = QRect(child.mapTo(widget, QPoint(0, 0)), child.size())
        scrolls = _scrolled_by(child, widget)
        if box.left() < window.left() - 1 or box.right() > window.right() + 1:
            yield f"{_tell(child)} sticks out sideways: {box.getRect()}"
        elif not scrolls and (box.top() < -1 or box.bottom() > window.bottom() + 1):
            yield f"{_tell(child)} sticks out above or below: {box.getRect()}"
        elif scrolls and box.right() > _right_of(scrolls, widget) + 1:
            yield f"{_tell(child)} is cut off by its scroll area: {box.getRect()}"


def _scrolled_by(child: QWidget, top: QWidget) -> QScrollArea | None:
    step = child.parentWidget()
    while step is not None and step is not top:
        if isinstance(step, QScrollArea):
            return step
        step = step.parentWidget()
    return None


def _right_of(area: QScrollArea, top: QWidget) -> int:
    port = area.viewport()
    return port.mapTo(top, QPoint(port.width(), 0)).x()


def _unnamed(widget: QWidget) -> Iterator[str]:
    for child in _interactive(widget):
        if not child.objectName():
            yield f"{_tell(child)} has no object name"
        if not child.accessibleName():
            yield f"{_tell(child)} has no accessible name"


def _too_small(widget: QWidget) -> Iterator[str]:
    for child in _interactive(widget):
        if child.width() < MIN_HIT_PX or child.height() < MIN_HIT_PX:
            yield f"{_tell(child)} is only {child.size().toTuple()}"


def _lost_ring(widget: QWidget) -> Iterator[str]:
    for ring in widget.findChildren(FocusRing):
        if ring.isHidden():
            continue
        holder = widget.focusWidget()
        box, drawn = QRect(holder.mapTo(widget, QPoint(0, 0)), holder.size()), ring.geometry()
        if drawn.center() != box.center():
            yield f"{_tell(holder)} is at {box.getRect()}, its focus ring at {drawn.getRect()}"


def _unreachable(widget: QWidget) -> Iterator[str]:
    wanted = [child for child in _interactive(widget) if child.isEnabled()]
    reached: list[QWidget] = []
    if not wanted:
        return
    # Where it begins proves nothing: the focus can be set on what no key would reach.
    wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(len(wanted) + 20):
        QTest.keyClick(widget.focusWidget(), Qt.Key.Key_Tab)
        here = widget.focusWidget()
        if here in reached:
            break
        reached.append(here)
    for child in wanted:
        by_key = child.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        if child not in reached or not by_key:
            yield f"{_tell(child)} is not reached by Tab"
