"""The engine's tables on a SQLite that does not know fractions of a second."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from liftbay_backend.db.old_sqlite import SubsecondClock, _teach

OLD = (3, 40, 1)


@pytest.fixture
def clock() -> Iterator[SubsecondClock]:
    clock = SubsecondClock(OLD)
    yield clock
    clock.close()


@pytest.fixture
def engine(clock: SubsecondClock) -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def test_a_default_of_the_engine_s_tables_is_the_time_in_milliseconds(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE t (id TEXT, at BIGINT NOT NULL DEFAULT (unixepoch('subsec') * 1000))"
            )
        )
        before_ms = time.time() * 1000
        connection.execute(text("INSERT INTO t (id) VALUES ('a')"))

        at_ms = connection.execute(text("SELECT at FROM t")).scalar_one()

    assert before_ms - 2 <= at_ms <= time.time() * 1000 + 2


def test_it_answers_for_no_other_time(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT unixepoch('2026-11-23')"))


def test_once_closed_it_leaves_connections_alone(clock: SubsecondClock) -> None:
    assert event.contains(Engine, "connect", _teach)

    clock.close()
    clock.close()

    assert not event.contains(Engine, "connect", _teach)


def test_a_newer_sqlite_is_left_as_it_is() -> None:
    newer = SubsecondClock((3, 42, 0))

    assert not event.contains(Engine, "connect", _teach)
    newer.close()
