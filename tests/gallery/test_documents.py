"""The documents show the pictures that ``make pictures`` writes: all of them, and of today."""

import re
from pathlib import Path

import pytest
import shiboken6
from PIL import Image
from PySide6.QtGui import QColor, QImage

from tests.gallery.documents import (
    FOLDER,
    PICTURES,
    ROOT,
    WORDS,
    draw_shown,
    save_exactly,
    words_on,
)

# The offscreen platform says so for every window; nobody can do anything about it.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SHOWN = re.compile(r"!\[[^\]]*\]\(([^)\s]+\.png)\)")


def shown_in(document: Path) -> set[Path]:
    """The files of the pictures that a document shows."""
    return {(document.parent / link).resolve() for link in SHOWN.findall(document.read_text())}


def test_the_documents_show_the_pictures_that_are_written_and_no_others() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]

    shown = set[Path]().union(*(shown_in(document) for document in documents))
    ours = {path for path in shown if FOLDER in path.parents}

    assert ours == {FOLDER / name for name in PICTURES}


def test_no_file_lies_there_that_nobody_writes() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}

    assert files == set(PICTURES)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_the_words_of_today(name: str) -> None:
    with Image.open(FOLDER / name) as image:
        size, told = image.size, image.info.get(WORDS)
    widget = draw_shown(PICTURES[name])
    try:
        words = words_on(widget)
    finally:
        shiboken6.delete(widget)

    assert size == PICTURES[name].size
    assert told == words, "run make pictures"


def test_a_picture_keeps_every_colour(tmp_path: Path) -> None:
    """A palette of 256 turned the ground greenish and put rings into every gradient."""
    drawn = QImage(64, 64, QImage.Format.Format_RGB32)
    for x in range(64):
        for y in range(64):
            drawn.setPixelColor(x, y, QColor(4 * x, 4 * y, 255 - x))

    save_exactly(drawn, "Passed", tmp_path / "one.png")

    saved = QImage(str(tmp_path / "one.png")).convertToFormat(QImage.Format.Format_RGB32)
    assert saved == drawn
