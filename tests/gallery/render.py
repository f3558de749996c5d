"""Renders every page of the gallery for people to look at: ``make pictures``.

One PNG per page, look and size, and one sheet per page that shows them side by side. Nothing is
judged here; the tests beside this file do that.

    python -m tests.gallery.render [FOLDER] [PART OF A NAME ...]
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# A window system would show hundreds of windows, and clip them to its screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shiboken6
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.views.theme import ThemeMode
from tests.gallery.call_pages import CALL_PAGES
from tests.gallery.checks import OUTPUT, draw
from tests.gallery.diagnosis_pages import DIAGNOSIS_PAGES
from tests.gallery.newcomer_pages import NEWCOMER_PAGES
from tests.gallery.pages import PAGES
from tests.gallery.preflight_names import PREFLIGHT_PAGES
from tests.gallery.registry import GalleryPage

EVERY_PAGE: tuple[GalleryPage, ...] = (
    *PAGES,
    *PREFLIGHT_PAGES,
    *NEWCOMER_PAGES,
    *DIAGNOSIS_PAGES,
    *CALL_PAGES,
)
GAP_PX = 16
GROUND = QColor("#808080")


def render(folder: Path, wanted: Sequence[str] = ()) -> list[Path]:
    """Write the pictures of the pages whose name holds one of the words; all without words."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for page in EVERY_PAGE:
        if wanted and not any(word in page.name for word in wanted):
            continue
        rows = [[_picture(page, mode, size) for size in page.sizes] for mode in page.modes]
        pictures = [
            (f"{page.name}-{mode.value}-{size[0]}", picture)
            for mode, row in zip(page.modes, rows, strict=True)
            for size, picture in zip(page.sizes, row, strict=True)
        ]
        pictures.append((f"{page.name}-sheet", _sheet(rows)))
        for name, picture in pictures:
            path = folder / f"{name}.png"
            picture.save(str(path))
            written.append(path)
    return written


def _picture(page: GalleryPage, mode: ThemeMode, size: tuple[int, int]) -> QImage:
    widget = draw(page, mode, size)
    try:
        return widget.grab().toImage()
    finally:
        # At once: a page that lingers is dressed again with every change of the theme.
        shiboken6.delete(widget)


def _sheet(rows: Sequence[Sequence[QImage]]) -> QImage:
    """Return the pictures on one sheet: a row per look, so that looks and sizes compare."""
    width = max(sum(picture.width() + GAP_PX for picture in row) for row in rows) + GAP_PX
    heights = [max(picture.height() for picture in row) + GAP_PX for row in rows]
    sheet = QImage(width, sum(heights) + GAP_PX, QImage.Format.Format_RGB32)
    sheet.fill(GROUND)
    painter = QPainter(sheet)
    top = GAP_PX
    for row, height in zip(rows, heights, strict=True):
        left = GAP_PX
        for picture in row:
            painter.drawImage(QPoint(left, top), picture)
            left += picture.width() + GAP_PX
        top += height
    painter.end()
    return sheet


def main(arguments: Sequence[str]) -> int:
    """Render what is asked for and say where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.gallery.render", description="Render the pages of the gallery."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=OUTPUT)
    parser.add_argument("words", nargs="*", help="render only pages with one in their name")
    asked = parser.parse_args(arguments)
    app = QApplication(sys.argv[:1])
    written = render(asked.folder, asked.words)
    app.quit()
    if not written:
        print(f"No page of the gallery has {' or '.join(asked.words)} in its name.")
        return 1
    print(f"{len(written)} pictures in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
