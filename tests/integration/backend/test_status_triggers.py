"""The database itself keeps the status machines, whoever writes to it."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.db.triggers import RULES, StatusRule, TriggerMismatch, verify_triggers
from liftbay_backend.domain import request_fsm, session_fsm
from liftbay_backend.domain.session_fsm import SessionStatus
from tests.integration.backend.conftest import ENGINES

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_INSTANT = DateTime(timezone=True)
"""Told to SQLAlchemy: from 3.12 on Python warns of sqlite3's own way with times."""


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def test_the_embedded_engine_is_always_among_those_tested() -> None:
    assert "sqlite" in ENGINES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.table)
async def test_raw_sql_moves_a_status_exactly_along_the_table(
    database: Database, rule: StatusRule
) -> None:
    words = sorted(rule.transitions)
    refused: set[tuple[str, str]] = set()

    async with database.writer.connect() as db:
        for current, requested in itertools.product(words, words):
            await _force(db, rule, current)
            try:
                async with db.begin_nested():
                    await db.execute(
                        text(f"UPDATE {rule.table} SET status = :to WHERE id = :id"),
                        {"to": requested, "id": _row_id(rule)},
                    )
            except IntegrityError:
                refused.add((current, requested))
            await db.rollback()

    wanted = {
        (current, requested)
        for current, requested in itertools.product(words, words)
        if current != requested and requested not in rule.transitions[current]
    }
    assert refused == wanted
    assert len(words) ** 2 in (144, 16)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.table)
async def test_a_row_can_only_be_inserted_as_pending(database: Database, rule: StatusRule) -> None:
    accepted = []

    async with database.writer.connect() as db:
        for word in sorted(rule.transitions):
            try:
                await _insert(db, rule, word)
                accepted.append(word)
            except IntegrityError:
                pass
            await db.rollback()

    assert accepted == ["pending"]


async def test_a_status_that_nobody_knows_is_refused(database: Database) -> None:
    rule = RULES[0]
    async with database.writer.connect() as db:
        await _insert(db, rule, "pending")

        with pytest.raises(IntegrityError, match="illegal status"):
            await db.execute(text("UPDATE sessions SET status = 'paid_twice'"))
        await db.rollback()


KEYS = [(rule, key) for rule in RULES for key in rule.keys]


@pytest.mark.parametrize(("rule", "key"), KEYS, ids=[f"{one.table}-{key}" for one, key in KEYS])
async def test_no_insert_puts_a_living_row_back_to_its_beginning(
    database: Database, rule: StatusRule, key: str
) -> None:
    """SQLite's REPLACE takes a living row away; PostgreSQL's ON CONFLICT DO UPDATE changes it."""
    living = "completed" if rule.table == "sessions" else "accepted"
    verb, rest = "INSERT OR REPLACE", ""
    if not database.is_sqlite:
        verb = "INSERT"
        rest = f" ON CONFLICT ({key}) DO UPDATE SET id = EXCLUDED.id, status = EXCLUDED.status"
    row_id = _row_id(rule) if key == "id" else "new"
    async with database.writer.connect() as db:
        await _force(db, rule, living)

        with pytest.raises(IntegrityError, match="illegal status"):
            await _insert(db, rule, "pending", verb=verb, row_id=row_id, rest=rest)
        await db.rollback()


async def test_no_update_puts_one_request_in_the_place_of_another(database: Database) -> None:
    """With OR REPLACE the accepted one would be gone, and its session's request pending."""
    verb = "UPDATE OR REPLACE" if database.is_sqlite else "UPDATE"
    async with database.writer.connect() as db:
        await _force(db, RULES[1], "accepted")
        await _insert(db, RULES[0], "pending", row_id="s2")
        await _insert(db, RULES[1], "pending", row_id="r2", session_id="s2")

        with pytest.raises(IntegrityError):
            await db.execute(text(f"{verb} requests SET session_id = 's' WHERE id = 'r2'"))
        await db.rollback()


async def test_a_lost_trigger_is_noticed_and_put_back_by_the_next_migration(
    database: Database,
) -> None:
    name = "sessions_status_update" if database.is_sqlite else "sessions_status ON sessions"

    await _is_noticed_and_put_back(database, [f"DROP TRIGGER {name}"])


async def test_a_trigger_that_fires_at_something_else_is_noticed(database: Database) -> None:
    """Each leaves PostgreSQL's function, and so the body of the rule, as it was."""
    drop, create = "DROP TRIGGER sessions_status ON sessions", "CREATE TRIGGER sessions_status"
    tail = "FOR EACH ROW EXECUTE FUNCTION sessions_status()"
    changes = [
        [drop, f"{create} BEFORE INSERT ON sessions {tail}"],
        [drop, f"{create} BEFORE UPDATE OF plan ON sessions {tail}"],
        [drop, f"{create} AFTER INSERT OR UPDATE ON sessions {tail}"],
        [
            drop,
            f"{create} BEFORE INSERT OR UPDATE ON sessions FOR EACH ROW "
            "WHEN (NEW.status = 'pending') EXECUTE FUNCTION sessions_status()",
        ],
        ["ALTER TABLE sessions DISABLE TRIGGER sessions_status"],
        ["ALTER TABLE sessions ENABLE REPLICA TRIGGER sessions_status"],
        [drop, f"{create} BEFORE INSERT OR UPDATE ON requests {tail}"],
    ]
    if database.is_sqlite:
        async with database.writer.connect() as db:
            query = "SELECT sql FROM sqlite_master WHERE name = 'sessions_status_update'"
            present = str((await db.execute(text(query))).scalar_one())
        changes = [
            ["DROP TRIGGER sessions_status_update", present.replace("BEFORE UPDATE", timing)]
            for timing in ("AFTER UPDATE", "BEFORE UPDATE OF plan")
        ]

    for change in changes:
        await _is_noticed_and_put_back(database, change)


async def _is_noticed_and_put_back(database: Database, statements: list[str]) -> None:
    async with database.writer.connect() as db:
        for statement in statements:
            await db.execute(text(statement))
        await db.commit()
        with pytest.raises(TriggerMismatch):
            await db.run_sync(verify_triggers)
        await db.rollback()

    await migrate(database)

    async with database.writer.connect() as db:
        await db.run_sync(verify_triggers)


async def test_migrating_a_filled_database_again_keeps_rows_and_rules(database: Database) -> None:
    async with database.writer.connect() as db:
        await _force(db, RULES[0], "live")
        await db.commit()

    await migrate(database)

    async with database.writer.connect() as db:
        assert (await db.execute(text("SELECT status FROM sessions"))).scalars().all() == ["live"]
        with pytest.raises(IntegrityError, match="illegal status"):
            await db.execute(text("UPDATE sessions SET status = 'pending'"))
        await db.rollback()


def test_the_rules_are_those_of_the_pure_machines() -> None:
    sessions, requests = RULES

    assert {(a, b) for a, following in sessions.transitions.items() for b in following} == {
        (a.value, b.value) for a, following in session_fsm.TRANSITIONS.items() for b in following
    }
    assert {(a, b) for a, following in requests.transitions.items() for b in following} == {
        (a.value, b.value) for a, following in request_fsm.TRANSITIONS.items() for b in following
    }
    assert sessions.initial == SessionStatus.PENDING.value


def _row_id(rule: StatusRule) -> str:
    return "r" if rule.table == "requests" else "s"


def _path(rule: StatusRule, goal: str) -> list[str]:
    """Return the shortest legal way from the initial status."""
    ways = {rule.initial: [rule.initial]}
    queue = [rule.initial]
    while queue:
        here = queue.pop(0)
        for following in rule.transitions[here]:
            if following not in ways:
                ways[following] = [*ways[here], following]
                queue.append(following)
    return ways[goal]


async def _force(db: AsyncConnection, rule: StatusRule, status: str) -> None:
    """Bring the one row to a status, along the machine."""
    await _insert(db, rule, rule.initial)
    for step in _path(rule, status)[1:]:
        await db.execute(
            text(f"UPDATE {rule.table} SET status = :to WHERE id = :id"),
            {"to": step, "id": _row_id(rule)},
        )


async def _insert(
    db: AsyncConnection,
    rule: StatusRule,
    status: str,
    *,
    verb: str = "INSERT",
    row_id: str | None = None,
    session_id: str = "s",
    rest: str = "",
) -> None:
    row_id = row_id or _row_id(rule)
    now = NOW.replace(tzinfo=None) if db.dialect.name == "sqlite" else NOW
    known = (await db.execute(text("SELECT count(*) FROM users"))).scalar_one()
    if not known:
        await db.execute(
            text(
                "INSERT INTO users (id, email, name, is_support, created_at) "
                "VALUES ('u', 'u@example.test', 'U', false, :now)"
            ).bindparams(bindparam("now", type_=_INSTANT)),
            {"now": now},
        )
    if rule.table == "requests":
        if not (await db.execute(text("SELECT count(*) FROM sessions"))).scalar_one():
            await _insert_session(db, "s", "pending", now)
        await db.execute(
            text(
                f"{verb} INTO requests (id, session_id, status, opened_at, expires_at) "
                f"VALUES (:id, :session_id, :status, :now, :now){rest}"
            ).bindparams(bindparam("now", type_=_INSTANT)),
            {"id": row_id, "session_id": session_id, "status": status, "now": now},
        )
        return
    await _insert_session(db, row_id, status, now, verb, rest)


async def _insert_session(
    db: AsyncConnection,
    row_id: str,
    status: str,
    now: datetime,
    verb: str = "INSERT",
    rest: str = "",
) -> None:
    values = {
        "id": row_id,
        "customer_id": "u",
        "type": "video",
        "status": status,
        "plan": "diagnostic",
        "price_cents": 4999,
        "extensions_cents": 0,
        "currency": "usd",
        "payment_status": "paid",
        "vehicle": "{}",
        "concern": "c",
        "urgency": "soon",
        "created_at": now,
        "clock_state": "not_started",
        "clock_revision": 1,
        "total_seconds": 3600,
        "paused_seconds": 0.0,
        "absence_used_seconds": 0.0,
        "event_seq": 0,
    }
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    insert = text(f"{verb} INTO sessions ({columns}) VALUES ({places}){rest}")
    await db.execute(insert.bindparams(bindparam("created_at", type_=_INSTANT)), values)
