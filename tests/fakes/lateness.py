"""How long a crowded machine kept this process waiting: what a bound of time has to be given on."""

import time

from tests.fakes.thread_beside import ThreadBeside

_TICK_S = 0.02


class Lateness(ThreadBeside):
    """Measures on a thread of its own for as long as the context lasts."""

    def __init__(self) -> None:
        super().__init__("lateness")
        self._late: list[tuple[float, float]] = []

    def between(self, since_s: float, until_s: float) -> float:
        """Return for how long in all this process was not let run, in seconds.

        Args:
            since_s, until_s: by the monotonic clock.
        """
        return sum(late for at, late in tuple(self._late) if since_s <= at <= until_s + _TICK_S)

    def watch(self) -> None:
        """Note each time that came late."""
        before = time.monotonic()
        while not self.over.wait(_TICK_S):
            now = time.monotonic()
            self._late.append((now, max(0.0, now - before - _TICK_S)))
            before = now
