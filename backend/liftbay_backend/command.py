"""What every command stands on: its settings, the database, a password, one line for a mistake.

Whatever loads slowly is imported where it is used, so that help comes at once.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from liftbay_backend.settings import Settings, SettingsError
from liftbay_backend.settings_reading import load_settings

if TYPE_CHECKING:
    from liftbay_backend.db.engine import Database
    from liftbay_backend.work import Works

T = TypeVar("T")

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder for the database, keys and files. [./liftbay-data]"),
]


def settings_of(
    also: Callable[[Settings], Sequence[str]] = lambda _: (), /, **overrides: Any
) -> Settings:
    """Read the settings, or end with what is wrong with them.

    Args:
        also: complaints of its own that a command has, told with the others.
    """
    try:
        return load_settings(also, **overrides)
    except SettingsError as error:
        fail(str(error))


def prepare(settings: Settings, *, make: bool = True) -> None:
    """Look whether the database's place can be used, or end with the reason.

    Args:
        make: make the data folder where there is none; else a missing database is a mistake.
    """
    from liftbay_backend.data_folder import prepare_storage

    try:
        prepare_storage(settings, make=make)
    except SettingsError as error:
        fail(str(error))


def with_database(settings: Settings, work: Callable[["Database"], Awaitable[T]]) -> T:
    """Return what the work does with the database, or end with why it cannot be used."""
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
        fail(str(error))
    except (SQLAlchemyError, OSError) as error:
        # The driver's message may hold the address with its password.
        fail(f"the database cannot be used: {storage_reason(error)}")


async def works_of(database: "Database") -> "Works":
    """Return the units of work of a command, dated by the database's time."""
    from liftbay_backend.clock import SystemClock
    from liftbay_backend.timekeeping import set_by_database
    from liftbay_backend.wakeup import Wakeup
    from liftbay_backend.work import Works

    clock = SystemClock()
    await set_by_database(clock, database)
    return Works(database, clock, Wakeup())


def ask_password(*, from_stdin: bool) -> str:
    """Return a password from the first line of standard input, or from a person who types it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail("no terminal to ask for the password on; use --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def fail(message: str) -> NoReturn:
    """End with one line on standard error and status 1."""
    typer.echo(f"liftbay-backend: {one_line(message)}", err=True)
    raise typer.Exit(1)
