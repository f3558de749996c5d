"""Values that can be watched, and a scope that ends many watches at once.

Pure Python, for one thread: the one that owns Qt and asyncio. A media thread must first hand its
value over to that thread.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

from client_api.listeners import Listeners, Unsubscribe

T = TypeVar("T")


class Observable(Generic[T]):
    """One value and those who want to know when it changes.

    Always true: subscribers hear the current value at once and then each *different* value, in
    the order of the `set` calls, even when a subscriber sets the value again while it is told.
    One that raises while it is told is logged: the value has changed, and the others show it.
    """

    def __init__(self, value: T) -> None:
        self._value = value
        self._subscribers = Listeners[T]("a shown value")
        self._news: list[T] = []
        self._is_telling = False

    @property
    def value(self) -> T:
        """The newest value."""
        return self._value

    def subscribe(self, subscriber: Callable[[T], None]) -> Unsubscribe:
        """Call ``subscriber`` now and at every change; the result ends that, more than once safely.

        Nobody hears anything after unsubscribing, not even news that is already on its way.
        """
        unsubscribe = self._subscribers.add(subscriber)
        subscriber(self._value)
        return unsubscribe

    def set(self, value: T) -> None:
        """Publish ``value``. Setting an equal value tells nobody."""
        if value == self._value:
            return
        self._value = value
        self._news.append(value)
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while self._news:
                self._subscribers.tell(self._news.pop(0))
        finally:
            self._news.clear()
            self._is_telling = False


class Scope:
    """Ends every subscription and clean-up given to it, newest first, exactly once."""

    def __init__(self) -> None:
        self._endings: list[Callable[[], None]] = []
        self._is_closed = False

    def add(self, ending: Callable[[], None]) -> None:
        """Keep ``ending`` for `close`; in a closed scope it runs at once."""
        if self._is_closed:
            ending()
            return
        self._endings.append(ending)

    def watch(self, observable: Observable[T], subscriber: Callable[[T], None]) -> None:
        """Subscribe until this scope closes."""
        self.add(observable.subscribe(subscriber))

    def close(self) -> None:
        """Run all endings. One that raises keeps none of the others from running."""
        self._is_closed = True
        failures: list[Exception] = []
        while self._endings:
            try:
                self._endings.pop()()
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise ExceptionGroup("endings of a scope failed", failures)

    def __enter__(self) -> Scope:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
