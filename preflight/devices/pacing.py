"""Keeps a made source (clip, pattern, tone) to real time without drift."""

import threading
import time

GIVE_UP_PERIODS = 5
"""A camera's frames are not made up for: more than this many late, we start again from now."""


class Pacer:
    """Waits for the instants of an absolute schedule: lateness of one tick never adds up."""

    def __init__(self, period_ns: int, give_up_periods: int = GIVE_UP_PERIODS) -> None:
        self._period_ns = period_ns
        self._give_up_ns = give_up_periods * period_ns
        self._next_ns = 0

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the next instant; False when ``stop`` was set meanwhile."""
        now_ns = time.monotonic_ns()
        wait_ns = self.plan(now_ns)
        if wait_ns <= 0:
            return not stop.is_set()
        return not stop.wait(wait_ns / 1e9)

    def plan(self, now_ns: int) -> int:
        """Return how long to wait from ``now_ns`` and move to the following instant."""
        if self._next_ns == 0 or now_ns - self._next_ns > self._give_up_ns:
            self._next_ns = now_ns
        wait_ns = self._next_ns - now_ns
        self._next_ns += self._period_ns
        return max(0, wait_ns)
