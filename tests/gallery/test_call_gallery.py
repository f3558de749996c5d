"""Draws the preflight and the call in their looks and sizes; fails on what people complain of."""

import pytest
import shiboken6

from desktop.views.theme import ThemeMode
from tests.gallery.call_pages import CALL_PAGES
from tests.gallery.checks import complaints, draw, is_blank, save
from tests.gallery.diagnosis_pages import DIAGNOSIS_PAGES
from tests.gallery.newcomer_pages import NEWCOMER_PAGES
from tests.gallery.preflight_names import PREFLIGHT_PAGES
from tests.gallery.registry import GalleryPage

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CASES = [
    (page, mode, size)
    for page in (*PREFLIGHT_PAGES, *NEWCOMER_PAGES, *DIAGNOSIS_PAGES, *CALL_PAGES)
    for mode in page.modes
    for size in page.sizes
]


def case_name(case: tuple[GalleryPage, ThemeMode, tuple[int, int]]) -> str:
    page, mode, (width, _) = case
    return f"{page.name}-{mode.value}-{width}"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_the_page_is_readable_and_whole(
    case: tuple[GalleryPage, ThemeMode, tuple[int, int]],
) -> None:
    page, mode, size = case

    widget = draw(page, mode, size)
    try:
        picture = save(widget, case_name(case))
        blank, complained = is_blank(picture), complaints(page, widget)
        drawn_size = (widget.width(), widget.height())
    finally:
        # A page that lingers is dressed again with every change of the theme.
        shiboken6.delete(widget)

    assert not blank
    assert drawn_size == size, "the page does not fit its window"
    assert complained == []
