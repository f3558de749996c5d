"""OpenCV brings a Qt of its own along; ours must start all the same."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

DEADLINE_S = 60.0
PROGRAM = textwrap.dedent(
    """
    import os
    before = os.environ.get("QT_QPA_FONTDIR")
    from preflight.devices.opencv import cv2
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ, "OpenCV's path was left behind"
    assert os.environ.get("QT_QPA_FONTDIR") == before
    from preflight.devices.opencv_camera import list_cameras
    list_cameras()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ, "listing brought it back"
    from PySide6.QtWidgets import QApplication, QWidget
    app = QApplication([])
    window = QWidget()
    window.show()
    print(app.platformName(), window.isVisible())
    """
)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A virtual screen of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(DEADLINE_S)


def test_a_window_opens_on_x11_after_opencv_was_imported(display: str) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        environment.pop(name, None)

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "True"]


def test_variables_that_the_person_set_are_kept() -> None:
    code = (
        "import os\n"
        "from preflight.devices.opencv import cv2\n"
        "print(os.environ['QT_QPA_PLATFORM_PLUGIN_PATH'], os.environ['QT_QPA_FONTDIR'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "QT_QPA_PLATFORM_PLUGIN_PATH": "plugins-of-mine",
            "QT_QPA_FONTDIR": "fonts-of-mine",
        },
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )

    assert done.stdout.split() == ["plugins-of-mine", "fonts-of-mine"]
