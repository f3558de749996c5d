"""The command as an operator meets it: help, clear mistakes, a real start and stop."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from liftbay_backend.cli import cli

BACKEND = Path(__file__).parents[3] / "backend"
PASSWORD = "correct horse battery\n"
START_SECONDS = 60
MEDIA_SERVER = {
    "LIVEKIT_URL": "ws://127.0.0.1:7880",
    "LIVEKIT_API_KEY": "devkey",
    "LIVEKIT_API_SECRET": "replace-this-secret-of-32-or-more-characters",
}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["serve"],
        ["migrate"],
        ["create-mechanic"],
        ["create-support"],
        ["grant-mechanic"],
        ["grant-support"],
        ["revoke-support"],
        ["set-outside-id"],
        ["set-password"],
        ["end-sign-ins"],
        ["disable-account"],
        ["enable-account"],
        ["session"],
        ["set-payout-account"],
        ["crm-resend"],
        ["backup"],
        ["restore"],
        ["after-restore"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, "--help"])

    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_a_mechanic_gets_two_different_ids(tmp_path: Path) -> None:
    command = ["create-mechanic", "dana@example.test", "--name", "Dana Roy", "--password-stdin"]

    made = CliRunner().invoke(cli, [*command, "--data-dir", str(tmp_path)], input=PASSWORD)
    again = CliRunner().invoke(cli, [*command, "--data-dir", str(tmp_path)], input=PASSWORD)

    ids = json.loads(made.stdout)
    assert ids["mechanic_id"] != ids["user_id"]
    assert again.exit_code == 1
    assert "there is an account" in again.output


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [("nobody", PASSWORD, "e-mail"), ("a@b.test", "short\n", "at least 8")],
)
def test_a_mistake_is_one_clear_line(tmp_path: Path, email: str, password: str, said: str) -> None:
    result = CliRunner().invoke(
        cli,
        [
            *("create-support", email, "--name", "Kim", "--password-stdin"),
            *("--data-dir", str(tmp_path)),
        ],
        input=password,
    )

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert password.strip() not in result.output


def test_a_session_nobody_has_is_said_so(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["migrate", "--data-dir", str(tmp_path)])

    result = CliRunner().invoke(cli, ["session", "nothing", "--data-dir", str(tmp_path)])

    assert result.exit_code == 1
    assert "there is no session nothing" in result.output


def test_the_service_starts_answers_and_stops_without_a_trace_of_secrets(tmp_path: Path) -> None:
    process = _serve(tmp_path)
    try:
        address = _ready(process)
        health = httpx.get(f"{address}/api/health", timeout=10)
        signed_up = httpx.post(
            f"{address}/auth/v1/signup",
            json={"email": "sam@example.test", "password": PASSWORD.strip()},
            timeout=10,
        )
        second = _second(tmp_path)
    finally:
        process.send_signal(signal.SIGTERM)
        _, logs = process.communicate(timeout=START_SECONDS)

    assert health.json()["status"] in ("ok", "degraded")
    assert signed_up.status_code == 200
    assert process.returncode == 0
    assert "Finished server process" in logs
    assert second.returncode == 1
    assert "already works on this data folder" in second.stderr
    assert "Traceback" not in logs + second.stderr
    assert "Warning" not in logs
    assert "sam@example.test" not in logs
    assert signed_up.json()["refresh_token"] not in logs
    assert all(json.loads(line) for line in logs.splitlines())


def test_a_taken_port_is_said_so(tmp_path: Path) -> None:
    process = _serve(tmp_path)
    try:
        port = _ready(process).rpartition(":")[2]
        second = _second(tmp_path / "other", port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=START_SECONDS)

    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr


def _second(folder: Path, port: str = "0") -> subprocess.CompletedProcess[str]:
    """Start one that is expected to end by itself, because of the one that runs."""
    return subprocess.run(
        [*_command(folder), "--port", port],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
        env={**os.environ, **MEDIA_SERVER, "PYTHONPATH": str(BACKEND)},
    )


def _command(folder: Path) -> list[str]:
    start = "from liftbay_backend.cli import main; main()"
    return [sys.executable, "-c", start, "serve", "--data-dir", str(folder)]


def _serve(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_command(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **MEDIA_SERVER, "PYTHONPATH": str(BACKEND)},
    )


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
    assert found is not None
    return found[1]
