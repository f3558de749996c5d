"""What an operator types about a person is taken as typed, or refused with its reason."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liftbay_backend.cli import cli

COMMANDS = ("create-mechanic", "create-support")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u00a0"])
def test_a_name_of_blanks_makes_no_account(tmp_path: Path, command: str, name: str) -> None:
    """Not one under the first half of the address either: customers would see that."""
    words = [command, "dana@example.test", "--name", name, "--password-stdin"]

    result = CliRunner().invoke(
        cli, [*words, "--data-dir", str(tmp_path)], input="correct horse battery\n"
    )

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "liftbay-backend: the name has 1 to 120 printable characters\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_says_where_the_password_comes_from(command: str) -> None:
    shown = CliRunner().invoke(cli, [command, "--help"], terminal_width=200).stdout
    told = " ".join(shown.split())

    assert "The password is asked for twice, or read from standard input" in told
    assert "with --password-stdin" in told
