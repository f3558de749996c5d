"""What the gallery draws: one entry per page and state."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.views.theme import ThemeMode

WIDE = (1280, 800)
NARROW = (900, 700)


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """One page in one state.

    Attributes:
        name: the picture's file name, e.g. ``dashboard-mechanic-busy``.
        make: builds the page from a constant page state; called once per picture.
        modes: the looks it is drawn in.
        sizes: width and height of the window in pixels.
        allowed_clipped: object names of labels that may be cut off, because they scroll or elide
            on purpose and show the whole text elsewhere.
    """

    name: str
    make: Callable[[], QWidget]
    modes: tuple[ThemeMode, ...] = (ThemeMode.LIGHT, ThemeMode.DARK)
    sizes: tuple[tuple[int, int], ...] = (WIDE, NARROW)
    allowed_clipped: tuple[str, ...] = ()
