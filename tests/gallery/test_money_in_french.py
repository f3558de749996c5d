"""The pages on which money is told, in French, also in the smallest window."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop.views.language import install_language
from desktop.views.theme import ThemeMode
from tests.gallery.checks import ENGLISH, complaints, draw
from tests.gallery.dashboard_pages import DASHBOARD_PAGES
from tests.gallery.intake_pages import INTAKE_PAGES
from tests.gallery.list_pages import LIST_PAGES
from tests.gallery.registry import GalleryPage
from tests.gallery.summary_pages import SUMMARY_PAGES

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
FRENCH = QLocale(QLocale.Language.French, QLocale.Country.France)
SIZES = ((1280, 800), (900, 640))
PAGES = (*SUMMARY_PAGES, *LIST_PAGES, *INTAKE_PAGES, *DASHBOARD_PAGES)


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_language(qapp, ENGLISH)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_cut_off(qapp: QApplication, page: GalleryPage) -> None:
    for size in SIZES:
        widget = draw(page, ThemeMode.LIGHT, size, language=FRENCH)
        try:
            assert widget.size().toTuple() == size
            assert complaints(page, widget) == []
        finally:
            shiboken6.delete(widget)
