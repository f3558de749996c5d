"""One caller at a time, until one takes too long.

For what libraries let us do once per process only. A driver that hangs keeps its turn for ever:
the next one overtakes it, and so does nobody who came later wait for that driver again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _nothing() -> None:
    """There is nothing to set up or to leave behind."""


class Turn:
    """A lock whose holder has ``patience_s`` before others go on without it."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._holder: object | None = None
        self._until_s = 0.0
        self._leave: Callable[[], None] = _nothing

    @contextmanager
    def taken(
        self, enter: Callable[[], None] = _nothing, leave: Callable[[], None] = _nothing
    ) -> Iterator[None]:
        """Wait for the turn, or take it from who has had it for too long.

        Args:
            enter: sets up what only one may have; quick, and not run beside another's.
            leave: undoes that, once: at the end of this turn, or as another one overtakes it.
        """
        token = object()
        with self._changed:
            self._wait()
            if self._holder is not None:
                self._leave()
            self._holder, self._leave = token, leave
            self._until_s = time.monotonic() + self._patience_s
            enter()
        try:
            yield
        finally:
            with self._changed:
                if self._holder is token:
                    self._holder = None
                    leave()
                    self._changed.notify_all()

    def _wait(self) -> None:
        while self._holder is not None:
            left_s = self._until_s - time.monotonic()
            if left_s <= 0:
                return
            self._changed.wait(left_s)
