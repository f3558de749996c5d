"""``make pictures`` leaves a picture per page, look and size, and a sheet of them all."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]


def render(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.gallery.render", *arguments],
        cwd=ROOT,
        # As from a terminal: the command itself must not need a display.
        env={name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_page_is_rendered_in_its_looks_and_sizes(tmp_path: Path) -> None:
    told = render(str(tmp_path), "sign-up")

    assert told.returncode == 0, told.stderr
    assert {path.name for path in tmp_path.iterdir()} == {
        "sign-up-light-1280.png",
        "sign-up-light-900.png",
        "sign-up-dark-1280.png",
        "sign-up-dark-900.png",
        "sign-up-sheet.png",
    }
    assert QImage(str(tmp_path / "sign-up-dark-1280.png")).size().toTuple() == (1280, 800)


def test_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = render(str(tmp_path), "teleport")

    assert told.returncode == 1
    assert told.stdout == "No page of the gallery has teleport in its name.\n"


def test_help_is_no_folder() -> None:
    told = render("--help")

    assert told.returncode == 0, told.stderr
    assert "usage:" in told.stdout
    assert not (ROOT / "--help").exists()
