"""Who listens is told, in order, and keeps nothing from the others."""

import pytest

from client_api.listeners import Listeners, Unsubscribe
from tests.conftest import ExpectedLogs


def test_everybody_is_told_in_the_order_they_came() -> None:
    heard: list[tuple[str, int]] = []
    news = Listeners[int]("numbers")
    news.add(lambda number: heard.append(("first", number)))
    news.add(lambda number: heard.append(("second", number)))

    news.tell(1)

    assert heard == [("first", 1), ("second", 1)]


def test_one_that_fails_keeps_nothing_from_the_others(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("a listener of numbers failed")
    heard: list[int] = []
    news = Listeners[int]("numbers")
    news.add(lambda number: heard.append(1 // number))
    news.add(heard.append)

    news.tell(0)

    assert heard == [0]


def test_who_stopped_hears_nothing_more_and_may_stop_twice() -> None:
    heard: list[int] = []
    news = Listeners[int]("numbers")
    stop = news.add(heard.append)
    news.tell(1)

    stop()
    stop()
    news.tell(2)

    assert heard == [1]


def test_who_is_stopped_by_another_meanwhile_is_not_told() -> None:
    heard: list[int] = []
    news = Listeners[int]("numbers")
    stops: list[Unsubscribe] = []
    news.add(lambda _: stops[0]())
    stops.append(news.add(heard.append))

    news.tell(1)

    assert heard == []


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_listener_may_listen_more_than_once(times: int) -> None:
    heard: list[int] = []
    news = Listeners[int]("numbers")
    for _ in range(times):
        news.add(heard.append)

    news.tell(7)

    assert heard == [7] * times
