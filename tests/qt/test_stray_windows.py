"""A part that is shown before it stands in its page is a window of its own for a moment."""

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.views.theme import ThemeMode, apply_theme
from tests.gallery.call_pages import CALL_PAGES
from tests.gallery.diagnosis_pages import DIAGNOSIS_PAGES
from tests.gallery.newcomer_pages import NEWCOMER_PAGES
from tests.gallery.pages import PAGES
from tests.gallery.preflight_names import PREFLIGHT_PAGES
from tests.gallery.registry import GalleryPage

EVERY_PAGE = (*PAGES, *PREFLIGHT_PAGES, *NEWCOMER_PAGES, *DIAGNOSIS_PAGES, *CALL_PAGES)


class Windows(QObject):
    """Writes down every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}".strip())
        return False


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_a_page_shows_no_window_while_it_is_made(qapp: QApplication, page: GalleryPage) -> None:
    if qapp.property("liftbay_mode") is None:
        apply_theme(qapp, ThemeMode.LIGHT)
    windows = Windows()
    qapp.installEventFilter(windows)
    try:
        shiboken6.delete(page.make())
    finally:
        qapp.removeEventFilter(windows)

    assert windows.shown == []


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_part_without_a_place_is_seen(qapp: QApplication) -> None:
    """What finds nothing would hold for ever."""
    windows = Windows()
    qapp.installEventFilter(windows)
    label = QLabel("lost")
    label.setVisible(True)
    qapp.removeEventFilter(windows)
    shiboken6.delete(label)

    assert windows.shown == ["QLabel"]
