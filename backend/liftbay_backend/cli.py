"""The `liftbay-backend` command. Mistakes end with one clear line and a non-zero status."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from liftbay_backend.settings import VERSION, Settings, SettingsError
from liftbay_backend.settings_reading import load_settings

if TYPE_CHECKING:
    from liftbay_backend.db.engine import Database

T = TypeVar("T")

cli = typer.Typer(
    name="liftbay-backend",
    help=(
        "The Liftbay service: paid video consultations between car mechanics and "
        "their customers.\n\n"
        "Start it with serve. Everything it keeps lies in one folder (--data-dir); a PostgreSQL "
        "database is used when DATABASE_URL names one. serve needs LIVEKIT_URL, LIVEKIT_API_KEY "
        "and LIVEKIT_API_SECRET in the environment: they name the media server."
    ),
    no_args_is_help=True,
    # Plain text: paragraphs are wrapped as they should be, and an error is a line, not a box.
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder for the database, keys and files. [./liftbay-data]"),
]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, first line."),
]


def main() -> None:
    """Run the command; what it does not understand is one line and status 2."""
    try:
        status = cli(prog_name="liftbay-backend", standalone_mode=False)
    except typer.TyperException as error:
        # A command that is missing altogether: its message is the help itself.
        is_help = len(sys.argv) == 1
        message = error.format_message()
        typer.echo(message if is_help else f"liftbay-backend: {_one_line(message)}", err=True)
        sys.exit(error.exit_code)
    except typer.Abort:
        typer.echo("liftbay-backend: stopped", err=True)
        sys.exit(1)
    sys.exit(status)


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(VERSION)
        raise typer.Exit


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes a free one. [8700]")
    ] = None,
    data_dir: DataDir = None,
    allow_synthetic: Annotated[
        bool,
        typer.Option(
            "--allow-synthetic",
            help="Let sessions be joined with test pictures and tones. For demos and tests only; "
            "/api/health shows it.",
        ),
    ] = False,
) -> None:
    """Run the service until it is stopped.

    Ctrl-C or SIGTERM stops it. The embedded database is created and brought up to date by itself.
    When the service is ready it prints one line with its address.
    """
    from liftbay_backend.serving import CannotListen, serve_until_stopped
    from liftbay_backend.start_check import service_complaints

    settings = _settings(
        service_complaints,
        host=host,
        port=port,
        data_dir=data_dir,
        allow_synthetic=allow_synthetic or None,
    )

    try:
        serve_until_stopped(settings)
    except SettingsError as error:
        _fail(str(error))
    except CannotListen as error:
        _fail(f"cannot listen on {settings.host}:{settings.port}: {error}")


@cli.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema.

    Its status triggers are put in place again as well. serve does this by itself for the embedded
    database; a PostgreSQL needs it once, and after each new version of the service.
    """
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.db.migrate import migrate as run

    async def work(database: Database) -> None:
        await run(database)

    _with_database(settings, work)
    typer.echo("The database is up to date.")


@cli.command("create-mechanic")
def create_mechanic(
    email: Annotated[str, typer.Argument(help="The address the mechanic signs in with.")],
    name: Annotated[str, typer.Option(help="The name customers see.")],
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Create a mechanic's account and print its ids as JSON.

    The password is asked for twice, or read from standard input with --password-stdin.
    """
    _create(email, name, password_stdin, data_dir, mechanic=True)


@cli.command("create-support")
def create_support(
    email: Annotated[str, typer.Argument(help="The address the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Create a support account and print its id as JSON.

    The password is asked for twice, or read from standard input with --password-stdin.
    """
    _create(email, name, password_stdin, data_dir, mechanic=False)


@cli.command("set-payout-account")
def set_payout_account(
    email: Annotated[str, typer.Argument(help="The address the mechanic signs in with.")],
    account: Annotated[str, typer.Argument(help="The connected account at Stripe, acct_….")],
    data_dir: DataDir = None,
) -> None:
    """Say where a mechanic's money goes.

    It needs the mechanic's account at the payment provider and prints the mechanic's id as JSON.
    What is owed to them and waited for this is paid out within seconds by the running service.
    """
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings, make=False)
    from liftbay_backend.clock import SystemClock
    from liftbay_backend.db.engine import Database
    from liftbay_backend.services import payout_accounts
    from liftbay_backend.timekeeping import set_by_database
    from liftbay_backend.wakeup import Wakeup
    from liftbay_backend.work import Works

    async def work(database: Database) -> dict[str, str]:
        clock = SystemClock()
        await set_by_database(clock, database)
        works = Works(database, clock, Wakeup())
        found = await payout_accounts.set_payout_account(works, email, account)
        return {"mechanic_id": found, "payout_account": account}

    try:
        typer.echo(json.dumps(_with_database(settings, work)))
    except payout_accounts.PayoutAccountRefused as refused:
        _fail(str(refused))


@cli.command("session")
def show_session(
    session_id: Annotated[str, typer.Argument(help="The session's id.")],
    data_dir: DataDir = None,
) -> None:
    """Print what the database holds of one session.

    It is JSON: status, payouts, CRM records and upsells.
    """
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings, make=False)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.services.session_report import session_report

    async def work(database: Database) -> dict[str, Any] | None:
        return await session_report(database, session_id.lower())

    report = _with_database(settings, work)
    if report is None:
        _fail(f"there is no session {session_id}")
    typer.echo(json.dumps(report, indent=2))


@cli.command("crm-resend")
def crm_resend(
    session_id: Annotated[str, typer.Argument(help="The session's id.")],
    data_dir: DataDir = None,
) -> None:
    """Send a session's CRM record again.

    It must have been given up, or had no CRM to go to. The running service takes it up within
    seconds, with the same id as before, so that a receiver that has it keeps it once.
    """
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings, make=False)
    from liftbay_backend.clock import SystemClock
    from liftbay_backend.db.engine import Database
    from liftbay_backend.domain.ids import SessionId
    from liftbay_backend.services.crm_records import send_again
    from liftbay_backend.timekeeping import set_by_database
    from liftbay_backend.wakeup import Wakeup
    from liftbay_backend.work import Works

    async def work(database: Database) -> bool:
        clock = SystemClock()
        await set_by_database(clock, database)
        return await send_again(Works(database, clock, Wakeup()), SessionId(session_id.lower()))

    if not _with_database(settings, work):
        _fail("nothing to send again: no record, or it is under way or delivered")
    typer.echo("The record will be sent again.")


@cli.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="The file to write; it must not be there yet.")],
    data_dir: DataDir = None,
) -> None:
    """Write a backup of the embedded database and its files.

    The service may run meanwhile. For a PostgreSQL use pg_dump. What was kept is printed as JSON.
    """
    settings = _settings(data_dir=data_dir)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.taking import NOT_SQLITE, take_backup

    if not settings.is_sqlite:
        _fail(NOT_SQLITE)
    _prepare_storage(settings, make=False)
    try:
        taken = take_backup(settings, to)
    except BackupRefused as refused:
        _fail(str(refused))
    typer.echo(json.dumps({"file": str(to), **asdict(taken)}))
    _warn_of_lost(taken.lost_files)


@cli.command()
def restore(
    source: Annotated[Path, typer.Option("--from", help="The file that backup has written.")],
    data_dir: DataDir = None,
) -> None:
    """Put a backup back into an empty data folder.

    Everybody signs in again afterwards. What is there now is printed as JSON.
    """
    settings = _settings(data_dir=data_dir)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.restoring import restore_backup

    try:
        back = restore_backup(settings, source)
    except (BackupRefused, SettingsError) as refused:
        _fail(str(refused))
    typer.echo(json.dumps({**asdict(back.about), **asdict(back.found)}))


@cli.command("after-restore")
def finish_restore(data_dir: DataDir = None) -> None:
    """Finish what pg_restore or a snapshot put back.

    Run it once, before the service starts; restore does it by itself. It brings the database to
    the newest schema, ends every sign-in, moves the numbers of events on, and looks whether every
    file is in its store. What is there now is printed as JSON.
    """
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings, make=False)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.standing import Standing, after_restore
    from liftbay_backend.db.engine import Database

    async def work(database: Database) -> Standing:
        return await after_restore(settings, database)

    try:
        now = _with_database(settings, work)
    except BackupRefused as refused:
        _fail(str(refused))
    typer.echo(json.dumps({**asdict(now.found), "lost_files": now.lost_files}))
    _warn_of_lost(now.lost_files)


def _warn_of_lost(files: Sequence[str]) -> None:
    if files:
        typer.echo(f"liftbay-backend: {len(files)} files have lost bytes in their store", err=True)


def _create(
    email: str, name: str, password_stdin: bool, data_dir: Path | None, *, mechanic: bool
) -> None:
    # A sign-up without a name is called by its address; a name that was typed is not replaced.
    if not name.strip():
        _fail(_WORDS["name_invalid"])
    settings = _settings(data_dir=data_dir)
    _prepare_storage(settings)
    password = _password(password_stdin)
    from liftbay_backend.auth.passwords import Passwords
    from liftbay_backend.clock import SystemClock
    from liftbay_backend.db.engine import Database
    from liftbay_backend.db.migrate import migrate as run
    from liftbay_backend.services.accounts import AccountRefused, create_account
    from liftbay_backend.timekeeping import set_by_database
    from liftbay_backend.wakeup import Wakeup
    from liftbay_backend.work import Works

    async def work(database: Database) -> dict[str, str]:
        if database.is_sqlite:
            await run(database)
        clock = SystemClock()
        await set_by_database(clock, database)
        account = await create_account(
            Works(database, clock, Wakeup()),
            Passwords(),
            email=email,
            password=password,
            name=name,
            mechanic=mechanic,
            support=not mechanic,
        )
        ids = {"user_id": account.user.id, "email": account.user.email}
        if account.mechanic_id is not None:
            ids["mechanic_id"] = account.mechanic_id
        return ids

    try:
        typer.echo(json.dumps(_with_database(settings, work)))
    except AccountRefused as refused:
        _fail(_WORDS.get(refused.fault.value, refused.fault.value))


_WORDS = {
    "email_invalid": "that is not an e-mail address",
    "email_taken": "there is an account with this e-mail address already",
    "too_short": "the password needs at least 8 characters",
    "too_long": "the password has at most 256 characters",
    "name_invalid": "the name has 1 to 120 printable characters",
}


def _with_database(settings: Settings, work: Callable[["Database"], Awaitable[T]]) -> T:
    from sqlalchemy.exc import SQLAlchemyError

    from liftbay_backend.db.engine import Database
    from liftbay_backend.db.storage_faults import storage_reason

    async def run() -> T:
        database = Database(settings.sqlalchemy_url)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except SettingsError as error:
        _fail(str(error))
    except (SQLAlchemyError, OSError) as error:
        # The driver's message may hold the address with its password.
        _fail(f"the database cannot be used: {storage_reason(error)}")


def _prepare_storage(settings: Settings, *, make: bool = True) -> None:
    from liftbay_backend.data_folder import prepare_storage

    try:
        prepare_storage(settings, make=make)
    except SettingsError as error:
        _fail(str(error))


def _settings(
    also: Callable[[Settings], Sequence[str]] = lambda _: (), /, **overrides: Any
) -> Settings:
    try:
        return load_settings(also, **overrides)
    except SettingsError as error:
        _fail(str(error))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        _fail("no terminal to ask for the password on; use --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fail(message: str) -> NoReturn:
    typer.echo(f"liftbay-backend: {_one_line(message)}", err=True)
    raise typer.Exit(1)
