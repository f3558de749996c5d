"""The preflight in French, whose words are longer, also in the smallest window and on a netbook."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop.views.language import install_language
from desktop.views.theme import ThemeMode
from tests.gallery.checks import ENGLISH, complaints, draw
from tests.gallery.diagnosis_pages import DIAGNOSIS_PAGES
from tests.gallery.newcomer_pages import NEWCOMER_PAGES
from tests.gallery.preflight_names import PREFLIGHT_PAGES
from tests.gallery.registry import GalleryPage

FRENCH = QLocale(QLocale.Language.French, QLocale.Country.France)
SIZES = ((1280, 800), (1024, 600), (900, 640))
PAGES = [
    page
    for page in (*PREFLIGHT_PAGES, *NEWCOMER_PAGES, *DIAGNOSIS_PAGES)
    # The dialogs have a width of their own.
    if not page.name.startswith("parcel")
]


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_language(qapp, ENGLISH)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_cut_off_and_the_window_stays_as_small_as_it_was_made(
    qapp: QApplication, page: GalleryPage
) -> None:
    for size in SIZES:
        widget = draw(page, ThemeMode.LIGHT, size, language=FRENCH)
        try:
            assert widget.size().toTuple() == size
            assert complaints(page, widget) == []
        finally:
            shiboken6.delete(widget)
