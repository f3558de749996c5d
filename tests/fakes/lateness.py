"""How long a crowded machine kept this process waiting: what a bound of time has to be given on."""

import threading
import time
from types import TracebackType

_TICK_S = 0.02


class Lateness:
    """Measures on a thread of its own for as long as the context lasts."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="lateness")

    def __enter__(self) -> "Lateness":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def between(self, since_s: float, until_s: float) -> float:
        """Return for how long in all this process was not let run, in seconds.

        Args:
            since_s, until_s: by the monotonic clock.
        """
        return sum(late for at, late in tuple(self._late) if since_s <= at <= until_s + _TICK_S)

    def _tick(self) -> None:
        before = time.monotonic()
        while not self._over.wait(_TICK_S):
            now = time.monotonic()
            self._late.append((now, max(0.0, now - before - _TICK_S)))
            before = now
