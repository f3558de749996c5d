"""Observables tell every change once and in order; scopes end what was begun."""

from __future__ import annotations

import pytest

from desktop.viewmodels.observable import Observable, Scope
from tests.conftest import ExpectedLogs


def test_a_subscriber_hears_the_value_now_and_each_change() -> None:
    observable = Observable(1)
    heard: list[int] = []

    observable.subscribe(heard.append)
    observable.set(2)
    observable.set(2)
    observable.set(3)

    assert heard == [1, 2, 3]
    assert observable.value == 3


def test_nobody_hears_anything_after_unsubscribing() -> None:
    observable = Observable(1)
    heard: list[int] = []
    unsubscribe = observable.subscribe(heard.append)

    unsubscribe()
    unsubscribe()
    observable.set(2)

    assert heard == [1]


def test_a_value_set_while_telling_comes_after_the_one_being_told() -> None:
    observable = Observable(0)
    first: list[int] = []
    second: list[int] = []

    def raise_to_three(value: int) -> None:
        first.append(value)
        if 0 < value < 3:
            observable.set(value + 1)

    observable.subscribe(raise_to_three)
    observable.subscribe(second.append)
    observable.set(1)

    assert first == second == [0, 1, 2, 3]


def test_whoever_is_unsubscribed_while_others_are_told_hears_nothing_more() -> None:
    observable = Observable(0)
    heard: list[int] = []
    scope = Scope()
    observable.subscribe(lambda value: scope.close() if value else None)
    scope.watch(observable, heard.append)

    observable.set(1)

    assert heard == [0]


def test_a_subscriber_that_fails_keeps_no_news_from_the_others(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("a listener of a shown value failed")
    observable = Observable(0)
    heard: list[int] = []

    def fail_at_one(value: int) -> None:
        if value == 1:
            observable.set(2)
            raise ZeroDivisionError

    observable.subscribe(fail_at_one)
    observable.subscribe(heard.append)
    observable.set(1)
    observable.set(3)

    assert heard == [0, 1, 2, 3]


def test_a_scope_ends_everything_once_and_newest_first() -> None:
    ended: list[str] = []

    with Scope() as scope:
        scope.add(lambda: ended.append("first"))
        scope.add(lambda: ended.append("second"))
    scope.close()

    assert ended == ["second", "first"]


def test_a_closed_scope_ends_latecomers_at_once() -> None:
    scope = Scope()
    scope.close()
    observable = Observable(1)
    heard: list[int] = []

    scope.watch(observable, heard.append)
    observable.set(2)

    assert heard == [1]


def test_an_ending_that_fails_keeps_none_of_the_others() -> None:
    ended: list[str] = []
    scope = Scope()

    def fail() -> None:
        raise ZeroDivisionError

    scope.add(lambda: ended.append("first"))
    scope.add(fail)

    with pytest.raises(ExceptionGroup):
        scope.close()

    assert ended == ["first"]
