"""Writes every picture that README and docs show: ``make pictures`` runs this.

All come from the gallery's constant states, so anybody makes the same ones, without a demo and
without a camera. Colours are those of the tokens: nothing is reduced to a palette. Each file
carries the words that stand on it, by which a test knows a picture that has grown old.

    python -m tests.gallery.documents
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import shiboken6
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from desktop.views.theme import ThemeMode
from desktop.views.widgets.pill import Pill
from tests.gallery.checks import draw
from tests.gallery.registry import WIDE
from tests.gallery.render import EVERY_PAGE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
WORDS: Final = "Words"
"""The chunk of text in each file that holds what stands on the picture."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page of the gallery a document's picture shows, and in which look."""

    page: str
    mode: ThemeMode = ThemeMode.LIGHT
    size: tuple[int, int] = WIDE


_DARK = ThemeMode.DARK
_TALL = (1280, 880)
"""Where a usual window would cut the last button off."""
PICTURES: Final[Mapping[str, Shown]] = {
    "call.png": Shown("call-live-notes", _DARK),
    "preflight.png": Shown("preflight-ready", _DARK),
    "ui/dashboard-mechanic.png": Shown("dashboard-mechanic-busy"),
    "ui/dashboard-customer.png": Shown("dashboard-customer-waiting", _DARK),
    "ui/intake.png": Shown("intake-filled"),
    "ui/summary.png": Shown("summary-customer"),
    "ui/call-chat.png": Shown("call-chat", _DARK),
    "ui/connection-lost.png": Shown("call-peer-lost", _DARK),
    "preflight/running.png": Shown("preflight-running", _DARK),
    "preflight/passed.png": Shown("preflight-passed"),
    "preflight/camera-busy.png": Shown("preflight-camera-busy"),
    "preflight/camera-denied.png": Shown("preflight-camera-denied", size=_TALL),
    "preflight/no-camera.png": Shown("preflight-no-camera", size=_TALL),
    "preflight/microphone-silent.png": Shown("preflight-microphone-silent"),
    "preflight/network-slow.png": Shown("preflight-network-slow", size=_TALL),
    "preflight/login-wanted.png": Shown("preflight-login-wanted"),
    "preflight/advice.png": Shown("preflight-advice", _DARK),
    "preflight/sound-only.png": Shown("preflight-sound-only", _DARK),
    "preflight/upright.png": Shown("preflight-upright", _DARK),
    "preflight/plugged-in.png": Shown("preflight-plugged-in"),
    "preflight/plugged-in-covered.png": Shown("preflight-plugged-in-covered"),
    "preflight/report-unreachable.png": Shown("preflight-report-unreachable"),
    "preflight/checked-again.png": Shown("preflight-checked-again"),
    "preflight/settings.png": Shown("preflight-settings"),
    "preflight/diagnosis-sent.png": Shown("preflight-diagnostics-sent", size=_TALL),
    "preflight/diagnosis-parcel.png": Shown("parcel-with-picture", size=(520, 640)),
    "preflight/find-report.png": Shown("find-report-wrong"),
}
"""By the file's path below docs/pictures."""


def draw_shown(shown: Shown) -> QWidget:
    """Return the page, laid out and painted; whoever asks for it deletes it."""
    page = next(page for page in EVERY_PAGE if page.name == shown.page)
    return draw(page, shown.mode, shown.size)


def words_on(widget: QWidget) -> str:
    """Return what can be read on a page, a line each, without figures.

    Times follow the zone of the machine, and what a figure is matters little to its age.
    """
    texts = [
        child.currentText() if isinstance(child, QComboBox) else child.text()
        for child in widget.findChildren(QWidget)
        if isinstance(child, (QLabel, QAbstractButton, QComboBox, Pill))
        and child.isVisibleTo(widget)
    ]
    return re.sub(r"\d+|\s[AP]M\b", "#", "\n".join(text for text in texts if text))


def save_exactly(picture: QImage, words: str, path: Path) -> None:
    """Write a PNG with the very colours of the picture, as small as it gets."""
    plain = picture.convertToFormat(QImage.Format.Format_RGBX8888)
    size = (plain.width(), plain.height())
    image = Image.frombuffer("RGBX", size, bytes(plain.constBits()), "raw", "RGBX", 0, 1)
    told = PngInfo()
    told.add_itxt(WORDS, words, zip=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.convert("RGB").save(path, optimize=True, pnginfo=told)


def write(folder: Path) -> list[Path]:
    """Write every picture of the documents into a folder, and return the files."""
    written: list[Path] = []
    for name, shown in PICTURES.items():
        widget = draw_shown(shown)
        try:
            save_exactly(widget.grab().toImage(), words_on(widget), folder / name)
        finally:
            shiboken6.delete(widget)
        written.append(folder / name)
    return written


def main(arguments: Sequence[str]) -> int:
    """Write the documents' pictures where the documents look for them, or into a folder."""
    folder = Path(arguments[0]) if arguments else FOLDER
    app = QApplication(sys.argv[:1])
    written = write(folder)
    app.quit()
    print(f"{len(written)} pictures of the documents in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
