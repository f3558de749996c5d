"""The queue on disk: nothing is lost, nothing is doubled, and it has an end."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from client_api import durable_queue
from client_api.durable_queue import DurableQueue, Intent, IntentKind, IntentQueue, QueueFull
from client_api.wire import AccountId, IdempotencyKey, SessionId
from tests.fakes.intent_queue import FakeIntentQueue

SESSION = SessionId("s-1")
SAM = AccountId("customer-sam")
DANA = AccountId("mechanic-dana")
NOON = datetime(2026, 11, 22, 12, 0, 0, 123_457, tzinfo=UTC)


def intent(
    key: str,
    kind: IntentKind = IntentKind.MESSAGE,
    body: bytes = b"{}",
    *,
    account: AccountId = SAM,
    kept_at: datetime = NOON,
) -> Intent:
    return Intent(account, kind, SESSION, IdempotencyKey(key), kept_at, body)


async def keys(queue: IntentQueue, account: AccountId = SAM) -> list[str]:
    return [str(waiting.key) for waiting in await queue.pending(account)]


def file_modes(folder: Path) -> dict[Path, int]:
    return {file: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.fixture(params=["durable", "fake"])
async def queue(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[IntentQueue, None]:
    """The real one and the fake keep to the same rules."""
    made: IntentQueue = FakeIntentQueue()
    if request.param == "durable":
        made = DurableQueue(tmp_path / "queue.sqlite")
    yield made
    await made.close()


async def test_what_is_put_waits_in_order_with_ends_first(queue: IntentQueue) -> None:
    for key, kind in (
        ("q", IntentKind.QUALITY),
        ("n", IntentKind.NOTES),
        ("m1", IntentKind.MESSAGE),
        ("m2", IntentKind.MESSAGE),
        ("e", IntentKind.END),
    ):
        await queue.put(intent(key, kind))

    assert await keys(queue) == ["e", "m1", "m2", "n", "q"]


async def test_the_same_key_is_kept_once(queue: IntentQueue) -> None:
    await queue.put(intent("a", body=b"first"))
    await queue.put(intent("a", body=b"second"))

    assert [waiting.body for waiting in await queue.pending(SAM)] == [b"first"]


async def test_removing_says_whether_it_was_there(queue: IntentQueue) -> None:
    await queue.put(intent("a"))

    assert await queue.remove(IdempotencyKey("a"))
    assert not await queue.remove(IdempotencyKey("a"))
    assert await keys(queue) == []


async def test_nobody_sees_what_another_account_left(queue: IntentQueue) -> None:
    await queue.put(intent("hers", account=DANA))
    await queue.put(intent("his"))

    assert await keys(queue, SAM) == ["his"]
    assert await keys(queue, DANA) == ["hers"]


async def test_only_old_intents_of_others_are_forgotten(queue: IntentQueue) -> None:
    old = NOON - timedelta(days=31)
    for key, account, kept_at in (
        ("mine, old", SAM, old),
        ("hers, old", DANA, old),
        ("hers, new", DANA, NOON),
    ):
        await queue.put(intent(key, account=account, kept_at=kept_at))

    forgotten = await queue.forget_others(SAM, before=NOON)

    assert forgotten == 1
    assert await keys(queue, SAM) == ["mine, old"]
    assert await keys(queue, DANA) == ["hers, new"]


async def test_a_file_of_before_the_first_release_is_laid_out_anew(tmp_path: Path) -> None:
    """Its rows do not say whose they are."""
    path = tmp_path / "queue.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE intents (number INTEGER PRIMARY KEY, key TEXT, body BLOB)")
        db.execute("INSERT INTO intents (key, body) VALUES ('a', 'words')")
    db.close()

    queue = DurableQueue(path)
    await queue.put(intent("b"))

    assert await keys(queue) == ["b"]
    await queue.close()


async def test_a_file_that_is_no_queue_is_told_and_not_kept_open(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    path.write_bytes(b"this is no queue" * 300)
    queue = DurableQueue(path)

    for _ in range(3):
        with pytest.raises(sqlite3.DatabaseError):
            await queue.pending(SAM)

    held = [one.path for one in psutil.Process().open_files()]
    assert str(path) not in held
    await queue.close()


async def test_a_new_start_finds_what_the_last_run_left(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "queue.sqlite"
    first = DurableQueue(path)
    await first.put(intent("a", IntentKind.END, b'{"reason": "window_closed"}'))
    await first.close()

    second = DurableQueue(path)
    left = await second.pending(SAM)
    await second.close()

    assert left == (intent("a", IntentKind.END, b'{"reason": "window_closed"}'),)


async def test_a_killed_run_loses_nothing_that_was_put(tmp_path: Path) -> None:
    """The file is read by another connection while the first never closed."""
    path = tmp_path / "queue.sqlite"
    killed = DurableQueue(path)
    await killed.put(intent("a"))

    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT key FROM intents").fetchall()
    db.close()
    await killed.close()

    assert rows == [("a",)]


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    queue = DurableQueue(path)
    await queue.put(intent("a"))

    modes = file_modes(tmp_path)
    await queue.close()

    assert set(modes.values()) == {0o600}
    assert path in modes


async def test_a_full_queue_refuses_chat_but_never_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable_queue, "MAX_INTENTS", 2)
    queue = DurableQueue(tmp_path / "queue.sqlite")
    await queue.put(intent("a"))
    await queue.put(intent("b"))

    with pytest.raises(QueueFull):
        await queue.put(intent("c"))
    await queue.put(intent("d", IntentKind.END))

    assert await keys(queue) == ["d", "a", "b"]
    await queue.close()


async def test_what_one_account_left_takes_no_room_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable_queue, "MAX_INTENTS", 1)
    monkeypatch.setattr(durable_queue, "MAX_QUALITY", 1)
    queue = DurableQueue(tmp_path / "queue.sqlite")
    await queue.put(intent("hers", IntentKind.QUALITY, account=DANA))

    await queue.put(intent("his", IntentKind.QUALITY))

    assert await keys(queue, DANA) == ["hers"]
    assert await keys(queue, SAM) == ["his"]
    await queue.close()


async def test_old_quality_makes_room_for_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable_queue, "MAX_QUALITY", 3)
    queue = DurableQueue(tmp_path / "queue.sqlite")

    for number in range(5):
        await queue.put(intent(str(number), IntentKind.QUALITY))

    assert await keys(queue) == ["2", "3", "4"]
    await queue.close()


async def test_many_at_once_all_arrive(tmp_path: Path) -> None:
    queue = DurableQueue(tmp_path / "queue.sqlite")

    await asyncio.gather(*(queue.put(intent(str(number))) for number in range(20)))

    assert len(await queue.pending(SAM)) == 20
    await queue.close()


def test_private_words_are_not_printed() -> None:
    assert "squeal" not in repr(intent("a", body=b"Can you hear the squeal?"))


async def test_a_queue_that_was_never_used_leaves_no_file(tmp_path: Path) -> None:
    await DurableQueue(tmp_path / "queue.sqlite").close()

    assert file_modes(tmp_path) == {}
