"""What does not go together is refused in one sentence, before anything starts."""

from pathlib import Path
from typing import Any

import pytest

from desktop.app.diagnose import DiagnoseCommand, run_diagnose
from desktop.app.diagnose_usage import refuse_conflicts
from desktop.app.profile import open_profile
from desktop.app.settings import LaunchOptions
from preflight.support.verdict import ExitCode


def asked(folder: Path, **words: Any) -> DiagnoseCommand:
    """Return a command that says nothing but these words."""
    silent: dict[str, Any] = {
        "as_json": False,
        "output": None,
        "page": None,
        "bundle": None,
        "upload": False,
        "yes": False,
        "only": None,
        "skip": None,
        "quick": False,
        "strict": False,
        "list_devices": False,
        "explain": None,
        "watch": False,
        "every_s": None,
        "timeout_s": 60.0,
    }
    return DiagnoseCommand(open_profile("default", folder), LaunchOptions(), **silent | words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            {"list_devices": True, "explain": "N03"},
            "--list and --explain say one thing each and stop: give one of them",
        ),
        (
            {"list_devices": True, "as_json": True},
            "--list starts no run, so --json does nothing: leave it out",
        ),
        (
            {"explain": "N03", "only": "camera"},
            "--explain starts no run, so --only does nothing: leave it out",
        ),
        (
            {"list_devices": True, "page": Path("page.html")},
            "--list starts no run, so --html does nothing: leave it out",
        ),
        (
            {"yes": True},
            "--yes answers the question of --upload: add --upload, or leave it out",
        ),
        (
            {"every_s": 10.0},
            "--every says how often --watch measures: add --watch, or leave it out",
        ),
        (
            {"output": Path("a"), "page": Path("./a")},
            "--output and --html name the same file: give each one its own",
        ),
        (
            {"page": Path("a"), "bundle": Path("b/../a")},
            "--html and --bundle name the same file: give each one its own",
        ),
        (
            {"as_json": True, "page": Path("/dev/stdout")},
            "--html and what --json prints go to the same place: give one of them a file",
        ),
        (
            {
                "as_json": True,
                "watch": True,
                "output": Path("a"),
                "bundle": Path("/dev/stdout"),
            },
            "--bundle and what --json prints go to the same place: give one of them a file",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(
    words: dict[str, Any],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each of these dropped one of the words, or one of the files, with status 0."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()

    status = run_diagnose(asked(tmp_path / "data", **words))

    assert status == ExitCode.USAGE
    assert capsys.readouterr().err == f"wrong usage: {told}\n"
    assert not (tmp_path / "data").exists(), "nothing was started"


@pytest.mark.parametrize("name", ["reports/preflight-report.json", "settings.json", "new.html"])
def test_liftbays_own_files_are_no_place_for_a_report(name: str, tmp_path: Path) -> None:
    """The run's own report goes there by itself, and settings and queue stand beside it."""
    command = asked(tmp_path, page=tmp_path / "default" / name)
    through_link = tmp_path / "link"
    through_link.symlink_to(tmp_path / "default" / name)

    for each in (command, asked(tmp_path, page=through_link)):
        with pytest.raises(ValueError, match="where Liftbay keeps its own files: choose another"):
            refuse_conflicts(each)


@pytest.mark.parametrize(
    "words",
    [
        {"upload": True, "yes": True},
        {"watch": True, "every_s": 5.0},
        {"as_json": True, "output": Path("/dev/stdout")},
        {"quick": True, "strict": True, "session": "0d9c8b7a-6f5e-4d3c-8b1a-2f3e4d5c6b7a"},
        {"page": Path("/dev/stdout"), "output": Path("a"), "bundle": Path("b")},
        {"list_devices": True},
        {"explain": "N03"},
    ],
)
def test_what_goes_together_is_taken(
    words: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    refuse_conflicts(asked(tmp_path / "data", **words))

    assert list(tmp_path.iterdir()) == [], "looking makes nothing"
