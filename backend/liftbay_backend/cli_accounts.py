"""The commands about people: accounts, roles, passwords, the end of sign-ins.

A role is given together with a new password, or, where sign-in is an outside Supabase's, with the
person's id there (docs/decisions/0060).
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from liftbay_backend.command import (
    DataDir,
    ask_password,
    fail,
    prepare,
    settings_of,
    with_database,
    works_of,
)
from liftbay_backend.settings import Settings, SettingsError

if TYPE_CHECKING:
    from liftbay_backend.db.engine import Database
    from liftbay_backend.services.account_keeping import AccountKeeping, Kept

T = TypeVar("T")

accounts = typer.Typer(rich_markup_mode=None)

Email = Annotated[str, typer.Argument(help="The address the person signs in with.")]
Account = Annotated[
    str, typer.Argument(help="The account's address, or its user id as the log has it.")
]
MechanicsName = Annotated[str, typer.Option(help="The name customers see.")]
PasswordStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, first line."),
]
Sub = Annotated[
    str | None,
    typer.Option(
        "--sub", help="The person's user id at the outside Supabase, where sign-in is its."
    ),
]
_WORDS = {
    "email_invalid": "that is not an e-mail address",
    "email_taken": "there is an account with this e-mail address already: "
    "grant-mechanic or grant-support gives it the role",
    "too_short": "the password needs at least 8 characters",
    "too_long": "the password has at most 256 characters",
    "name_invalid": "the name has 1 to 120 printable characters",
    "outside_id_invalid": "that is no user id of a Supabase: it looks like "
    "3f0c8a52-6d1e-4b7a-9c55-0d2f6a7b8c9e",
    "outside_id_taken": "there is an account of this id already: "
    "grant-mechanic or grant-support gives it the role",
}


@accounts.command("create-mechanic")
def create_mechanic(
    email: Email,
    name: MechanicsName,
    sub: Sub = None,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Create a mechanic's account and print its ids as JSON.

    The password is asked for twice, or read from standard input with --password-stdin. With an
    outside Supabase the same person can be a customer as well if --sub names them.
    """
    settings = _checked(email, name, sub, data_dir)
    prepare(settings)
    _create(settings, email, name, ask_password(from_stdin=password_stdin), sub, mechanic=True)


@accounts.command("create-support")
def create_support(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    sub: Sub = None,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Create a support account and print its id as JSON.

    The password is asked for twice, or read from standard input with --password-stdin. With an
    outside Supabase there is none: --sub names the person, who signs in there.
    """
    settings = _checked(email, name, sub, data_dir)
    if not settings.embedded_auth and sub is None:
        fail(
            "--sub is missing: sign-in is an outside Supabase's, so make the person an account "
            "there and give its user id"
        )
    _refuse_password(settings, password_stdin)
    prepare(settings)
    password = ask_password(from_stdin=password_stdin) if settings.embedded_auth else None
    _create(settings, email, name, password, sub, mechanic=False)


@accounts.command("grant-mechanic")
def grant_mechanic(
    account: Account,
    name: MechanicsName,
    sub: Sub = None,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Make a customer's account a mechanic's as well.

    It gets a new password, asked for twice or read from standard input with --password-stdin, and
    every sign-in ends. With an outside Supabase --sub says who is meant.
    """
    settings = _checked(account, name, sub, data_dir)
    prepare(settings, make=False)
    password = ask_password(from_stdin=password_stdin)

    async def act(keeping: "AccountKeeping") -> "Kept":
        hashed = await _hash(password)
        return await keeping.give_mechanic(account, name=name, password_hash=hashed, outside_id=sub)

    _keep(settings, act)


@accounts.command("grant-support")
def grant_support(
    account: Account,
    sub: Sub = None,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Make a customer's account support instead.

    It gets a new password, asked for twice or read from standard input with --password-stdin, and
    every sign-in ends. With an outside Supabase there is none: --sub says who is meant.
    """
    settings = _checked(account, None, sub, data_dir)
    _refuse_password(settings, password_stdin)
    prepare(settings, make=False)
    password = ask_password(from_stdin=password_stdin) if settings.embedded_auth else None

    async def act(keeping: "AccountKeeping") -> "Kept":
        hashed = None if password is None else await _hash(password)
        return await keeping.give_support(account, password_hash=hashed, outside_id=sub)

    _keep(settings, act)


@accounts.command("revoke-support")
def revoke_support(account: Account, data_dir: DataDir = None) -> None:
    """Make support a customer again.

    It holds from the next request on.
    """

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.take_support(account)

    _keep(_found(data_dir), act)


@accounts.command("set-outside-id")
def set_outside_id(
    account: Account,
    sub: Annotated[str, typer.Argument(help="The person's user id at the outside Supabase.")],
    data_dir: DataDir = None,
) -> None:
    """Say who of an outside Supabase signs in to an account.

    Nobody else does from then on, and every sign-in until now ends. A mechanic can be a customer
    as well by it.
    """
    settings = _found(data_dir)
    if settings.embedded_auth:
        fail("sign-in is this service's own here, and not an outside Supabase's")

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.set_outside_id(account, sub)

    _keep(settings, act)


@accounts.command("set-password")
def set_password(
    account: Account, password_stdin: PasswordStdin = False, data_dir: DataDir = None
) -> None:
    """Give an account a new password; every sign-in ends.

    It is asked for twice, or read from standard input with --password-stdin.
    """
    settings = _found(data_dir)
    password = ask_password(from_stdin=password_stdin)

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.set_password(account, await _hash(password))

    _keep(settings, act)


@accounts.command("end-sign-ins")
def end_sign_ins(account: Account, data_dir: DataDir = None) -> None:
    """End every sign-in of an account.

    Cookies, tokens and streams end; its owner may sign in again. With an outside Supabase sign
    the person out there first: only tokens that it has issued until now count for nothing here.
    """

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.end_sign_ins(account)

    _keep(_found(data_dir), act)


@accounts.command("disable-account")
def disable_account(account: Account, data_dir: DataDir = None) -> None:
    """Let nobody sign in to an account.

    Every sign-in ends, and no new one begins until enable-account.
    """

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.disable(account)

    _keep(_found(data_dir), act)


@accounts.command("enable-account")
def enable_account(account: Account, data_dir: DataDir = None) -> None:
    """Open a disabled account again.

    Its owner signs in anew.
    """

    async def act(keeping: "AccountKeeping") -> "Kept":
        return await keeping.enable(account)

    _keep(_found(data_dir), act)


def _found(data_dir: Path | None) -> Settings:
    """Return the settings of a database that is there."""
    settings = settings_of(data_dir=data_dir)
    prepare(settings, make=False)
    return settings


def _checked(account: str, name: str | None, sub: str | None, data_dir: Path | None) -> Settings:
    """Return the settings, once what was typed can be meant; nothing was made yet."""
    # A sign-up without a name is called by its address; a name that was typed is not replaced.
    if name is not None and not name.strip():
        fail(_WORDS["name_invalid"])
    settings = settings_of(data_dir=data_dir)
    if sub is not None and settings.embedded_auth:
        fail(f"--sub is of no use for {account}: sign-in is this service's own here")
    return settings


def _refuse_password(settings: Settings, password_stdin: bool) -> None:
    if password_stdin and not settings.embedded_auth:
        fail("--password-stdin is of no use: support signs in at the outside Supabase alone")


async def _hash(password: str) -> str:
    from liftbay_backend.auth.passwords import Passwords
    from liftbay_backend.services.accounts import new_hash

    return await new_hash(Passwords(), password)


def _create(
    settings: Settings,
    email: str,
    name: str,
    password: str | None,
    sub: str | None,
    *,
    mechanic: bool,
) -> None:
    from liftbay_backend.auth.passwords import Passwords
    from liftbay_backend.services.accounts import create_account

    async def work(database: "Database") -> dict[str, str]:
        await _make_ready(database)
        account = await create_account(
            await works_of(database),
            Passwords(),
            email=email,
            password=password,
            name=name,
            mechanic=mechanic,
            support=not mechanic,
            outside_id=sub,
        )
        ids = {"user_id": account.user.id, "email": account.user.email}
        if account.mechanic_id is not None:
            ids["mechanic_id"] = account.mechanic_id
        return ids

    typer.echo(json.dumps(_done(settings, work)))


def _keep(settings: Settings, act: Callable[["AccountKeeping"], Awaitable["Kept"]]) -> None:
    from liftbay_backend.services.account_keeping import AccountKeeping

    async def work(database: "Database") -> dict[str, str | int]:
        await _make_ready(database)
        kept = await act(AccountKeeping(await works_of(database), settings))
        told = {"user_id": kept.user_id, "email": kept.email}
        if kept.mechanic_id is not None:
            told["mechanic_id"] = kept.mechanic_id
        return {**told, "sign_ins_ended": kept.sign_ins_ended}

    typer.echo(json.dumps(_done(settings, work)))


def _done(settings: Settings, work: Callable[["Database"], Awaitable[T]]) -> T:
    from liftbay_backend.logs import security_log
    from liftbay_backend.services.account_keeping import KeepingRefused
    from liftbay_backend.services.accounts import AccountRefused

    try:
        with security_log():
            return with_database(settings, work)
    except AccountRefused as refused:
        fail(_WORDS[refused.fault.value])
    except KeepingRefused as refused:
        fail(str(refused))


async def _make_ready(database: "Database") -> None:
    """Bring an embedded database up to date; an operator's own is only looked at."""
    from liftbay_backend.db.migrate import NEWER_SCHEMA, is_current, is_newer, migrate

    if database.is_sqlite:
        await migrate(database)
        return
    async with database.reader.connect() as connection:
        if await connection.run_sync(is_newer):
            raise SettingsError(NEWER_SCHEMA)
        if not await connection.run_sync(is_current):
            raise SettingsError("the database's schema is old; run: liftbay-backend migrate")
