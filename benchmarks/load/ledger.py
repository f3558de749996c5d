"""What a load run saw: times by route, answers that were none, events and how late they came."""

import time
from collections import Counter, defaultdict
from typing import Any, Final

from benchmarks.figures import spread_ms

LOST_AFTER_S: Final = 5.0
FEWEST: Final = 2


class Ledger:
    """Counts while it is open; what went wrong counts always."""

    def __init__(self) -> None:
        self._times: defaultdict[str, list[float]] = defaultdict(list)
        self._faults: Counter[str] = Counter()
        self._said: dict[str, float] = {}
        self._arrived: list[float] = []
        self._is_open = False

    def open(self) -> None:
        """Begin anew."""
        self._times.clear()
        self._arrived.clear()
        self._is_open = True

    def close(self) -> None:
        """Count no more."""
        self._is_open = False

    def took(self, route: str, seconds: float) -> None:
        """Note an answer, from the moment at which its request was due."""
        if self._is_open:
            self._times[route].append(seconds)

    def failed(self, route: str, reason: str) -> None:
        """Note an answer that was none, or a refusal."""
        self._faults[f"{route}: {reason}"] += 1

    def said(self, message: str) -> None:
        """Note that a message is on its way to the other side."""
        self._said[message] = time.perf_counter()

    def heard(self, message: str) -> None:
        """Note that the other side's stream brought it."""
        began = self._said.pop(message, None)
        if began is not None and self._is_open:
            self._arrived.append(time.perf_counter() - began)

    def summary(self) -> dict[str, Any]:
        """Return what was counted since `open`; faults since the beginning."""
        now = time.perf_counter()
        lost = sum(now - began > LOST_AFTER_S for began in self._said.values())
        return {
            "requests": sum(map(len, self._times.values())),
            "faults": dict(self._faults),
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
