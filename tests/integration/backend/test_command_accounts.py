"""What an operator types about a person is taken as typed, or refused with its reason."""

import json
import os
import sqlite3
from contextlib import closing
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


def test_a_mechanics_payout_account_is_kept_under_their_id(tmp_path: Path) -> None:
    make = ["create-mechanic", "dana@example.test", "--name", "Dana Roy", "--password-stdin"]
    place = ["--data-dir", str(tmp_path)]
    made = CliRunner().invoke(cli, [*make, *place], input="correct horse battery\n")

    named = CliRunner().invoke(
        cli, ["set-payout-account", "Dana@Example.test", "acct_1Dana", *place]
    )

    mechanic_id = json.loads(made.stdout)["mechanic_id"]
    assert json.loads(named.stdout) == {"mechanic_id": mechanic_id, "payout_account": "acct_1Dana"}
    with closing(sqlite3.connect(tmp_path / "liftbay.sqlite3")) as db:
        kept = db.execute("SELECT mechanic_id, payout_account FROM mechanics").fetchall()
    assert kept == [(mechanic_id, "acct_1Dana")]


@pytest.mark.parametrize(
    ("email", "account", "said"),
    [
        ("dana@example.test", "IBAN 123", "that is no connected account of Stripe"),
        ("sam@example.test", "acct_1", "there is no mechanic with this e-mail address"),
        ("kim@example.test", "acct_1", "there is no mechanic with this e-mail address"),
    ],
)
def test_a_payout_account_of_nobody_is_refused(
    tmp_path: Path, email: str, account: str, said: str
) -> None:
    place = ["--data-dir", str(tmp_path)]
    make = ["create-support", "kim@example.test", "--name", "Kim", "--password-stdin", *place]
    CliRunner().invoke(cli, make, input="correct horse battery\n")

    result = CliRunner().invoke(cli, ["set-payout-account", email, account, *place])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"liftbay-backend: {said}")
