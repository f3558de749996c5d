"""Draws every page in its looks and sizes, and fails on what a person would complain about."""

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from desktop.views.theme import ThemeMode
from tests.gallery.checks import complaints, draw, is_blank, save
from tests.gallery.pages import PAGES
from tests.gallery.registry import GalleryPage

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CASES = [(page, mode, size) for page in PAGES for mode in page.modes for size in page.sizes]


def case_name(case: tuple[GalleryPage, ThemeMode, tuple[int, int]]) -> str:
    page, mode, (width, _) = case
    return f"{page.name}-{mode.value}-{width}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_page_is_readable_and_whole(
    qapp: QApplication, case: tuple[GalleryPage, ThemeMode, tuple[int, int]]
) -> None:
    page, mode, size = case

    widget = draw(page, mode, size)
    try:
        picture = save(widget, case_name(case))
        found = complaints(page, widget)
        fits = (widget.width(), widget.height()) == size
    finally:
        # At once: a page that lingers is dressed again with every later page.
        shiboken6.delete(widget)

    assert not is_blank(picture)
    assert fits, "the page does not fit its window"
    assert found == []
