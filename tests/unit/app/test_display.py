"""Whether there is a display is found out without Qt, which would end the process."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.app.display import can_open_windows, has_display

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="there is always a display there"
)
FREE = ":59999"


@pytest.fixture
def wayland(tmp_path: Path) -> Iterator[dict[str, str]]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-7"))
        listener.listen()
        yield {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def x11() -> Iterator[str]:
    """A listener where an X server listens, in the namespace that needs no folder."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0/tmp/.X11-unix/X58123")
        listener.listen()
        yield ":58123.0"


def test_a_display_that_answers_is_one(x11: str, wayland: dict[str, str]) -> None:
    assert has_display({"DISPLAY": x11})
    assert has_display(wayland)
    assert has_display(wayland | {"DISPLAY": FREE})


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": FREE},
        {"DISPLAY": "127.0.0.1:59999"},
        {"WAYLAND_DISPLAY": "wayland-gone", "XDG_RUNTIME_DIR": "/nowhere"},
    ],
)
def test_a_display_that_is_not_there_or_left_over_is_none(environment: dict[str, str]) -> None:
    assert not has_display(environment)
    assert not can_open_windows(environment)


def test_a_platform_asked_for_by_name_needs_no_display() -> None:
    assert can_open_windows({"QT_QPA_PLATFORM": "offscreen"})


def test_an_address_that_only_qt_understands_is_left_to_it() -> None:
    assert has_display({"DISPLAY": "/private/tmp/org.xquartz:0"})
