"""What a load run saw: times by route, refusals, faults, events and how late they came."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.figures import spread_ms

LOST_AFTER_S: Final = 5.0
FEWEST: Final = 2


class Ledger:
    """Counts while it is open; a fault counts always, and is told in the next summary."""

    def __init__(self) -> None:
        self._under_way: dict[object, float] = {}
        self._refused: Counter[str] = Counter()
        self._given_up: Counter[str] = Counter()
        self._times: defaultdict[str, list[float]] = defaultdict(list)
        self._faults: Counter[str] = Counter()
        self._said: dict[str, float] = {}
        self._arrived: list[float] = []
        self._is_open = False

    def open(self) -> None:
        """Begin anew."""
        self._times.clear()
        self._arrived.clear()
        self._refused.clear()
        self._given_up.clear()
        self._is_open = True

    def close(self) -> None:
        """Count no more."""
        self._is_open = False

    def took(self, route: str, seconds: float) -> None:
        """Note an answer, from the moment at which its request was due."""
        if self._is_open:
            self._times[route].append(seconds)

    def failed(self, route: str, reason: str) -> None:
        """Note an answer that was none, or one that says no for good."""
        self._faults[f"{route}: {reason}"] += 1

    def refused(self, route: str) -> None:
        """Note that the service was busy; whoever asked comes again."""
        if self._is_open:
            self._refused[route] += 1

    @contextmanager
    def change(self) -> Iterator[None]:
        """Count a change from its wish to its answer."""
        change = object()
        self._under_way[change] = time.perf_counter()
        try:
            yield
        finally:
            del self._under_way[change]

    def under_way(self, *, since_before: float | None = None) -> int:
        """Return how many changes have no answer yet, perhaps of those wished before a moment."""
        if since_before is None:
            return len(self._under_way)
        return sum(wished < since_before for wished in self._under_way.values())

    def gave_up(self, route: str) -> None:
        """Note a question that was refused until its sender asked no more."""
        if self._is_open:
            self._given_up[route] += 1

    def said(self, message: str) -> None:
        """Note that a message is on its way to the other side."""
        self._said[message] = time.perf_counter()

    def heard(self, message: str) -> None:
        """Note that the other side's stream brought it."""
        began = self._said.pop(message, None)
        if began is not None and self._is_open:
            self._arrived.append(time.perf_counter() - began)

    def summary(self) -> dict[str, Any]:
        """Return what was counted since `open`; faults since the summary before this one."""
        now = time.perf_counter()
        lost = sum(now - began > LOST_AFTER_S for began in self._said.values())
        faults = dict(self._faults)
        self._faults.clear()
        return {
            "requests": sum(map(len, self._times.values())),
            "faults": faults,
            "refused": dict(self._refused),
            "given_up": dict(self._given_up),
            "under_way": self.under_way(),
            "routes": {
                route: {"count": len(times), **spread_ms(times)}
                for route, times in sorted(self._times.items())
                if len(times) >= FEWEST
            },
            "events": {
                "arrived": len(self._arrived),
                "lost": lost,
                **(spread_ms(self._arrived) if len(self._arrived) >= FEWEST else {}),
            },
        }
