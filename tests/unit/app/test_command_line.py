"""The ``liftbay`` command answers a wrong word with a sentence, and a stranger's question too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from desktop.app.cli import NO_DISPLAY, cli
from desktop.app.demo import command
from desktop.app.demo.media_server import MediaServerError

ID = "0d9c8b7a-6f5e-4d3c-8b1a-2f3e4d5c6b7a"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("fly", "No such command 'fly'"),
        ("app --nonsense", "No such option: --nonsense"),
        ("app --profile ../evil", "'../evil' is no profile name: use lower-case letters"),
        ("app --theme pink", "'pink' is no theme: use system, light, dark, contrast"),
        ("app --service hello", "'hello' is no address of a service: it looks like https://"),
        ("app --service ftp://a.example", "is no address of a service"),
        ("app --service http://a.example:port", "is no address of a service"),
        ("app --camera tone:440", "'tone:440' is no camera: use 0, a part of its name"),
        ("app --camera file:/nowhere/clip.mp4", "there is no file /nowhere/clip.mp4"),
        ("app --camera file:", "'file:' cannot be read: use 0,"),
        ("app --camera ²", "'²' cannot be read: use 0,"),
        ("app --microphone pattern", "'pattern' is no microphone: use 0,"),
        ("app --microphone tone:high", "'tone:high' cannot be read: use 0,"),
        ("app --microphone tone:nan", "'tone:nan' is no pitch of a voice: use tone:50 to"),
        ("diagnose --microphone tone:10000", "is no pitch of a voice: use tone:50 to tone:8000"),
        ("diagnose --only ,", "',' is neither a group"),
        ("app --speaker pattern", "'pattern' is no loudspeaker: use 0,"),
        ("join", "Missing argument 'SESSION_ID'"),
        ("join abc", "'abc' is no session id: it looks like 0d9c8b7a-"),
        (
            "diagnose --only camera,flux",
            "'flux' is neither a group (camera, microphone, network, speaker, media, host, ",
        ),
        ("diagnose --timeout soon", "Invalid value for '--timeout'"),
        ("diagnose --timeout -1", "Invalid value for '--timeout'"),
        ("diagnose --timeout inf", "Input should be less than or equal to 86400"),
        ("diagnose --timeout nan", "Input should be less than or equal to 86400"),
        ("diagnose --watch --every inf", "Input should be less than or equal to 86400"),
        ("diagnose --every 5", "wrong usage: --every says how often --watch measures: add"),
        ("diagnose --yes", "wrong usage: --yes answers the question of --upload: add --upload"),
        ("diagnose --list --explain N03", "wrong usage: --list and --explain say one thing each"),
        (
            "diagnose --only camera --skip camera",
            "wrong usage: nothing is left to check: --skip leaves out all that --only asks for",
        ),
        (
            "diagnose --quick --only host",
            "wrong usage: nothing is left to check: --quick keeps what Join waits for, and none",
        ),
        ("diagnose --json --html /dev/stdout", "--html and what --json prints go to the same"),
        ("diagnose --html /proc/x.html", "/proc/x.html cannot be written: no file can be made in"),
        ("diagnose --bundle /", "/ is a folder: name a file in it"),
        ("diagnose --output /nowhere/report.json", "there is no folder /nowhere"),
        ("demo --camera tone:440", "'tone:440' is no camera"),
        ("demo --camera 0 --camera 1 --camera 2", "give it twice at most"),
        ("demo --microphone file:/nowhere.wav", "there is no file /nowhere.wav"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(words: str, told: str, tmp_path: Path) -> None:
    done = run(*words.split(), home=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("app",), ("join", ID), ("join", f"liftbay://session/{ID}/")])
def test_without_a_display_the_client_says_so(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words, home=tmp_path)

    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", NO_DISPLAY)


@pytest.mark.parametrize("words", [("app",), ("diagnose", "--list")])
def test_a_folder_that_cannot_be_used_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_text("a file where the folder should be")

    done = run(*words, home=wall, QT_QPA_PLATFORM="offscreen")

    assert done.returncode in (1, 4)
    assert done.stderr.startswith(f"Liftbay cannot use its folder {wall}")
    assert len(done.stderr.splitlines()) == 1


def test_a_diagnosis_leaves_out_a_setting_that_cannot_be_used_and_says_so(tmp_path: Path) -> None:
    settings = tmp_path / "liftbay" / "default" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"microphone": "tone:nan"}')

    done = run("diagnose", "--list", home=tmp_path)

    assert done.returncode == 0
    assert done.stderr.strip() == (
        "settings.json: 'tone:nan' is no pitch of a voice: use tone:50 to tone:8000 "
        "(device.choice_pitch); the default is used"
    )


def test_each_command_and_every_option_explains_itself() -> None:
    commands = typer.main.get_group(cli).commands

    silent = [
        f"{name} {param.name}"
        for name, command in commands.items()
        for param in command.params
        if not getattr(param, "hidden", False) and not getattr(param, "help", None)
    ]

    assert set(commands) == {"app", "join", "diagnose", "demo"}
    assert all(command.help for command in commands.values())
    assert silent == []


def test_the_list_of_commands_is_not_cut_off() -> None:
    told = CliRunner().invoke(cli, ["--help"], env={"COLUMNS": "80"})

    assert told.exit_code == 0
    assert "..." not in told.stdout.partition("Commands:")[2]


def test_a_demo_leaves_alone_what_it_did_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody may name a folder of their own."""
    monkeypatch.setattr(command, "devices_of_machine", lambda: (0, 0))
    monkeypatch.setattr("desktop.app.demo.journey.find_or_build", no_server)
    for name in ("holiday.png", "package.json", "01-customer-joined--mechanic.png"):
        (tmp_path / name).write_text("")

    status = command.run_demo(True, tmp_path, (), ())

    assert status == 1
    assert "the demo could not run: " in capsys.readouterr().err
    assert {path.name for path in tmp_path.glob("*.png")} == {"holiday.png"}
    assert (tmp_path / "package.json").exists()


def test_a_demo_names_the_folder_it_cannot_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "devices_of_machine", lambda: (0, 0))
    wall = tmp_path / "wall"
    wall.write_text("")

    status = command.run_demo(True, wall / "output", (), ())

    assert status == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"the demo could not run: {wall}/output cannot be used: ")


def no_server(_say: object) -> Path:
    raise MediaServerError("there is none in this test")


def run(*words: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as from a terminal without a display."""
    dropped = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [sys.executable, "-m", "desktop.app.cli", *words],
        env=kept | {"XDG_DATA_HOME": str(home)} | more,
        capture_output=True,
        text=True,
        timeout=60,
    )
