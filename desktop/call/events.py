"""Everything that can happen to a call, as frozen values in the past tense.

Four sources: the person (wishes), the room (`RoomEvent`, from the `RoomGateway`), the service
(answers and the session's event stream), and the clock. Whatever belongs to one stay in the room
carries that stay's ``attempt``: the machine drops what belongs to another one. The room's own
events are in `desktop.call.room_events` and offered here too.

Pure: no Qt, LiveKit or sound library, not even through a third module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from client_api.errors import ErrorCode, ReportFault
from client_api.stream_events import SessionEvent as SessionEvent
from client_api.wire import (
    AttemptId,
    EndedSession,
    RoomTicket,
    SessionClock,
)
from desktop.call.room_events import DisconnectReason as DisconnectReason
from desktop.call.room_events import JoinFault as JoinFault
from desktop.call.room_events import MediaResumed as MediaResumed
from desktop.call.room_events import MediaStalled as MediaStalled
from desktop.call.room_events import OwnFault as OwnFault
from desktop.call.room_events import OwnMediaChanged as OwnMediaChanged
from desktop.call.room_events import OwnMediaFailed as OwnMediaFailed
from desktop.call.room_events import OwnNetworkChanged as OwnNetworkChanged
from desktop.call.room_events import PeerJoined as PeerJoined
from desktop.call.room_events import PeerLeft as PeerLeft
from desktop.call.room_events import PeerMediaChanged as PeerMediaChanged
from desktop.call.room_events import QualityMeasured as QualityMeasured
from desktop.call.room_events import RoomDisconnected as RoomDisconnected
from desktop.call.room_events import RoomEvent as RoomEvent
from desktop.call.room_events import RoomJoined as RoomJoined
from desktop.call.room_events import RoomJoinFailed as RoomJoinFailed
from desktop.call.room_events import RoomReconnected as RoomReconnected
from desktop.call.room_events import RoomReconnecting as RoomReconnecting
from desktop.call.room_events import SpeakerChanged as SpeakerChanged
from desktop.call.room_events import TrackKind as TrackKind
from desktop.call.setup import CallSetup, LocalMedia


class Timer(Enum):
    """What a timer is for. One of each kind at most; starting it again replaces it."""

    JOIN_DEADLINE = "join_deadline"
    JOIN_RETRY = "join_retry"
    REJOIN = "rejoin"
    START_RETRY = "start_retry"
    CLOCK_POLL = "clock_poll"
    END_DEADLINE = "end_deadline"
    LEAVE_DEADLINE = "leave_deadline"


# --- the person ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JoinRequested:
    """*Join session* was pressed, or *Return to call*."""

    setup: CallSetup


@dataclass(frozen=True, slots=True)
class MicrophoneWished:
    """The person wants to be heard, or not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class CameraWished:
    """The person wants to be seen, or not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class ScreenShareWished:
    """The person wants to show the screen, or not."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class MediaSwitched:
    """Other devices are open now; the call owns them from here on."""

    media: LocalMedia


@dataclass(frozen=True, slots=True)
class EndRequested:
    """*End session* was pressed and confirmed."""


@dataclass(frozen=True, slots=True)
class UndoEndRequested:
    """*Undo end* was pressed while the end waits in the queue."""


@dataclass(frozen=True, slots=True)
class WindowClosed:
    """The window was closed: end the session, but do not keep the person waiting."""


@dataclass(frozen=True, slots=True)
class LeaveRequested:
    """Leave without ending: *Cancel* while joining, SIGTERM, sign-out. One may return."""


# --- the room ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomLeft:
    """`LeaveRoom` is done (said by the actor when the gateway's ``leave`` returned)."""

    attempt: AttemptId


# --- the service ---------------------------------------------------------------------------


class ServiceFault(Enum):
    """Why the service's answer is missing."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request: the kind, and the service's code where it refused.

    Attributes:
        report_fault: what the service finds wrong with the preflight report, if that is it.
    """

    fault: ServiceFault
    code: ErrorCode = ErrorCode.UNKNOWN
    report_fault: ReportFault | None = None


@dataclass(frozen=True, slots=True)
class TicketFetched:
    """The service let us in."""

    attempt: AttemptId
    ticket: RoomTicket


@dataclass(frozen=True, slots=True)
class TicketFailed:
    """The service did not let us in, or could not be asked."""

    attempt: AttemptId
    failure: Failure


@dataclass(frozen=True, slots=True)
class StartAnswered:
    """The session has started, by us or before."""

    attempt: AttemptId
    clock: SessionClock


@dataclass(frozen=True, slots=True)
class StartFailed:
    """The session did not start yet."""

    attempt: AttemptId
    failure: Failure


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The poll's answer."""

    attempt: AttemptId
    clock: SessionClock


@dataclass(frozen=True, slots=True)
class ClockFailed:
    """The poll brought no clock; ours runs on as an estimate."""

    attempt: AttemptId
    failure: Failure


@dataclass(frozen=True, slots=True)
class EndQueued:
    """The end could not be sent yet; the durable queue keeps it and goes on trying."""

    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class EndAnswered:
    """The service answered an end. ``answer.end`` is None when it ignored a late one."""

    attempt: AttemptId
    answer: EndedSession


@dataclass(frozen=True, slots=True)
class EndFailed:
    """The service refused the end, so it is not queued any more."""

    attempt: AttemptId
    failure: Failure


@dataclass(frozen=True, slots=True)
class EndUndone:
    """The queued end is removed. False when it was already on its way."""

    attempt: AttemptId
    is_removed: bool


@dataclass(frozen=True, slots=True)
class SessionEventArrived:
    """One event of the session's stream."""

    event: SessionEvent


@dataclass(frozen=True, slots=True)
class SessionStreamFailed:
    """The session's stream was refused and has ended."""

    failure: Failure


# --- the clock and the actor ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer of ``attempt`` ran out."""

    attempt: AttemptId
    timer: Timer


@dataclass(frozen=True, slots=True)
class ClockTicked:
    """The paid seconds left, as the server clock has it now (several times a second)."""

    remaining_seconds: float


@dataclass(frozen=True, slots=True)
class EffectCrashed:
    """A fault of ours: an effect raised what it must not, or events chased each other."""

    detail: str


CallEvent: TypeAlias = (
    JoinRequested
    | MicrophoneWished
    | CameraWished
    | ScreenShareWished
    | MediaSwitched
    | EndRequested
    | UndoEndRequested
    | WindowClosed
    | LeaveRequested
    | RoomEvent
    | RoomLeft
    | TicketFetched
    | TicketFailed
    | StartAnswered
    | StartFailed
    | ClockRead
    | ClockFailed
    | EndQueued
    | EndAnswered
    | EndFailed
    | EndUndone
    | SessionEventArrived
    | SessionStreamFailed
    | TimerFired
    | ClockTicked
    | EffectCrashed
)
