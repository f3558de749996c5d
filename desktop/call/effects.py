"""What the machine asks the actor to do, in the imperative. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from client_api.wire import (
    AttemptId,
    ReadinessState,
    ReportId,
    RoomTicket,
    SessionEndReason,
    SessionId,
)
from desktop.call.events import Timer, TrackKind
from desktop.call.setup import LocalMedia, MediaWishes


@dataclass(frozen=True, slots=True)
class FetchTicket:
    """Ask the service for the way in; brings `TicketFetched` or `TicketFailed`."""

    session: SessionId
    attempt: AttemptId
    report: ReportId | None


@dataclass(frozen=True, slots=True)
class JoinRoom:
    """Open the room, never cancelled; brings `RoomJoined` or `RoomJoinFailed`."""

    attempt: AttemptId
    ticket: RoomTicket
    media: LocalMedia
    wishes: MediaWishes


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """Leave the room of an attempt, whatever became of it; brings `RoomLeft`."""

    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class SendTrack:
    """Send one's own track, or stop sending it."""

    attempt: AttemptId
    kind: TrackKind
    is_on: bool


@dataclass(frozen=True, slots=True)
class UseMedia:
    """Feed the tracks from other open devices."""

    attempt: AttemptId
    media: LocalMedia


@dataclass(frozen=True, slots=True)
class StartSession:
    """Ask the service to start; brings `StartAnswered` or `StartFailed`."""

    session: SessionId
    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class SendEnd:
    """End the session through the durable queue; `EndAnswered`, `EndQueued` or `EndFailed`."""

    session: SessionId
    attempt: AttemptId
    reason: SessionEndReason


@dataclass(frozen=True, slots=True)
class UndoEnd:
    """Take a queued end back; brings `EndUndone`."""

    session: SessionId
    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Read the session's events from the first one on; brings `SessionEventArrived`.

    Once more after `SessionStreamFailed`, it is read again.
    """

    session: SessionId


@dataclass(frozen=True, slots=True)
class CloseStream:
    """Stop reading the session's events."""


@dataclass(frozen=True, slots=True)
class ReadClock:
    """Poll the clock (also the sign of life) and hand the gathered quality samples over."""

    session: SessionId
    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class TellReadiness:
    """Tell the service how far this side is. A failure is logged, no more."""

    session: SessionId
    state: ReadinessState
    rung: int | None = None


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `TimerFired` after a while. With ``jitter`` up to a quarter more."""

    attempt: AttemptId
    timer: Timer
    seconds: float
    jitter: bool = False


@dataclass(frozen=True, slots=True)
class StopTimers:
    """Forget every timer."""


@dataclass(frozen=True, slots=True)
class AnnounceBothJoined:
    """Show *Both participants joined*."""


@dataclass(frozen=True, slots=True)
class AnnounceTimeLeft:
    """Warn that the paid time has fallen to a threshold.

    Attributes:
        threshold_seconds: the service's figure, e.g. 300.
        remaining_seconds: what is really left; less than the threshold after a rejoin.
    """

    threshold_seconds: int
    remaining_seconds: float


Announcement: TypeAlias = AnnounceBothJoined | AnnounceTimeLeft

Effect: TypeAlias = (
    FetchTicket
    | JoinRoom
    | LeaveRoom
    | SendTrack
    | UseMedia
    | StartSession
    | SendEnd
    | UndoEnd
    | OpenStream
    | CloseStream
    | ReadClock
    | TellReadiness
    | StartTimer
    | StopTimers
    | Announcement
)
