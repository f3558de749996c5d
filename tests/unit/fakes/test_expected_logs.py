"""What a test announces it must also cause."""

import logging

from tests.conftest import ExpectedLogs


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("liftbay", logging.WARNING, __file__, 1, message, None, None)


def test_only_what_was_announced_is_covered() -> None:
    logs = ExpectedLogs()
    logs.allow("queue is full")

    assert logs.covers(record("the call's queue is full; dropped 3"))
    assert not logs.covers(record("a task failed"))


def test_what_was_announced_and_never_came_is_told() -> None:
    logs = ExpectedLogs()
    logs.allow("came")
    logs.allow("stayed away")
    logs.allow("another program's", may_stay_away=True)

    logs.covers(record("it came"))

    assert logs.never_came() == ["stayed away"]
