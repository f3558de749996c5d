"""The service's time and a session's paid clock, seen from here.

The service is the only authority. From its answers we keep one offset, that of the sample with
the shortest round trip, and add it to our monotonic clock. The local wall clock takes no part:
a user who changes it cannot move a paid clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from client_api.clock import Clock
from client_api.wire import ClockState, SessionClock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """What to add to our monotonic clock to get the server's time.

    Attributes:
        offset_ns: server time (ns since the Unix epoch) minus our monotonic time.
        error_ns: half of the round trip; the truth lies within that of ``offset_ns``.
    """

    offset_ns: int
    error_ns: int


def epoch_ns(at: datetime) -> int:
    """Return an aware time as nanoseconds since the Unix epoch, exact to the microsecond."""
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000


def estimate_offset(server_now_ns: int, sent_ns: int, received_ns: int) -> ClockOffset:
    """Work out what to add to our monotonic clock to get the server's time.

    As NTP does (RFC 5905), we take half of the round trip as the way back. The truth lies
    within half a round trip of that, so the caller keeps the sample with the least ``error_ns``.
    Some monotonic clocks stand still during sleep, so samples from before a resume are void.

    Args:
        server_now_ns: ``server_now`` of the answer, as nanoseconds since the Unix epoch.
        sent_ns: our monotonic time just before the request left.
        received_ns: our monotonic time just after the answer arrived.

    Raises:
        ValueError: the answer precedes the request, so two clocks were mixed up.
    """
    if received_ns < sent_ns:
        raise ValueError("the answer precedes the request: two clocks were mixed up")
    error_ns = (received_ns - sent_ns) // 2
    return ClockOffset(server_now_ns - received_ns + error_ns, error_ns)


class ServerClock:
    """One session's paid clock: the newest revision, and the best offset seen.

    Not for several threads. Until the first offset is known, an event's own ``server_now``
    stands in for it: too late by the event's way here, a fraction of a second.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: ClockOffset | None = None
        self._offset_is_measured = False
        self._session_clock: SessionClock | None = None

    @property
    def session_clock(self) -> SessionClock | None:
        """The newest revision seen, or None."""
        return self._session_clock

    @property
    def offset(self) -> ClockOffset | None:
        """The offset with the least error among those measured."""
        return self._offset if self._offset_is_measured else None

    def add_offset(self, offset: ClockOffset) -> None:
        """Keep ``offset`` if it is the best one yet. On a tie the newer wins (drift)."""
        best = self._offset
        if not self._offset_is_measured or best is None or offset.error_ns <= best.error_ns:
            self._offset = offset
            self._offset_is_measured = True

    def doubt_offsets(self) -> None:
        """Go on with what we have, but let the very next sample replace it, good or bad."""
        self._offset_is_measured = False

    def apply(self, session_clock: SessionClock) -> bool:
        """Take a clock from an answer or event. Returns False for a lower revision.

        The same revision is taken again: a paused or running clock keeps its revision while
        ``server_now`` moves on.
        """
        known = self._session_clock
        if known is not None and session_clock.revision < known.revision:
            return False
        self._session_clock = session_clock
        if not self._offset_is_measured:
            now_ns = self._clock.monotonic_ns()
            self._offset = ClockOffset(epoch_ns(session_clock.server_now) - now_ns, 0)
        return True

    def server_now(self) -> datetime | None:
        """Return the service's time now, or None before the first answer."""
        if self._offset is None:
            return None
        now_us = (self._clock.monotonic_ns() + self._offset.offset_ns) // 1_000
        return _EPOCH + timedelta(microseconds=now_us)

    def remaining_seconds(self) -> float | None:
        """Return the paid seconds left, never below 0; None before the first clock.

        Only a running clock moves; a paused one stands at the service's figure.
        """
        current = self._session_clock
        if current is None:
            return None
        is_running = current.state is ClockState.RUNNING
        if not is_running or current.ends_at is None or self._offset is None:
            return max(0.0, current.remaining_seconds)
        now_ns = self._clock.monotonic_ns() + self._offset.offset_ns
        return max(0.0, (epoch_ns(current.ends_at) - now_ns) / _NS_PER_S)
