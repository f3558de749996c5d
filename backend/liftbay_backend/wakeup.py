"""The signal between a commit and the streams that wait for it, inside this process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


def account_topic(audience: str) -> str:
    """Name what the streams of one audience wait for: an account's own, or all mechanics'."""
    return f"account:{audience}"


def session_topic(session_id: str) -> str:
    """Name what a session's stream waits for."""
    return f"session:{session_id}"


class Wakeup:
    """Wakes waiters by topic. It carries no data: whoever wakes reads the table."""

    def __init__(self) -> None:
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def waiter(self, *topics: str) -> Iterator[asyncio.Event]:
        """Register for topics; clear the event before reading, so that no wake is lost."""
        event = asyncio.Event()
        for topic in topics:
            self._waiters[topic].add(event)
        try:
            yield event
        finally:
            for topic in topics:
                self._waiters[topic].discard(event)
                if not self._waiters[topic]:
                    del self._waiters[topic]

    def wake(self, topics: Iterable[str]) -> None:
        """Set the event of every waiter of these topics."""
        for topic in topics:
            for event in tuple(self._waiters.get(topic, ())):
                event.set()

    def wake_all(self) -> None:
        """Wake everybody, e.g. when the service stops."""
        self.wake(tuple(self._waiters))
