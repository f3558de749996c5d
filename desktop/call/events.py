"""Everything that can happen to a call, as frozen values in the past tense.

Four sources: the person (wishes), the room (`RoomEvent`, from the `RoomGateway`), the service
(answers and the session's event stream), and the clock. Whatever belongs to one stay in the room
carries that stay's ``attempt``: the machine drops what belongs to another one.

Pure: no Qt, LiveKit or sound library, not even through a third module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from client_api.errors import ErrorCode
from client_api.records import QualitySample
from client_api.stream_events import SessionEvent
from client_api.wire import (
    AttemptId,
    EndedSession,
    RoomTicket,
    SessionClock,
)
from desktop.call.setup import CallSetup, LocalMedia


class TrackKind(Enum):
    """What somebody can send."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"


class JoinFault(Enum):
    """Why a room did not open. The adapter sorts the SDK's texts into these."""

    UNREACHABLE = "unreachable"
    """No answer from the media server, or the answer broke off."""
    TIMED_OUT = "timed_out"
    """It answered, but no media path came up (ICE)."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, no token
    """401: the token is bad or too old."""
    ROOM_MISSING = "room_missing"
    """404: the room does not exist (any more)."""
    ABANDONED = "abandoned"
    """`leave` was called meanwhile; a late success was closed again."""
    OTHER = "other"


class DisconnectReason(Enum):
    """Why the SDK gave a room up, in LiveKit's words. Unheard ones become `UNKNOWN`."""

    UNKNOWN = "unknown"
    SERVER_SHUTDOWN = "server_shutdown"
    SIGNAL_CLOSE = "signal_close"
    CONNECTION_TIMEOUT = "connection_timeout"
    MEDIA_FAILURE = "media_failure"
    STATE_MISMATCH = "state_mismatch"
    JOIN_FAILURE = "join_failure"
    MIGRATION = "migration"
    DUPLICATE_IDENTITY = "duplicate_identity"
    PARTICIPANT_REMOVED = "participant_removed"
    ROOM_DELETED = "room_deleted"
    ROOM_CLOSED = "room_closed"
    CLIENT_INITIATED = "client_initiated"


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
class RoomJoined:
    """The room is open and the own tracks are being published.

    Attributes:
        peers: identities that were in the room already (they give no `PeerJoined`).
        connect_ms: from the call of connect to its success.
    """

    attempt: AttemptId
    peers: tuple[str, ...]
    connect_ms: float


@dataclass(frozen=True, slots=True)
class RoomJoinFailed:
    """The room did not open. ``detail`` is redacted and for logs only."""

    attempt: AttemptId
    fault: JoinFault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PeerJoined:
    """Somebody came into the room, perhaps back after a drop (keyed by identity)."""

    attempt: AttemptId
    identity: str


@dataclass(frozen=True, slots=True)
class PeerLeft:
    """Somebody is gone from the room. Never the end of a session: it may be a reconnect."""

    attempt: AttemptId
    identity: str


@dataclass(frozen=True, slots=True)
class PeerMediaChanged:
    """The other side's track appeared, went, was muted or unmuted."""

    attempt: AttemptId
    identity: str
    kind: TrackKind
    is_on: bool


@dataclass(frozen=True, slots=True)
class OwnMediaChanged:
    """An own track is really on or off now, whoever did it."""

    attempt: AttemptId
    kind: TrackKind
    is_on: bool


@dataclass(frozen=True, slots=True)
class OwnMediaFailed:
    """An own track could not be published. ``detail`` is for logs only."""

    attempt: AttemptId
    kind: TrackKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MediaStalled:
    """No picture or sound came for ``age_ms`` (told at 2 s, at 5 s and then each second)."""

    attempt: AttemptId
    age_ms: float


@dataclass(frozen=True, slots=True)
class MediaResumed:
    """Media flows again."""

    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class OwnNetworkChanged:
    """The transport's ICE state went bad (own network) or good again."""

    attempt: AttemptId
    is_ok: bool


@dataclass(frozen=True, slots=True)
class RoomReconnecting:
    """The SDK noticed a break and repairs it by itself."""

    attempt: AttemptId


@dataclass(frozen=True, slots=True)
class RoomReconnected:
    """The SDK repaired it. The peer may still be missing."""

    attempt: AttemptId
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomDisconnected:
    """The SDK gave the room up, or was told to. Not sent for a `leave` of ours."""

    attempt: AttemptId
    reason: DisconnectReason


@dataclass(frozen=True, slots=True)
class QualityMeasured:
    """The statistics of one second."""

    attempt: AttemptId
    sample: QualitySample


RoomEvent: TypeAlias = (
    RoomJoined
    | RoomJoinFailed
    | PeerJoined
    | PeerLeft
    | PeerMediaChanged
    | OwnMediaChanged
    | OwnMediaFailed
    | MediaStalled
    | MediaResumed
    | OwnNetworkChanged
    | RoomReconnecting
    | RoomReconnected
    | RoomDisconnected
    | QualityMeasured
)


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
    """A failed request: the kind, and the service's code where it refused."""

    fault: ServiceFault
    code: ErrorCode = ErrorCode.UNKNOWN


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
    """The session's stream is refused for good."""

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
