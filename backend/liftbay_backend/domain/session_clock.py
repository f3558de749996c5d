"""The paid time of one session as numbers: pure, so that every answer agrees to the millisecond.

    NOT_STARTED --start--> RUNNING --pause--> PAUSED --resume--> RUNNING --stop--> ENDED
                                                     --stop--> ENDED

Every move returns a new clock with the next revision. Nothing here reads a clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class ClockState(StrEnum):
    """What the server's account of paid time is doing."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SessionClock:
    """The clock's columns.

    Attributes:
        revision: grows with every change; clients ignore a lower one.
        ends_at: set exactly while running.
        held_remaining_seconds: what is left, set while paused and after the end.
        paused_seconds: the sum of all finished pauses.
        paused_at: when the present pause began; set exactly while paused.
        resumed_at: when the last pause finished; a later pause is never dated before it.
    """

    revision: int
    state: ClockState
    total_seconds: int
    started_at: datetime | None
    ends_at: datetime | None
    held_remaining_seconds: float | None
    paused_seconds: float
    paused_at: datetime | None
    resumed_at: datetime | None = None

    def remaining_seconds(self, now: datetime) -> float:
        """Return the paid time that is left at `now`, never below zero."""
        match self.state:
            case ClockState.NOT_STARTED:
                return float(self.total_seconds)
            case ClockState.RUNNING if self.ends_at is not None:
                return max(0.0, (self.ends_at - now).total_seconds())
            case _:
                return max(0.0, self.held_remaining_seconds or 0.0)

    def paid_seconds(self, now: datetime) -> float:
        """Return the paid time that was used up to `now`."""
        return max(0.0, self.total_seconds - self.remaining_seconds(now))

    def paused_seconds_until(self, now: datetime) -> float:
        """Return all pauses up to `now`, the present one included."""
        present = (now - self.paused_at).total_seconds() if self.paused_at is not None else 0.0
        return self.paused_seconds + max(0.0, present)


def start(clock: SessionClock, at: datetime) -> SessionClock:
    """Start the paid time; a clock that was started before stays as it is."""
    if clock.state is not ClockState.NOT_STARTED:
        return clock
    return replace(
        clock,
        revision=clock.revision + 1,
        state=ClockState.RUNNING,
        started_at=at,
        ends_at=at + timedelta(seconds=clock.total_seconds),
    )


def pause(clock: SessionClock, at: datetime) -> SessionClock:
    """Stop the paid time at `at`, which may lie in the past; only a running clock can pause.

    Never dated before the start or the last resume, so that no second is given back twice, and
    never after 0:00.
    """
    if clock.state is not ClockState.RUNNING or clock.started_at is None or clock.ends_at is None:
        return clock
    stopped = min(max(at, clock.started_at, clock.resumed_at or clock.started_at), clock.ends_at)
    return replace(
        clock,
        revision=clock.revision + 1,
        state=ClockState.PAUSED,
        ends_at=None,
        held_remaining_seconds=(clock.ends_at - stopped).total_seconds(),
        paused_at=stopped,
    )


def resume(clock: SessionClock, at: datetime) -> SessionClock:
    """Let the paid time run on from `at`; only a paused clock can resume."""
    if clock.state is not ClockState.PAUSED or clock.paused_at is None:
        return clock
    resumed = max(at, clock.paused_at)
    return replace(
        clock,
        revision=clock.revision + 1,
        state=ClockState.RUNNING,
        ends_at=resumed + timedelta(seconds=clock.held_remaining_seconds or 0.0),
        held_remaining_seconds=None,
        paused_seconds=clock.paused_seconds_until(resumed),
        paused_at=None,
        resumed_at=resumed,
    )


def extend(clock: SessionClock, seconds: int) -> SessionClock:
    """Add paid seconds to a clock that has not ended.

    Raises:
        ValueError: the extension is not positive, or the clock has ended.
    """
    if seconds <= 0:
        raise ValueError(f"an extension is positive, not {seconds} s")
    if clock.state is ClockState.ENDED:
        raise ValueError("an ended clock cannot be extended")
    held = clock.held_remaining_seconds
    return replace(
        clock,
        revision=clock.revision + 1,
        total_seconds=clock.total_seconds + seconds,
        ends_at=clock.ends_at + timedelta(seconds=seconds) if clock.ends_at is not None else None,
        held_remaining_seconds=held + seconds if held is not None else None,
    )


def stop(clock: SessionClock, at: datetime) -> SessionClock:
    """End the paid time for good. A clock that was never started keeps all of it."""
    if clock.state is ClockState.ENDED:
        return clock
    return replace(
        clock,
        revision=clock.revision + 1,
        state=ClockState.ENDED,
        ends_at=None,
        held_remaining_seconds=clock.remaining_seconds(at),
        paused_seconds=clock.paused_seconds_until(at),
        paused_at=None,
    )
