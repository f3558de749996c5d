"""What the service needs of a media server, whoever builds it.

RoomsUnavailable   no answer within the deadline; nothing is known, presence stays as it was
WebhookRefused     the signature or the body of a webhook is wrong
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from liftbay_backend.domain.ids import AttemptId, MechanicId, RunId, SessionId, UserId
from liftbay_backend.domain.roles import Side

_SESSION_PREFIX: Final = "session-"
_PROBE_PREFIX: Final = "probe-"
CALL_SOURCES: Final = ("camera", "microphone", "screen_share", "screen_share_audio")


class RoomsUnavailable(Exception):
    """The media server gave no usable answer in time. `detail` is for logs and holds no secret."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class WebhookRefused(Exception):
    """A webhook that the media server did not sign, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class RoomPolicy:
    """How a room is created.

    Attributes:
        max_participants: room for a returning device whose old connection still lingers.
        empty_timeout_seconds: how long a room nobody ever joined stays.
        departure_timeout_seconds: how long a room stays after the last one left.
    """

    max_participants: int
    empty_timeout_seconds: int
    departure_timeout_seconds: int


@dataclass(frozen=True, slots=True)
class JoinGrant:
    """What a room token permits: exactly one room, one identity, and these sources.

    Attributes:
        metadata: JSON text the other participants see; built by `participant_metadata`.
        sources: what may be published; an empty tuple publishes nothing.
    """

    room: str
    identity: str
    ttl_seconds: int
    name: str = ""
    metadata: str = ""
    sources: tuple[str, ...] = CALL_SOURCES


@dataclass(frozen=True, slots=True)
class RoomToken:
    """A token on its way to one client; it never appears in a log or a repr."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomParticipant:
    """Somebody whose media connection stands, as the media server sees it."""

    identity: str
    joined_at: datetime
    attempt: AttemptId | None


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """A verified webhook: a hint that `room` is worth a look, not the truth about it.

    Webhooks come late, twice and out of order; the participant list does not.
    """

    id: str
    kind: str
    room: str
    created_at: datetime
    identity: str | None


class RoomService(Protocol):
    """Rooms, participants and tokens. Every call ends within a deadline of the adapter."""

    @property
    def url(self) -> str:
        """Where clients connect, ``ws://`` or ``wss://``."""

    async def ensure_room(self, room: str, policy: RoomPolicy) -> None:
        """Make the room exist; an existing one stays as it is.

        Raises:
            RoomsUnavailable: no answer.
        """

    async def delete_room(self, room: str) -> None:
        """Close the room and put everybody out; a room that is gone is a success.

        Raises:
            RoomsUnavailable: no answer.
        """

    async def participants(self, room: str) -> tuple[RoomParticipant, ...] | None:
        """Return who is connected, or None when there is no such room.

        Raises:
            RoomsUnavailable: no answer.
        """

    def join_token(self, grant: JoinGrant) -> RoomToken:
        """Sign a token; needs no answer of the media server."""

    def read_webhook(self, body: str, authorization: str) -> RoomEvent:
        """Verify a webhook and read it.

        Raises:
            WebhookRefused: wrong signature, wrong hash, or not a webhook.
        """

    async def close(self) -> None:
        """Give connections back."""


def session_room(session: SessionId) -> str:
    """Return the room name of a session."""
    return f"{_SESSION_PREFIX}{session}"


def session_of_room(room: str) -> SessionId | None:
    """Return whose room it is, or None for a probe room or a stranger's."""
    return (
        SessionId(room.removeprefix(_SESSION_PREFIX)) if room.startswith(_SESSION_PREFIX) else None
    )


def probe_room(run: RunId) -> str:
    """Return the name of a preflight run's throw-away room."""
    return f"{_PROBE_PREFIX}{run}"


def run_of_room(room: str) -> RunId | None:
    """Return whose probe room it is, or None."""
    if not room.startswith(_PROBE_PREFIX):
        return None
    return RunId(room.removeprefix(_PROBE_PREFIX))


def customer_identity(user: UserId) -> str:
    """Return the room identity of a customer."""
    return f"customer-{user}"


def mechanic_identity(mechanic: MechanicId) -> str:
    """Return the room identity of a mechanic; the mechanic id, never the user id."""
    return f"mechanic-{mechanic}"


def participant_metadata(side: Side, attempt: AttemptId | None) -> str:
    """Return the metadata of a participant: the role, and the call attempt it joined with."""
    return json.dumps({"role": side.value, "attempt": attempt}, separators=(",", ":"))


def attempt_in(metadata: str) -> AttemptId | None:
    """Read the call attempt back, or None when there is none."""
    try:
        found = json.loads(metadata)
    except ValueError:
        return None
    attempt = found.get("attempt") if isinstance(found, dict) else None
    return AttemptId(attempt) if isinstance(attempt, str) else None


def newest_by_identity(participants: Iterable[RoomParticipant]) -> dict[str, RoomParticipant]:
    """Return one participant per identity: a reconnect may list the old and the new one."""
    newest: dict[str, RoomParticipant] = {}
    for one in participants:
        known = newest.get(one.identity)
        if known is None or one.joined_at >= known.joined_at:
            newest[one.identity] = one
    return newest
