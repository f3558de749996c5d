"""A broken settings file keeps nobody out."""

from pathlib import Path

import pytest

from desktop.app.settings import LaunchOptions, Settings, load
from tests.conftest import ExpectedLogs


def test_what_stands_in_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"camera": "Webcam", "theme": "dark", "language": "fr"}')

    assert load(path) == Settings(camera="Webcam", theme="dark", language="fr")


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.json") == Settings()


@pytest.mark.parametrize("broken", [b"", b"{", b'{"theme": 7}', b"[]", b"\xff\xfe\x00"])
def test_a_broken_file_is_set_aside_and_the_defaults_hold(
    tmp_path: Path, broken: bytes, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("settings could not be read")
    path = tmp_path / "settings.json"
    path.write_bytes(broken)

    assert load(path) == Settings()
    assert (tmp_path / "settings.unreadable.json").read_bytes() == broken
    assert not path.exists()


def test_settings_of_a_newer_version_are_still_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "invented_later": [1, 2]}')

    assert load(path).theme == "dark"


def test_a_choice_on_the_command_line_wins_for_this_start() -> None:
    kept = Settings(camera="Webcam", theme="dark", service_url="http://kept")

    now = LaunchOptions(camera="pattern", service_url="http://given").over(kept)

    assert (now.camera, now.service_url, now.theme) == ("pattern", "http://given", "dark")
    assert kept.camera == "Webcam"
