"""The service as a process of its own with accounts in it, for measuring it from outside.

Unless told of another, its media server is an address at which nobody answers: streams, chat and
health need none.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher

from liftbay_backend.app import create_app
from liftbay_backend.auth.passwords import Passwords
from liftbay_backend.core import Core
from liftbay_backend.db.migrate import migrate
from liftbay_backend.services.accounts import NewAccount, create_account
from liftbay_backend.services.mechanic_sign_in import mechanic_login
from liftbay_backend.services.sign_in import begin_sign_in
from liftbay_backend.settings import Settings
from tests.fakes.postgres import PostgresServer, find_postgres

PASSWORD: Final = "correct horse battery"  # noqa: S105  # of accounts that live for one measurement
STOP_SECONDS: Final = 20
NO_MEDIA_SERVER: Final = "ws://127.0.0.1:9"
MEDIA_KEY: Final = "benchmark"
MEDIA_SECRET: Final = "a-secret-of-thirty-two-characters-and-more"  # noqa: S105  # of this machine


@dataclass(frozen=True, slots=True)
class Mechanic:
    """A mechanic who is signed in; the address signs in again with `PASSWORD`."""

    id: str
    email: str
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """Who can call the service: an access token for each customer, in the order of their ids."""

    tokens: tuple[str, ...] = field(repr=False)
    customer_ids: tuple[str, ...]
    mechanics: tuple[Mechanic, ...]

    @property
    def mechanic_email(self) -> str:
        """The first mechanic's address."""
        return self.mechanics[0].email


@dataclass(frozen=True, slots=True)
class RunningService:
    """The process and the people in its database.

    Attributes:
        database_url: of the PostgreSQL server, which is a process of its own; None with SQLite.
    """

    base: str
    pid: int
    people: People
    database_url: str | None = None


@asynccontextmanager
async def running_service(
    customers: int,
    *,
    postgres: bool,
    mechanics: int = 1,
    media_server: str = NO_MEDIA_SERVER,
) -> AsyncIterator[RunningService]:
    """Run the service over a fresh database with so many people.

    Raises:
        RuntimeError: PostgreSQL is wanted and not installed, or the service did not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liftbay-bench-")))
        url = stack.enter_context(_postgres()) if postgres else None
        people = await _people(folder, url, customers, mechanics)
        process = stack.enter_context(_process(folder, url, media_server))
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError("the service did not start")
        yield RunningService(line.split()[1], process.pid, people, url)


@contextmanager
def _postgres() -> Iterator[str]:
    programs = find_postgres()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    server = PostgresServer(programs, durable=True)
    server.start()
    try:
        yield server.url("postgres")
    finally:
        server.stop()


@contextmanager
def _process(folder: Path, url: str | None, media_server: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "LIVEKIT_URL": media_server,
        "LIVEKIT_API_KEY": MEDIA_KEY,
        "LIVEKIT_API_SECRET": MEDIA_SECRET,
        "LIFTBAY_LOG_LEVEL": "INFO",
    }
    if url is not None:
        environment["DATABASE_URL"] = url
    start = "from liftbay_backend.cli import main; main()"
    with (folder / "service.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", start, "serve", "--port", "0", "--data-dir", str(folder)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


async def _people(folder: Path, url: str | None, customers: int, mechanics: int) -> People:
    """Make the accounts from inside: over HTTP, the password hashes would take minutes."""
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    app = create_app(Settings(data_dir=folder, database_url=url), passwords=quick)  # type: ignore[arg-type]  # pydantic makes a secret of it
    core: Core = app.state.core
    try:
        await migrate(core.database)
        signed_in = [await _customer(core, number) for number in range(customers)]
        hands = [await _mechanic(core, number) for number in range(mechanics)]
    finally:
        await core.database.close()
    ids, tokens = [one for one, _ in signed_in], [token for _, token in signed_in]
    return People(tuple(tokens), tuple(ids), tuple(hands))


async def _customer(core: Core, number: int) -> tuple[str, str]:
    account = await _account(core, f"customer-{number}", mechanic=False)
    return account.user.id, (await begin_sign_in(core, account.user)).access_token


async def _mechanic(core: Core, number: int) -> Mechanic:
    account = await _account(core, f"mechanic-{number}", mechanic=True)
    signed_in = await mechanic_login(core, account.user.email, PASSWORD)
    return Mechanic(signed_in.mechanic.mechanic_id, account.user.email, signed_in.cookie)


async def _account(core: Core, name: str, *, mechanic: bool) -> NewAccount:
    return await create_account(
        core.works,
        core.passwords,
        email=f"{name}@example.test",
        password=PASSWORD,
        name=name,
        mechanic=mechanic,
        support=False,
    )


def write_result(path: Path, result: object) -> None:
    """Keep a result beside the others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
