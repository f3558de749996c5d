"""History is searched in every language, with the same answers on both databases."""

import asyncio
from importlib.resources import as_file, files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from liftbay_backend.db.migrate import migrate
from liftbay_backend.db.models import SessionRow
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.services.archiving import archive_old_sessions
from liftbay_backend.services.search_texts import fill_search_texts
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import INTAKE, BackendService, Caller
from tests.integration.backend.test_settling_steps import everything

VEHICLE = {**INTAKE["vehicle"], "make": "Citroën", "model": "Škoda-Straße", "plate": "ÖÄ-77"}


async def found(caller: Caller, words: str) -> int:
    answer = await caller.http.get("/api/sessions", params={"q": words})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["sessions"])


async def test_case_and_accents_hide_nothing(service: BackendService) -> None:
    customer = await service.customer("Zoë Müller-Łuk")
    mechanic = await service.mechanic("Дана Рой")
    await service.waiting_session(
        customer, mechanic, vehicle=VEHICLE, concern="Скрип тормозов, ÉCHAPPEMENT"
    )
    meant = ["CITROËN", "citroen", "STRASSE", "škoda", "öä-77", "скрип", "СКРИП", "échappement"]
    meant += ["zoë", "ZOE müller", "дана", "ДАНА citroën 2016", "e\u0301chappement"]

    counted = {words: await found(customer, words) for words in meant}
    others = {
        words: await found(customer, words) for words in ("renault", "make", "null", "скрипка")
    }

    assert counted == dict.fromkeys(meant, 1)
    # The names of a vehicle's fields are nobody's words.
    assert others == dict.fromkeys(others, 0)


async def test_what_was_erased_is_not_found_any_more(service: BackendService) -> None:
    bench = await call_bench(service, vehicle=VEHICLE, concern="Éclair")
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(_settling(service), bench.session_id)
    before = [await found(bench.customer, words) for words in ("eclair", "öä-77", "citroen")]
    service.clock.advance(minutes=366 * 24 * 60)

    await archive_old_sessions(bench.live)

    async with service.core.database.reading() as db:
        row = await db.get_one(SessionRow, bench.session_id)
    assert before == [1, 1, 1]
    assert row.status.value == "archived"
    assert "eclair" not in row.search_text
    assert "77" not in row.search_text
    assert "citroen" in row.search_text


async def test_a_history_of_before_is_found_after_the_migration(service: BackendService) -> None:
    """Rows of before have no texts, nor have those that an older instance writes after it."""
    database = service.core.database
    bench = await call_bench(service, vehicle=VEHICLE, concern="Éclair")
    async with database.writer.connect() as connection:
        await connection.run_sync(_back_to_0008)
        await connection.run_sync(_fill)
        await connection.commit()
    await migrate(database)
    before = [await found(bench.customer, words) for words in ("eclair", "dana")]

    async with service.app.router.lifespan_context(service.app), asyncio.timeout(20):
        while not await found(bench.customer, "eclair"):
            await asyncio.sleep(0.05)
    while filled := await fill_search_texts(service.core):
        pass

    async with database.reader.connect() as connection:
        rows = await connection.execute(text("SELECT name, search_name FROM users"))
        names = {row.name: row.search_name for row in rows}
    assert before == [0, 0]
    assert [await found(bench.customer, words) for words in ("eclair", "dana", "öä-77")] == [1] * 3
    # More than one batch of them; one has no letter that stands by itself.
    assert len(names) == 1203 + 2
    assert filled == 0
    assert names["Zoë 0700"] == "zoe 0700"
    assert names["\u0301"] == " "


async def test_what_an_older_instance_archives_is_not_found_by_what_it_erased(
    service: BackendService,
) -> None:
    """In a roll-over it goes on with the newer schema, and knows nothing of texts."""
    bench = await call_bench(service, vehicle=VEHICLE, concern="Éclair")
    other = await service.pending_session(bench.customer, vehicle=VEHICLE, concern="Éclair")
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    async with service.core.works.begin() as work:
        row = await work.session(bench.session_id)
        row.status, row.concern = SessionStatus.ARCHIVED, ""
        row.vehicle = {**row.vehicle, "vin": None, "plate": None}
    words = ("eclair", "öä-77", "citroen")
    left = [await found(bench.mechanic, one) for one in words]

    filled = [await fill_search_texts(service.core) for _ in range(2)]

    assert left == [1, 1, 1]
    assert [await found(bench.mechanic, one) for one in words] == [0, 0, 1]
    assert filled == [1, 0]
    # The customer has another one with the same words, which nobody archived.
    assert other["status"] == "pending"
    assert [await found(bench.customer, one) for one in words] == [1, 1, 2]


async def test_what_was_archived_with_its_text_is_not_looked_at_again(
    service: BackendService,
) -> None:
    bench = await call_bench(service, vehicle=VEHICLE, concern="Éclair")
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await everything(_settling(service), bench.session_id)
    service.clock.advance(minutes=366 * 24 * 60)
    await archive_old_sessions(bench.live)

    assert await fill_search_texts(service.core) == 0
    async with service.core.database.reading() as db:
        row = await db.get_one(SessionRow, bench.session_id)
    assert "citroen" in row.search_text


def _settling(service: BackendService) -> Any:
    from liftbay_backend.durable.settling import Settling
    from liftbay_backend.durable.transfers import BookTransfers

    return Settling(service.core, BookTransfers(service.core.database, service.core.clock))


def _back_to_0008(connection: Connection) -> None:
    with as_file(files("liftbay_backend.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")


def _fill(connection: Connection) -> None:
    insert = text(
        "INSERT INTO users (id, email, name, is_support, created_at)"
        " VALUES (:id, :email, :name, :is_support, :at)"
    )
    for number in range(1203):
        connection.execute(
            insert,
            {
                "id": f"user-{number:04}",
                "email": f"{number}@x.test",
                "name": f"Zoë {number:04}" if number else "\u0301",
                "is_support": False,
                "at": "2026-11-22 12:00:00+00:00",
            },
        )
