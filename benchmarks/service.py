"""The service as a process of its own with accounts in it, for measuring it from outside.

Unless told of another, its media server is an address at which nobody answers: streams, chat and
health need none. Several instances stand behind the balancer of ``deploy/haproxy.cfg``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from argon2 import PasswordHasher

from desktop.app.demo.media_server import free_ports
from liftbay_backend.app import create_app
from liftbay_backend.auth.passwords import Passwords
from liftbay_backend.core import Core
from liftbay_backend.db.migrate import migrate
from liftbay_backend.services.accounts import NewAccount, create_account
from liftbay_backend.services.mechanic_sign_in import mechanic_login
from liftbay_backend.services.sign_in import begin_sign_in
from liftbay_backend.settings import Settings
from tests.cluster.parts import DEPLOY, LOOPBACK, Process, find_haproxy
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
        base: where clients ask: the instance, or the balancer before several.
        instances: where each instance answers by itself.
        pids: the instances' processes, in the order of `instances`.
        balancer_pid: None for one instance.
        database_url: of the PostgreSQL server, which is a process of its own; None with SQLite.
    """

    base: str
    instances: tuple[str, ...]
    pids: tuple[int, ...]
    people: People
    balancer_pid: int | None = None
    database_url: str | None = None

    @property
    def pid(self) -> int:
        """The first instance's process."""
        return self.pids[0]


@asynccontextmanager
async def running_service(
    customers: int,
    *,
    postgres: bool,
    mechanics: int = 1,
    media_server: str = NO_MEDIA_SERVER,
    instances: int = 1,
) -> AsyncIterator[RunningService]:
    """Run the service over a fresh database with so many people.

    Args:
        instances: 1, or 2 on PostgreSQL, as deploy/ has them.

    Raises:
        RuntimeError: PostgreSQL or HAProxy is wanted and not installed, or the service did not
            start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liftbay-bench-")))
        url = stack.enter_context(_postgres()) if postgres else None
        people = await _people(folder, url, customers, mechanics)
        running = [
            stack.enter_context(_process(folder, number, url, media_server))
            for number in range(instances)
        ]
        addresses = tuple(_ready(one) for one in running)
        pids = tuple(one.pid for one in running)
        base, balancer_pid = addresses[0], None
        if instances > 1:
            base, balancer_pid = stack.enter_context(_balancer(folder, addresses))
        yield RunningService(base, addresses, pids, people, balancer_pid, url)


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith("ready "):
        raise RuntimeError("the service did not start")
    return line.split()[1]


@contextmanager
def _balancer(folder: Path, addresses: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The shipped balancer; yields its address and its process id."""
    program = find_haproxy()
    if program is None:
        raise RuntimeError("HAProxy is not installed")
    inner, media = free_ports(2)
    one, two = (address.removeprefix("http://") for address in addresses)
    balancer = Process(
        [program, "-db", "-f", str(DEPLOY / "haproxy.cfg")],
        folder / "balancer.log",
        {
            **{"SERVICE_BIND": f"{LOOPBACK}:{inner}", "MEDIA_BIND": f"{LOOPBACK}:{media}"},
            **{"SERVICE_ONE": one, "SERVICE_TWO": two},
            # Nobody asks for media here.
            **{"MEDIA_ONE": f"{LOOPBACK}:9", "MEDIA_TWO": f"{LOOPBACK}:9"},
        },
    )
    balancer.start()
    try:
        base = f"http://{LOOPBACK}:{inner}"
        _wait_until_ready(base)
        yield base, balancer.pid
    finally:
        balancer.end()


def _wait_until_ready(base: str) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{base}/api/ready").is_success:
                return
        time.sleep(0.05)
    raise RuntimeError("the balancer did not answer")


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
def _process(
    folder: Path, number: int, url: str | None, media_server: str
) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "LIVEKIT_URL": media_server,
        "LIVEKIT_API_KEY": MEDIA_KEY,
        "LIVEKIT_API_SECRET": MEDIA_SECRET,
        "LIFTBAY_LOG_LEVEL": "INFO",
    }
    if url is not None:
        environment["DATABASE_URL"] = url
    start = "from liftbay_backend.cli import main; main()"
    with (folder / f"service-{number}.log").open("w") as log:
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
