"""The commands that keep accounts, as an operator types them beside a running service."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from liftbay_backend.cli import cli
from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import NEWER_SCHEMA
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import CLIENT_HEADER, Caller, backend_service
from tests.fakes.loopback import on_loopback
from tests.fakes.outside_sign_in import ISSUER, OUTSIDE, SECRET
from tests.integration.backend.test_event_streams import following

BACKEND = Path(__file__).parents[3] / "backend"
COMMAND_SECONDS = 60
PASSWORD = "correct horse battery"
DANA, KIM, SAM = "dana@example.test", "kim@example.test", "sam@example.test"
SUB = "3f0c8a52-6d1e-4b7a-9c55-0d2f6a7b8c9e"
OTHER_SUB = "0b2d1f7e-1c1f-4a55-8c7a-5f3b9d2e6a10"
STDIN = "--password-stdin"
_SET_REVISION = text("UPDATE alembic_version SET version_num = :revision")
OF_AN_ACCOUNT = (
    ("grant-mechanic", "--name", "Sam", STDIN),
    ("grant-support", STDIN),
    ("revoke-support",),
    ("set-password", STDIN),
    ("end-sign-ins",),
    ("disable-account",),
    ("enable-account",),
)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an outside Supabase keep the sign-in."""
    monkeypatch.setenv("LIFTBAY_AUTH_JWT_SECRET", SECRET)
    monkeypatch.setenv("LIFTBAY_AUTH_ISSUER", ISSUER)


def typed(place: Path, *words: str, given: str = PASSWORD) -> Result:
    return CliRunner().invoke(cli, [*words, "--data-dir", str(place)], input=f"{given}\n")


def told(place: Path, *words: str, given: str = PASSWORD) -> dict[str, Any]:
    """Return what a command that succeeds prints."""
    result = typed(place, *words, given=given)
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def refused(place: Path, *words: str, given: str = PASSWORD) -> str:
    """Return the one line of a command that fails."""
    result = typed(place, *words, given=given)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert given not in result.stderr
    return result.stderr.strip().removeprefix("liftbay-backend: ")


async def run(settings: Settings, *words: str, given: str = "") -> tuple[str, str]:
    """Run a command in a process of its own; returns what it printed, and its security log."""
    env = {**os.environ, "PYTHONPATH": str(BACKEND), "LIFTBAY_DATA_DIR": str(settings.data_dir)}
    if settings.database_url is not None:
        env["DATABASE_URL"] = settings.database_url.get_secret_value()
    if not settings.embedded_auth:
        env |= {"LIFTBAY_AUTH_JWT_SECRET": SECRET, "LIFTBAY_AUTH_ISSUER": ISSUER}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", "from liftbay_backend.cli import main; main()", *words],
        input=given,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


async def test_a_stolen_cookie_is_ended_beside_the_running_service(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(stream_poll_seconds=0.05)
    async with backend_service(settings) as service:
        mechanic = await service.mechanic()
        email = (await mechanic.http.get("/api/me")).json()["email"]

        async with (
            on_loopback(service.app) as base,
            following(base, mechanic, "/api/events") as events,
        ):
            printed, log = await run(settings, "set-password", email, STDIN, given="a new horse\n")
            async with asyncio.timeout(10):
                rest = [event async for event in events]

        after = [
            await mechanic.http.get("/api/me"),
            await mechanic.http.post("/api/mechanic/refresh"),
        ]
        again = await (await service.client(**CLIENT_HEADER)).post(
            "/api/mechanic/login", json={"email": email, "password": "a new horse"}
        )

    kept = json.loads(printed)
    line = json.loads(log)
    assert rest == []
    assert [one.status_code for one in after] == [401, 401]
    assert again.status_code == 200
    assert (kept["user_id"], kept["sign_ins_ended"]) == (mechanic.user_id, 1)
    assert (line["event"], line["logger"], line["user_id"]) == (
        "account.password_set",
        "liftbay.security",
        mechanic.user_id,
    )
    assert email not in log
    assert "a new horse" not in printed + log


async def test_support_of_an_outside_supabase_is_made_and_taken_back(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(**OUTSIDE)
    sub = str(uuid.uuid4())
    async with backend_service(settings) as service:
        kim = await service.from_outside(KIM, sub=sub)

        async def roles(caller: Caller) -> Any:
            return (await caller.http.get("/api/me")).json().get("roles")

        _, log = await run(settings, "create-support", KIM, "--name", "Kim Lee", "--sub", sub)
        given = await roles(kim)
        await run(settings, "revoke-support", KIM)
        taken = await roles(kim)
        await run(settings, "grant-support", KIM, "--sub", sub)
        given_again = await roles(kim)
        await run(settings, "disable-account", KIM)
        shut = await kim.http.get("/api/me")

    assert (given, taken, given_again) == (["support"], ["customer"], ["support"])
    assert shut.status_code == 401
    assert (json.loads(log)["event"], json.loads(log)["role"]) == ("account.role_given", "support")


def test_each_command_prints_whose_account_it_was(tmp_path: Path) -> None:
    made = told(tmp_path, "create-mechanic", DANA, "--name", "Dana Roy", STDIN)
    about = {**made, "sign_ins_ended": 0}

    assert told(tmp_path, "set-password", "Dana@Example.test", STDIN) == about
    assert told(tmp_path, "end-sign-ins", made["user_id"]) == about
    assert told(tmp_path, "disable-account", DANA) == about
    assert told(tmp_path, "enable-account", DANA) == about


@pytest.mark.parametrize("words", OF_AN_ACCOUNT, ids=lambda words: words[0])
def test_an_account_that_is_not_there_is_said_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    told(tmp_path, "create-support", KIM, "--name", "Kim", STDIN)
    command, *more = words

    line = refused(tmp_path, command, "nobody@example.test", *more)

    assert line == "there is no account with this e-mail address or id"


@pytest.mark.parametrize("words", OF_AN_ACCOUNT, ids=lambda words: words[0])
def test_where_no_database_is_none_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    command, *more = words

    line = refused(tmp_path, command, DANA, *more)

    assert line == f"the data folder {tmp_path} cannot be used: it holds no database"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["create-support", "create-mechanic"])
def test_an_address_that_is_there_already_is_told_with_what_to_do(
    tmp_path: Path, command: str
) -> None:
    told(tmp_path, "create-mechanic", DANA, "--name", "Dana", STDIN)

    line = refused(tmp_path, command, DANA, "--name", "Dana", STDIN)

    assert line == (
        "there is an account with this e-mail address already: "
        "grant-mechanic or grant-support gives it the role"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create-support", "new@x.test", "--name", "New", "--sub", SUB, STDIN), "--sub is of no"),
        (("create-mechanic", "new@x.test", "--name", "New", "--sub", SUB, STDIN), "--sub is of no"),
        (("grant-support", DANA, "--sub", SUB, STDIN), "--sub is of no use for dana@example.test"),
        (("set-outside-id", DANA, SUB), "sign-in is this service's own here"),
        (("grant-support", DANA, STDIN), "a mechanic cannot be support as well: use create"),
        (("grant-mechanic", DANA, "--name", "Dana", STDIN), "is a mechanic's already: set-passw"),
        (("grant-mechanic", DANA, "--name", " ", STDIN), "the name has 1 to 120 printable"),
        (("revoke-support", DANA), "this account is not support"),
        (("enable-account", DANA), "this account is not disabled"),
        (("set-password", DANA), "no terminal to ask for the password on; use --password-stdin"),
    ],
    ids=lambda words: " ".join(words)[:40] if isinstance(words, tuple) else None,
)
def test_a_mistake_where_sign_in_is_our_own(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    told(tmp_path, "create-mechanic", DANA, "--name", "Dana", STDIN)

    assert said in refused(tmp_path, *words)


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("create-support", "new@x.test", "--name", "New"),
            "--sub is missing: sign-in is an outside Supabase's, so make the person an account "
            "there and give its user id",
        ),
        (
            ("create-support", "new@x.test", "--name", "New", "--sub", OTHER_SUB, STDIN),
            "--password-stdin is of no use: support signs in at the outside Supabase alone",
        ),
        (("grant-support", KIM, STDIN), "--password-stdin is of no use"),
        (
            ("create-support", "new@x.test", "--name", "New", "--sub", "new@x.test"),
            "that is no user id of a Supabase: it looks like 3f0c8a52-",
        ),
        (
            ("create-support", "new@x.test", "--name", "New", "--sub", SUB),
            "there is an account of this id already: grant-mechanic or grant-support",
        ),
        (("grant-mechanic", KIM, "--name", "Kim", STDIN), "--sub is missing: anybody may have"),
        (("grant-support", KIM, "--sub", OTHER_SUB), f"this account is that of {SUB}"),
        (("set-outside-id", KIM, "kim"), "that is no user id of a Supabase"),
        (("set-outside-id", KIM, SUB), "this id signs in to this account already"),
        (("set-password", KIM, STDIN), "this person signs in at the outside Supabase alone"),
    ],
    ids=lambda words: " ".join(words)[:40] if isinstance(words, tuple) else None,
)
def test_a_mistake_where_sign_in_is_an_outside_supabases(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    told(tmp_path, "create-support", KIM, "--name", "Kim", "--sub", SUB)

    assert said in refused(tmp_path, *words)


@pytest.mark.parametrize("given", ["short", "long" * 100])
def test_a_password_out_of_bounds_changes_nothing(tmp_path: Path, given: str) -> None:
    told(tmp_path, "create-mechanic", DANA, "--name", "Dana", STDIN)

    assert refused(tmp_path, "set-password", DANA, STDIN, given=given).startswith("the password ")


@pytest.mark.parametrize("command", ["create-support", "grant-support", "set-password"])
def test_no_password_is_taken_from_the_command_line(tmp_path: Path, command: str) -> None:
    """There everybody of the machine could read it."""
    result = typed(tmp_path, command, SAM, "--password", PASSWORD)

    assert result.exit_code == 2
    assert "No such option: --password" in result.stderr


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("9999", NEWER_SCHEMA),
        ("0015", "the database's schema is old; run: liftbay-backend migrate"),
    ],
)
async def test_a_database_of_another_version_is_told_from_a_broken_one(
    make_settings: Callable[..., Settings], revision: str, said: str
) -> None:
    """Only another's: an embedded database that is old is brought up to date by the command."""
    settings = make_settings()
    if settings.is_sqlite:
        revision, said = "9999", NEWER_SCHEMA
    database = Database(settings.sqlalchemy_url)
    try:
        async with database.writing() as db:
            newest = (await db.execute(text("SELECT version_num FROM alembic_version"))).scalar()
            await db.execute(_SET_REVISION, {"revision": revision})
        with pytest.raises(AssertionError) as failed:
            await run(settings, "end-sign-ins", DANA)
        async with database.writing() as db:
            await db.execute(_SET_REVISION, {"revision": newest})
    finally:
        await database.close()

    assert str(failed.value).startswith(f"liftbay-backend: {said}\n")
