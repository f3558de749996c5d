"""Those who want to hear of something, each of them kept from spoiling it for the rest."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")

Unsubscribe = Callable[[], None]


class Listeners(Generic[T]):
    """Tells everybody who listens, in the order they came. For one thread.

    A listener that raises is logged: what it was told has happened all the same, and whoever
    tells has a call to lead or words to deliver.
    """

    def __init__(self, subject: str) -> None:
        """Begin with nobody; ``subject`` says in the log what they listen to."""
        self._subject = subject
        self._listeners: dict[object, Callable[[T], None]] = {}

    def add(self, listener: Callable[[T], None]) -> Unsubscribe:
        """Tell ``listener`` from now on; the result ends that, more than once safely."""
        token = object()
        self._listeners[token] = listener
        return lambda: self._forget(token)

    def tell(self, news: T) -> None:
        """Tell everybody. Who stops listening meanwhile hears nothing more."""
        for token, listener in tuple(self._listeners.items()):
            if token not in self._listeners:
                continue
            try:
                listener(news)
            except Exception:
                _log.exception("a listener of %s failed", self._subject)

    def _forget(self, token: object) -> None:
        self._listeners.pop(token, None)
