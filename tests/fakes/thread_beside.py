"""A thread that watches beside a test for as long as a context lasts."""

import threading
from types import TracebackType
from typing import Self


class ThreadBeside:
    """What watches writes `watch`, and ends it once ``over`` is set."""

    def __init__(self, name: str) -> None:
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.watch, name=name)

    def watch(self) -> None:
        """Watch until ``over`` is set."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._thread.join()
