"""The conditions a call can be in, as frozen values. Only `machine.step` makes new ones.

`Talk` is what all of them know between joining and leaving, so it survives a rejoin. A wish and
what is really so are two fields. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from client_api.errors import ErrorCode, ReportFault
from client_api.records import QualitySample
from client_api.wire import AttemptId, Role, SessionClock, SessionEnd, SessionId
from desktop.call.room_events import OwnFault
from desktop.call.setup import CallSetup, LocalMedia, MediaWishes


class EndReason(Enum):
    """Why a call is over: data, not an exception. The words are in desktop/views/texts.py."""

    USER_LEFT = "user_left"
    """Left without ending; the session goes on and one may return."""
    SESSION_ENDED = "session_ended"
    """The session is over; `Ended.session_end` says how."""
    WINDOW_CLOSED = "window_closed"
    OPENED_ELSEWHERE = "opened_elsewhere"
    REMOVED = "removed"
    ROOM_CLOSED = "room_closed"
    CONNECTION_LOST = "connection_lost"
    """It could not be repaired for a quarter of an hour."""
    ROOM_UNREACHABLE = "room_unreachable"
    """The first join failed: the media server does not answer."""
    ROOM_TIMED_OUT = "room_timed_out"
    """The first join failed: no media path (firewall)."""
    ROOM_REFUSED = "room_refused"
    """The media server refused a fresh token, or the room does not exist."""
    SERVICE_UNREACHABLE = "service_unreachable"
    SERVICE_REFUSED = "service_refused"
    """`Ended.code` says why: not found, no participant, not joinable …"""
    SIGN_IN_NEEDED = "sign_in_needed"
    PREFLIGHT_NEEDED = "preflight_needed"
    FAULT = "fault"
    """A fault of ours, or an answer that breaks the contract."""


class MediaHealth(Enum):
    """How the other side's picture and sound arrive."""

    GOOD = "good"
    UNSTABLE = "unstable"
    """Nothing for 2 s."""
    LOST = "lost"
    """Nothing for 5 s."""


class RejoinStage(Enum):
    """How we are coming back."""

    REPAIRING = "repairing"
    """The SDK does it by itself, in the same room object."""
    WAITING = "waiting"
    """Back-off before the next attempt."""
    ASKING = "asking"
    """The service is asked whether the session still runs, and for a new ticket."""
    OPENING = "opening"
    """A new room is being opened."""


class EndProgress(Enum):
    """What became of the person's wish to end the session."""

    NONE = "none"
    SENDING = "sending"
    QUEUED = "queued"
    """The service could not be reached; *Undo end* is offered."""
    FAILED = "failed"
    """The service refused; the call goes on."""


class LeavingFor(Enum):
    """What a leaving call waits for."""

    END_ANSWER = "end_answer"
    ROOM_CLOSED = "room_closed"


@dataclass(frozen=True, slots=True)
class OwnMedia:
    """What is really sent (None until the room told it), and what fails although it is wished."""

    microphone_on: bool | None = None
    camera_on: bool | None = None
    screen_on: bool | None = None
    microphone_fault: OwnFault | None = None
    camera_fault: OwnFault | None = None
    screen_failed: bool = False
    speaker_failed: bool = False


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side, as the room and the service see it.

    Attributes:
        in_room: our own room's view; drives pictures and words, never money.
        was_seen: they have been here at least once, so absence means *lost*, not *awaited*.
        is_absent: the service's view, which counts.
        absent_since, pauses_at: from the service, in its time; None while present.
        absence_left_seconds: how much absence the session still bears.
    """

    in_room: bool = False
    was_seen: bool = False
    camera_on: bool = False
    microphone_on: bool = False
    screen_on: bool = False
    health: MediaHealth = MediaHealth.GOOD
    media_age_ms: float = 0.0
    is_absent: bool = False
    absent_since: datetime | None = None
    pauses_at: datetime | None = None
    absence_left_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything that outlives one stay in the room.

    Attributes:
        number: how many attempts were made so far, this one included.
        asked: the wishes the room was last told; differs from ``wishes`` while it is joining.
        given: the devices the room was last told; None before the first room.
        joined: the last attempt that really was in the room, which an end names.
        drops: how often the room was lost since it last held for some seconds.
        service_ok: the last poll was answered; else the countdown is our estimate.
        stream_lost: the session's events were refused and are not read at the moment.
        stream_reopens: how often they were asked for again since the last one came.
        is_started: the paid session runs (or ran); it never falls back.
        start_asked: a start is on its way, so no second one is sent.
        both_announced: *Both participants joined* was shown, which happens once.
        warnings_shown: thresholds (seconds) whose warning was shown.
    """

    setup: CallSetup
    number: int
    wishes: MediaWishes
    asked: MediaWishes
    given: LocalMedia | None = None
    joined: AttemptId | None = None
    drops: int = 0
    own: OwnMedia = field(default_factory=OwnMedia)
    peer: Peer = field(default_factory=Peer)
    own_network_ok: bool = True
    service_ok: bool = True
    stream_lost: bool = False
    stream_reopens: int = 0
    clock: SessionClock | None = None
    is_started: bool = False
    start_asked: bool = False
    both_announced: bool = False
    warnings_shown: frozenset[int] = frozenset()
    end: EndProgress = EndProgress.NONE
    quality: QualitySample | None = None

    @property
    def attempt(self) -> AttemptId:
        """The id of the current stay or try."""
        return self.setup.attempt(self.number)

    @property
    def peer_role(self) -> Role:
        """The other side's role."""
        return Role.CUSTOMER if self.setup.role is Role.MECHANIC else Role.MECHANIC


@dataclass(frozen=True, slots=True)
class Idle:
    """No call yet."""


@dataclass(frozen=True, slots=True)
class FetchingToken:
    """The service is asked for the way in. ``tries`` counts first joins that failed."""

    talk: Talk
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Joining:
    """The room is being opened for the first time."""

    talk: Talk
    tries: int = 0


@dataclass(frozen=True, slots=True)
class InCall:
    """In the room."""

    talk: Talk


@dataclass(frozen=True, slots=True)
class Rejoining:
    """Out of the room, or nearly, and coming back. ``tries`` counts new rooms."""

    talk: Talk
    stage: RejoinStage
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """On the way out; nothing brings this call back."""

    talk: Talk
    waits_for: LeavingFor
    reason: EndReason
    code: ErrorCode | None = None
    session_end: SessionEnd | None = None
    report_fault: ReportFault | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over.

    Attributes:
        talk: what was so at the end; None when it never began.
        code: the service's code, for `SERVICE_REFUSED` and `PREFLIGHT_NEEDED`.
        session_end: how the session ended, if it did and we know.
        report_fault: what was wrong with the preflight report, if that ended it.
    """

    reason: EndReason
    talk: Talk | None = None
    code: ErrorCode | None = None
    session_end: SessionEnd | None = None
    report_fault: ReportFault | None = None


CallState: TypeAlias = Idle | FetchingToken | Joining | InCall | Rejoining | Leaving | Ended


def session_of(state: CallState) -> SessionId | None:
    """Return the session the present or last call belongs to."""
    if isinstance(state, Idle) or state.talk is None:
        return None
    return state.talk.setup.session
