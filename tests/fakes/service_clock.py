"""Service time that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class FakeServiceClock:
    """Keeps the promises of `liftbay_backend.clock.Clock`; both clocks move together."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Return the moment the test has reached."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return self._monotonic

    def advance(self, *, seconds: float = 0.0, minutes: float = 0.0) -> None:
        """Let time pass; it never goes back."""
        total = seconds + 60.0 * minutes
        if total < 0:
            raise ValueError("time does not go back")
        self._now += timedelta(seconds=total)
        self._monotonic += total
