"""The `liftbay-backend` command. Mistakes end with one clear line and a non-zero status."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from liftbay_backend.cli_accounts import accounts
from liftbay_backend.command import (
    DataDir,
    fail,
    one_line,
    prepare,
    settings_of,
    with_database,
    works_of,
)
from liftbay_backend.settings import VERSION, SettingsError

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
# Without a name of its own: its commands stand among the others.
cli.add_typer(accounts)


def main() -> None:
    """Run the command; what it does not understand is one line and status 2."""
    try:
        status = cli(prog_name="liftbay-backend", standalone_mode=False)
    except typer.TyperException as error:
        # A command that is missing altogether: its message is the help itself.
        is_help = len(sys.argv) == 1
        message = error.format_message()
        typer.echo(message if is_help else f"liftbay-backend: {one_line(message)}", err=True)
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

    settings = settings_of(
        service_complaints,
        host=host,
        port=port,
        data_dir=data_dir,
        allow_synthetic=allow_synthetic or None,
    )

    try:
        serve_until_stopped(settings)
    except SettingsError as error:
        fail(str(error))
    except CannotListen as error:
        fail(f"cannot listen on {settings.host}:{settings.port}: {error}")


@cli.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema.

    Its status triggers are put in place again as well. serve does this by itself for the embedded
    database; a PostgreSQL needs it once, and after each new version of the service.
    """
    settings = settings_of(data_dir=data_dir)
    prepare(settings)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.db.migrate import migrate as run

    async def work(database: Database) -> None:
        await run(database)

    with_database(settings, work)
    typer.echo("The database is up to date.")


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
    settings = settings_of(data_dir=data_dir)
    prepare(settings, make=False)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.services import payout_accounts

    async def work(database: Database) -> dict[str, str]:
        works = await works_of(database)
        found = await payout_accounts.set_payout_account(works, email, account)
        return {"mechanic_id": found, "payout_account": account}

    try:
        typer.echo(json.dumps(with_database(settings, work)))
    except payout_accounts.PayoutAccountRefused as refused:
        fail(str(refused))


@cli.command("session")
def show_session(
    session_id: Annotated[str, typer.Argument(help="The session's id.")],
    data_dir: DataDir = None,
) -> None:
    """Print what the database holds of one session.

    It is JSON: status, payouts, CRM records and upsells.
    """
    settings = settings_of(data_dir=data_dir)
    prepare(settings, make=False)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.services.session_report import session_report

    async def work(database: Database) -> dict[str, Any] | None:
        return await session_report(database, session_id.lower())

    report = with_database(settings, work)
    if report is None:
        fail(f"there is no session {session_id}")
    typer.echo(json.dumps(report, indent=2))


@cli.command("crm-resend")
def crm_resend(
    session_id: Annotated[str, typer.Argument(help="The session's id.")],
    data_dir: DataDir = None,
) -> None:
    """Send a session's CRM record again.

    It must have been given up, had no CRM to go to, or be true no longer. The running service
    takes it up within seconds: with the same id as before, so that a receiver that has it keeps it
    once, or as a correction. What an archived session had to tell is erased.
    """
    settings = settings_of(data_dir=data_dir)
    prepare(settings, make=False)
    from liftbay_backend.db.engine import Database
    from liftbay_backend.domain.ids import SessionId
    from liftbay_backend.services.crm_records import Resend, send_again

    async def work(database: Database) -> Resend:
        return await send_again(await works_of(database), SessionId(session_id.lower()))

    outcome = with_database(settings, work)
    if not outcome.begins:
        fail(f"nothing is sent: {outcome.value}")
    typer.echo(f"Done: {outcome.value}.")


@cli.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="The file to write; it must not be there yet.")],
    data_dir: DataDir = None,
) -> None:
    """Write a backup of the embedded database and its files.

    The service may run meanwhile. For a PostgreSQL use pg_dump. What was kept is printed as JSON.
    """
    settings = settings_of(data_dir=data_dir)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.taking import NOT_SQLITE, take_backup

    if not settings.is_sqlite:
        fail(NOT_SQLITE)
    prepare(settings, make=False)
    try:
        taken = take_backup(settings, to)
    except BackupRefused as refused:
        fail(str(refused))
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
    settings = settings_of(data_dir=data_dir)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.restoring import restore_backup

    try:
        back = restore_backup(settings, source)
    except (BackupRefused, SettingsError) as refused:
        fail(str(refused))
    typer.echo(json.dumps({**asdict(back.about), **asdict(back.found)}))


@cli.command("after-restore")
def finish_restore(data_dir: DataDir = None) -> None:
    """Finish what pg_restore or a snapshot put back.

    Run it once, before the service starts; restore does it by itself. It brings the database to
    the newest schema, ends every sign-in, moves the numbers of events on, and looks whether every
    file is in its store. What is there now is printed as JSON.
    """
    settings = settings_of(data_dir=data_dir)
    prepare(settings, make=False)
    from liftbay_backend.backup.archive import BackupRefused
    from liftbay_backend.backup.standing import Standing, after_restore
    from liftbay_backend.db.engine import Database

    async def work(database: Database) -> Standing:
        return await after_restore(settings, database)

    try:
        now = with_database(settings, work)
    except BackupRefused as refused:
        fail(str(refused))
    typer.echo(json.dumps({**asdict(now.found), "lost_files": now.lost_files}))
    _warn_of_lost(now.lost_files)


def _warn_of_lost(files: Sequence[str]) -> None:
    if files:
        typer.echo(f"liftbay-backend: {len(files)} files have lost bytes in their store", err=True)
