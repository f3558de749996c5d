"""The service's time and a session's paid clock, seen from here.

The service is the only authority. Each of its answers bounds the offset of our monotonic clock
to its own from both sides; we keep what all of them allow, which soon is less than the best of
them says alone, above all where answers are slow. The local wall clock takes no part: a user who
changes it cannot move a paid clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from client_api.clock import Clock
from client_api.wire import ClockState, SessionClock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_PER_S = 1_000_000_000

DRIFT_PPM = 100
"""How far two clocks may part, in microseconds a second: both crystals at their usual 50 ppm."""


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """What to add to our monotonic clock to get the server's time.

    Attributes:
        offset_ns: server time (ns since the Unix epoch) minus our monotonic time.
        error_ns: half of the round trip; the truth lies within that of ``offset_ns``.
    """

    offset_ns: int
    error_ns: int

    def aged(self, elapsed_ns: int) -> ClockOffset:
        """Return what is left of it after ``elapsed_ns``, in which the clocks may have drifted."""
        return ClockOffset(self.offset_ns, self.error_ns + elapsed_ns * DRIFT_PPM // 1_000_000)

    def narrowed(self, other: ClockOffset) -> ClockOffset | None:
        """Return what both allow; None where they contradict each other.

        Each bounds the truth, so the truth lies where they overlap (Marzullo's rule, for sources
        of which none lies).
        """
        lowest = max(self.offset_ns - self.error_ns, other.offset_ns - other.error_ns)
        highest = min(self.offset_ns + self.error_ns, other.offset_ns + other.error_ns)
        if lowest > highest:
            return None
        error_ns = (highest - lowest + 1) // 2
        return ClockOffset(lowest + error_ns, error_ns)


def epoch_ns(at: datetime) -> int:
    """Return an aware time as nanoseconds since the Unix epoch, exact to the microsecond."""
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000


def estimate_offset(server_now_ns: int, sent_ns: int, received_ns: int) -> ClockOffset:
    """Work out what to add to our monotonic clock to get the server's time.

    As NTP does (RFC 5905), we take half of the round trip as the way back. The truth lies
    within half a round trip of that, so several answers can be `ClockOffset.narrowed` to one.
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
    """One session's paid clock: the newest revision, and the offset that all answers allow.

    Not for several threads. Until the first offset is known, an event's own ``server_now``
    stands in for it: too late by the event's way here, a fraction of a second.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: ClockOffset | None = None
        self._offset_is_measured = False
        self._offset_since_ns = 0
        self._session_clock: SessionClock | None = None

    @property
    def session_clock(self) -> SessionClock | None:
        """The newest revision seen, or None."""
        return self._session_clock

    @property
    def offset(self) -> ClockOffset | None:
        """What the answers so far allow, their age counted in; None before the first one."""
        if self._offset is None or not self._offset_is_measured:
            return None
        return self._offset.aged(self._clock.monotonic_ns() - self._offset_since_ns)

    def add_offset(self, offset: ClockOffset) -> None:
        """Narrow down what we know; a sample that contradicts it all is believed alone."""
        known = self.offset
        both = known.narrowed(offset) if known is not None else None
        self._offset = both if both is not None else offset
        self._offset_since_ns = self._clock.monotonic_ns()
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
