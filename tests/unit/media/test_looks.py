"""A look that fails costs that look, never the ones after it."""

import logging

import pytest

from desktop.media.looks import Looks
from tests.conftest import ExpectedLogs


class Seen:
    """Counts looks, and fails while it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.taken = 0

    async def look(self) -> None:
        self.taken += 1
        if self.fails:
            raise RuntimeError("made up, with eyJhbGciOiJIUzI1NiJ9.e30.s1gn")


async def test_a_look_that_fails_takes_no_other_one_with_it(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("the look at the first failed")
    first, second = Seen(fails=True), Seen()
    looks = Looks({"the first": first.look, "the second": second.look})

    for _ in range(3):
        await looks.take()

    assert (first.taken, second.taken) == (3, 3)


async def test_a_look_that_goes_on_failing_is_told_once_until_it_works_again(
    expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("the look at the only one failed")
    only = Seen(fails=True)
    looks = Looks({"the only one": only.look})
    told: list[int] = []

    for fails in (True, True, True, False, True):
        only.fails = fails
        await looks.take()
        told.append(sum(1 for each in caplog.records if each.levelno == logging.ERROR))

    assert told == [1, 1, 1, 1, 2]


async def test_a_token_in_a_failures_words_is_not_logged(
    expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("the look at the only one failed")

    await Looks({"the only one": Seen(fails=True).look}).take()

    assert "eyJ" not in caplog.text
