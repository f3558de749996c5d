"""What a room tells of itself, as frozen values in the past tense.

The adapter turns the SDK's callbacks into these at once. Each carries the ``attempt`` whose room
it belongs to. Offered by `desktop.call.events` as well. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from client_api.records import QualitySample
from client_api.wire import AttemptId


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


class OwnFault(Enum):
    """Why something of one's own is wished but not there for the other side."""

    DEVICE = "device"
    """The device stopped, or there is none."""
    NOT_SENT = "not_sent"
    """The device works, but the media server did not take the track."""


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
    """An own track could not be published, or its device stopped. ``detail`` is for logs only."""

    attempt: AttemptId
    kind: TrackKind
    detail: str = ""
    fault: OwnFault = OwnFault.NOT_SENT


@dataclass(frozen=True, slots=True)
class SpeakerChanged:
    """The loudspeaker did not open or stopped, or plays again. ``detail`` is for logs only."""

    attempt: AttemptId
    is_ok: bool
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
    | SpeakerChanged
    | MediaStalled
    | MediaResumed
    | OwnNetworkChanged
    | RoomReconnecting
    | RoomReconnected
    | RoomDisconnected
    | QualityMeasured
)
