"""The service's time as far as pages need it: for ages such as "3 min ago" and clocks in lists."""

from datetime import UTC, datetime, timedelta

from client_api.clock import Clock
from client_api.server_clock import epoch_ns
from client_api.wire import ClockState, SessionClock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ServiceTime:
    """Keeps the service's last word about the time and adds what our monotonic clock says since.

    The local wall clock takes no part; the error is the way of one answer, a fraction of a second.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ns: int | None = None

    def heard(self, server_now: datetime) -> None:
        """Take a ``server_now`` that has just arrived. The latest word wins over older ones."""
        offset_ns = epoch_ns(server_now) - self._clock.monotonic_ns()
        if self._offset_ns is None or offset_ns > self._offset_ns:
            self._offset_ns = offset_ns

    def now(self) -> datetime | None:
        """Return the service's time, or None before its first word."""
        if self._offset_ns is None:
            return None
        return _EPOCH + timedelta(
            microseconds=(self._clock.monotonic_ns() + self._offset_ns) // 1000
        )

    def age_s(self, then: datetime | None) -> int | None:
        """Return how many seconds ago ``then`` was, in steps a person cares about.

        Ten seconds under a minute, a minute above, so that lists do not flicker. Never below 0.
        """
        now = self.now()
        if now is None or then is None:
            return None
        seconds = max(0, int((now - then).total_seconds()))
        return seconds // 10 * 10 if seconds < 60 else seconds // 60 * 60

    def left_s(self, clock: SessionClock) -> int:
        """Return the paid seconds left on a session's clock, never below 0."""
        now = self.now()
        if clock.state is ClockState.RUNNING and clock.ends_at is not None and now is not None:
            return max(0, int((clock.ends_at - now).total_seconds()))
        return max(0, int(clock.remaining_seconds))
