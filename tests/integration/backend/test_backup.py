"""Backups of the embedded service by its own commands: taken in mid-traffic, put back whole."""

import asyncio
import hashlib
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from liftbay_backend.cli import cli
from liftbay_backend.db.models import SessionRow
from liftbay_backend.repositories.restored import SESSION_STEP
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import INTAKE, PASSWORD, BackendService, backend_service
from tests.fakes.backups import Backups, drop_database
from tests.fakes.service_process import ServiceProcess, new_customer_with_session
from tests.fakes.uploads import Sender, picture
from tests.integration.backend.test_settlement_crashes import assert_settled_once, prepared, run

pytestmark = pytest.mark.timeout(400)


def command(*arguments: str) -> dict[str, Any]:
    """Run a command that succeeds; returns what it prints."""
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def keep(data_dir: Path, file: Path) -> dict[str, Any]:
    return command("backup", "--to", str(file), "--data-dir", str(data_dir))


def put_back(file: Path, data_dir: Path) -> dict[str, Any]:
    return command("restore", "--from", str(file), "--data-dir", str(data_dir))


@pytest.mark.slow
@pytest.mark.parametrize("death", ["+2", "+3"])
def test_a_settlement_goes_on_exactly_once_from_wherever_it_was(tmp_path: Path, death: str) -> None:
    """The built-in provider keeps its book in the database, so both go back together."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    session_id = prepared(here)
    run(here, "settle", death)

    kept = keep(here, tmp_path / "kept")
    finished_here = run(here, "settle")
    told = put_back(tmp_path / "kept", there)
    finished_there = run(there, "settle")

    assert (kept["sessions"], told["open_settlements"], told["unbalanced_postings"]) == (1, 1, 0)
    assert (finished_here.returncode, finished_there.returncode) == (0, 0), finished_there.stderr
    assert_settled_once(here, session_id)
    assert_settled_once(there, session_id)


async def test_a_backup_in_mid_traffic_is_put_back_and_serves(tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "kept"
    with ServiceProcess(here) as service:
        headers, path = await new_customer_with_session(service.url)
        signed_in = await sign_in(service.url)
        refresh_token = signed_in["refresh_token"]
        over = threading.Event()
        traffic = asyncio.create_task(asyncio.to_thread(write, service.url, headers, over))
        try:
            kept = await asyncio.to_thread(keep, here, file)
        finally:
            over.set()
        slowest_s, writes = await traffic
    told = put_back(file, there)
    with ServiceProcess(there) as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as http:
            ready = await http.get("/api/ready")
            old = await http.get(path, headers=headers)
            renewed = await http.post(
                "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": refresh_token}
            )
            fresh = {"Authorization": f"Bearer {(await sign_in(service.url))['access_token']}"}
            seen = await http.get(path, headers=fresh)

    assert writes > 0
    # By far: a quiet machine's slowest is some 20 ms.
    assert slowest_s < 5.0
    assert kept["sessions"] >= 1
    assert told["sign_ins_ended"] >= 2
    assert ready.status_code == 200
    assert (old.status_code, renewed.status_code) == (401, 400)
    assert seen.json()["concern"] == INTAKE["concern"]
    assert not (tmp_path / "there" / ".restoring").exists()
    assert file.stat().st_mode & 0o777 == 0o600


async def sign_in(url: str) -> dict[str, Any]:
    body = {"email": "sam@example.test", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        answer = await http.post("/auth/v1/token?grant_type=password", json=body)
    found: dict[str, Any] = answer.json()
    return found


def write(url: str, headers: dict[str, str], over: threading.Event) -> tuple[float, int]:
    """Submit intakes until it is over; returns the slowest one's seconds, and how many there were.

    At least some, however quick the other side is.
    """
    slowest_s, count = 0.0, 0
    with httpx.Client(base_url=url, headers=headers, timeout=30) as http:
        while count < 3 or not over.is_set():
            began = time.monotonic()
            answer = http.post("/api/intake/start", json=INTAKE)
            slowest_s = max(slowest_s, time.monotonic() - began)
            assert answer.status_code in (201, 409, 429), answer.text
            count += 1
    return slowest_s, count


async def test_files_come_back_with_their_rows(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Bytes, sums and what is half uploaded; and numbers that people's programs have not seen."""
    settings = make_settings()
    backups, whole, half = Backups(tmp_path), picture(5_000_000), picture(3_000_000, seed=2)
    async with backend_service(settings) as service:
        customer = await service.customer()
        mechanic = await service.mechanic()
        session = await service.waiting_session(customer, mechanic)
        sender = Sender(customer.http, f"/api/sessions/{session['id']}")
        place = await sender.send(whole)
        location = await sender.begin(len(half))
        await sender.patch(location, 0, half[:1_000_000])
        await backups.keep(settings)
        before = await events_seen(service, session["id"])
    there = await backups.put_back(settings)
    try:
        async with backend_service(there) as service:
            again = await service.as_customer(customer)
            back = Sender(again.http, sender.session_path)
            found = await again.http.get(place)
            offset = await back.offset(location)
            rest = await back.patch(location, offset, half[offset:])
            said = {"client_id": str(uuid.uuid4()), "text": "Still there?"}
            answer = await again.http.post(f"{sender.session_path}/messages", json=said)
            after = await events_seen(service, session["id"])
    finally:
        if not there.is_sqlite:
            drop_database(there.sqlalchemy_url.replace("postgresql+psycopg", "postgresql"))

    assert hashlib.sha256(found.content).digest() == hashlib.sha256(whole).digest()
    assert (offset, rest.status_code, answer.status_code) == (1_000_000, 204, 201)
    assert after > before + SESSION_STEP / 2


async def events_seen(service: BackendService, session_id: str) -> int:
    async with service.core.database.reading() as db:
        return (await db.get_one(SessionRow, session_id)).event_seq


def test_writers_go_on_while_a_large_database_is_kept(tmp_path: Path) -> None:
    """Its writers are not held up at all."""
    CliRunner().invoke(cli, ["migrate", "--data-dir", str(tmp_path)])
    path = tmp_path / "liftbay.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, data BLOB)")
        for _ in range(60):
            db.execute("INSERT INTO ballast (data) VALUES (randomblob(1000000))")
        db.commit()
    done, waits = threading.Event(), [0.0]

    def write_on() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as db:
            while not done.is_set():
                began = time.monotonic()
                db.execute("INSERT INTO ballast (data) VALUES (randomblob(100))")
                db.commit()
                waits.append(time.monotonic() - began)
                time.sleep(0.002)

    writer = threading.Thread(target=write_on)
    writer.start()
    before = len(waits)
    kept = keep(tmp_path, tmp_path / "kept")
    during = len(waits) - before
    done.set()
    writer.join()

    assert kept["size_bytes"] > 60_000_000
    assert during > 5
    assert max(waits) < 5.0
