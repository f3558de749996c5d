"""Whatever an operator gets wrong ends in one line that says what, and never in a traceback."""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liftbay_backend.cli import cli, main
from liftbay_backend.durable.sole_owner import SoleOwner

SECRET = "replace-this-secret-of-32-or-more-characters"
MEDIA_SERVER = {
    "LIVEKIT_URL": "ws://127.0.0.1:7880",
    "LIVEKIT_API_KEY": "devkey",
    "LIVEKIT_API_SECRET": SECRET,
}
COMMANDS = (
    ("serve", "--port", "0"),
    ("migrate",),
    ("create-mechanic", "dana@example.test", "--name", "Dana Roy", "--password-stdin"),
    ("create-support", "kim@example.test", "--name", "Kim", "--password-stdin"),
    ("session", "nothing"),
)
# Nobody writes in Linux's /proc, not even root, who runs the tests in a container.
UNUSABLE = ["/dev/null/below", "/" + "a" * 300] + ["/proc/nope", "/proc"] * (
    sys.platform == "linux"
)


@pytest.fixture(autouse=True)
def _only_a_media_server_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    for name, value in MEDIA_SERVER.items():
        monkeypatch.setenv(name, value)


def said(command: Sequence[str]) -> str:
    """Return the one line on standard error of a command that fails with status 1."""
    result = CliRunner().invoke(cli, list(command), input="correct horse battery\n")
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.strip()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_file_is_no_data_folder(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "file"
    file.write_text("kept")

    line = said([*command, "--data-dir", str(file)])

    assert line == f"liftbay-backend: the data folder {file} cannot be used: it is a file"
    assert file.read_text() == "kept"


@pytest.mark.parametrize("command", COMMANDS[:4], ids=lambda command: command[0])
@pytest.mark.parametrize("folder", UNUSABLE)
def test_a_folder_that_cannot_be_made_or_written_is_named_with_the_reason(
    command: tuple[str, ...], folder: str
) -> None:
    line = said([*command, "--data-dir", folder])

    assert line.startswith(f"liftbay-backend: the data folder {folder} cannot be used: ")


@pytest.mark.parametrize("folder", ["new", "."])
def test_looking_at_a_session_makes_no_database(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder

    line = said(["session", "nothing", "--data-dir", str(path)])

    assert line == f"liftbay-backend: the data folder {path} cannot be used: it holds no database"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a?b", "a%20b"])
def test_a_folder_whose_name_would_put_the_database_elsewhere_is_refused(
    tmp_path: Path, name: str
) -> None:
    line = said(["migrate", "--data-dir", str(tmp_path / name)])

    assert line.endswith("its name holds a ? or a %")
    assert [path.name for path in tmp_path.rglob("*")] in ([], [name])


@pytest.mark.parametrize(
    "name", ["liftbay.sqlite3", "signing-key.pem", "durable.lock", "durable.sqlite3"]
)
def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    line = said(["serve", "--port", "0", "--data-dir", str(tmp_path)])

    assert line.endswith(f"cannot be used: {name} in it is no file")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    "address",
    [
        "hello://dana:hunter2@db/liftbay",
        "mysql://dana:hunter2@db/liftbay",
        "postgresql+nodriver://dana:hunter2@db/liftbay",
        "postgresql://dana:hunter2@db:port/liftbay",
        "hunter2",
        "sqlite://",
        "sqlite:///:memory:",
        "",
    ],
)
def test_an_unknown_database_is_said_so_without_its_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    line = said([*command, "--data-dir", str(tmp_path)])

    assert line == (
        "liftbay-backend: DATABASE_URL names no database this service knows: sqlite or postgresql"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("place", ["missing/x.sqlite3", "."])
def test_a_named_file_that_cannot_be_opened_is_said_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / place}")

    line = said([*command, "--data-dir", str(tmp_path)])

    reason = "there is no such file" if command[0] == "session" else "unable to open database file"
    assert line == (
        f"liftbay-backend: the database that DATABASE_URL names cannot be used: {reason}"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS[1:], ids=lambda command: command[0])
def test_a_server_that_does_not_answer_is_said_so(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dana:hunter2@127.0.0.1:1/liftbay")

    line = said(command)

    assert line == (
        "liftbay-backend: the database cannot be used: it does not answer, or refuses this user"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("liftbay.sqlite3", "the database cannot be used: it is damaged, or no database"),
        (
            "durable.lock",
            "the durable work cannot begin: durable.lock: it is damaged, or no database",
        ),
        (
            "durable.sqlite3",
            "the durable work cannot begin: durable.sqlite3: it is damaged, or no database",
        ),
    ],
)
def test_a_damaged_file_of_the_data_folder_is_named_and_left_alone(
    tmp_path: Path, name: str, told: str
) -> None:
    damaged = b"this is no database" * 300
    (tmp_path / name).write_bytes(damaged)

    result = CliRunner().invoke(cli, ["serve", "--port", "0", "--data-dir", str(tmp_path)])

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.stderr.splitlines()[-1] == f"liftbay-backend: {told}"
    assert (tmp_path / name).read_bytes() == damaged


def test_a_data_folder_at_work_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    owner = SoleOwner(tmp_path / "durable.lock")

    result = CliRunner().invoke(cli, ["serve", "--port", "0", "--data-dir", str(tmp_path)])

    owner.release()
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "liftbay-backend: another liftbay-backend already works on this data folder"
    )


@pytest.mark.parametrize("missing", list(MEDIA_SERVER))
@pytest.mark.parametrize("prefix", ["", "LIFTBAY_"])
def test_a_start_without_a_media_server_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str, prefix: str
) -> None:
    for name, value in MEDIA_SERVER.items():
        monkeypatch.delenv(name)
        if name != missing:
            monkeypatch.setenv(prefix + name, value)

    line = said(["serve", "--port", "0", "--data-dir", str(tmp_path)])

    assert line == (
        f"liftbay-backend: {missing} is missing: "
        "serve needs LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_start_with_half_a_crm_names_the_other_half(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIFTBAY_CRM_WEBHOOK_URL", "https://planted.example/hook")

    line = said(["serve", "--port", "0", "--data-dir", str(tmp_path)])

    assert line == (
        "liftbay-backend: LIFTBAY_CRM_WEBHOOK_SECRET is missing: a CRM's address is given"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_is_not_there_cannot_be_sent_again(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["migrate", "--data-dir", str(tmp_path)])

    line = said(["crm-resend", "no-such-session", "--data-dir", str(tmp_path)])

    assert line == "liftbay-backend: nothing is sent: there is no record of this session"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_start_with_a_guessable_media_secret_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("LIVEKIT_API_SECRET", "hunter2")

    line = said(["serve", "--host", host, "--port", "0", "--data-dir", str(tmp_path)])

    told = line.split("; ")
    assert told[0] == "liftbay-backend: LIVEKIT_API_SECRET is shorter than 32 characters"
    assert (len(told) == 1) is (host == "127.0.0.1"), "what is wrong with a public host comes along"
    assert "hunter2" not in line


def test_a_start_names_everything_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LIVEKIT_URL")
    monkeypatch.setenv("DATABASE_URL", "mysql://dana:hunter2@db/liftbay")
    monkeypatch.setenv("LIFTBAY_DRAIN_SECONDS", "-1")

    line = said(["serve", "--host", "0.0.0.0", "--port", "0", "--data-dir", str(tmp_path)])

    for part in (
        "LIFTBAY_DRAIN_SECONDS should be greater than or equal to 0",
        "DATABASE_URL names no database this service knows",
        "LIVEKIT_URL is missing",
        "LIFTBAY_PUBLIC_URL is missing",
        "LIFTBAY_ALLOW_TEST_PAYMENTS",
    ):
        assert part in line
    assert "hunter2" not in line
    assert list(tmp_path.iterdir()) == []


def test_commands_that_open_no_room_need_no_media_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in MEDIA_SERVER:
        monkeypatch.delenv(name)

    result = CliRunner().invoke(cli, ["migrate", "--data-dir", str(tmp_path)])

    assert result.exit_code == 0
    assert result.stdout == "The database is up to date.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nonsense", "No such command 'nonsense'."),
        ("serve --nope", "No such option: --nope"),
        ("serve --port x", "Invalid value for '--port': "),
        ("serve extra", "Got unexpected extra argument(s) (extra)"),
        ("migrate --data-dir", "Option '--data-dir' requires an argument."),
        ("create-mechanic", "Missing argument 'email'."),
        ("create-support kim@example.test", "Missing option '--name'."),
        ("session", "Missing argument 'session_id'."),
    ],
)
def test_words_that_are_not_understood_are_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["liftbay-backend", *words.split()])

    with pytest.raises(SystemExit) as ended:
        main()

    line = capfd.readouterr().err
    assert ended.value.code == 2
    assert line.startswith(f"liftbay-backend: {told}")
    assert line.count("\n") == 1


def test_the_command_alone_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["liftbay-backend"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capfd.readouterr().err.startswith("Usage: liftbay-backend [OPTIONS] COMMAND")


def test_the_installed_command_keeps_the_status_of_what_failed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["liftbay-backend", "migrate", "--data-dir", "/dev/null"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert capfd.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", [(), *((one[0],) for one in COMMANDS)])
def test_help_is_plain_text_without_boxes_or_cut_sentences(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    shown = CliRunner().invoke(cli, [*command, "--help"]).stdout

    assert shown.startswith("Usage: ")
    assert shown.isascii()
    assert "..." not in shown.replace("[ARGS]...", "")
    assert max(len(line) for line in shown.splitlines()) <= 80


@pytest.mark.parametrize(
    "host", ["no.such.host.invalid", "a" * 70, "", "256.1.1.1", "203.0.113.7", "::zz"]
)
def test_a_host_that_cannot_be_had_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    # Behind a proxy of this machine: else a host that strangers might reach is refused before.
    monkeypatch.setenv("LIFTBAY_PUBLIC_URL", "http://127.0.0.1:8080")

    line = said(["serve", "--host", host, "--port", "0", "--data-dir", str(tmp_path)])

    assert line.startswith(f"liftbay-backend: cannot listen on {host}:0: ")
    assert not line.endswith(": ")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        line = said(["serve", "--port", str(port), "--data-dir", str(tmp_path)])

    assert line == (f"liftbay-backend: cannot listen on 127.0.0.1:{port}: Address already in use")


@pytest.mark.parametrize(
    ("port", "told"),
    [("-1", "greater than or equal to 0"), ("65536", "less than or equal to 65535")],
)
def test_a_port_out_of_range_is_told_its_bound(tmp_path: Path, port: str, told: str) -> None:
    line = said(["serve", "--port", port, "--data-dir", str(tmp_path)])

    assert line == f"liftbay-backend: --port should be {told}"
