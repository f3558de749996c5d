"""The events of both streams, one frozen type per kind.

`SessionEvent` comes from GET /api/sessions/{id}/events, `AccountEvent` from GET /api/events.
``seq`` is the event's number in its stream: applying one twice must change nothing, because a
stream resumes from the last number that was applied. Kinds this client does not know decode to
None and are skipped. A stream begins with a number alone, from which on it tells; of the account's
that is `StreamBegan`, while a session's begins before its first event.

Contract: tests/contract/session_events.json, tests/contract/account_events.json
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import msgspec

from client_api.records import Message, SharedFile
from client_api.wire import (
    OpenRequest,
    PresenceState,
    ReadinessState,
    RequestCloseReason,
    RequestId,
    Role,
    Session,
    SessionClock,
    SessionEnd,
    SessionId,
    SessionStatus,
    Settlement,
    Time,
    Wire,
    read_secret,
)


class StatusChanged(Wire, frozen=True):
    """The session moved in its status machine."""

    at: Time
    status: SessionStatus
    previous: SessionStatus | None = None
    seq: int = 0


class ReadinessChanged(Wire, frozen=True):
    """One side got further on the way into the room, or fell back."""

    at: Time
    role: Role
    state: ReadinessState
    rung: int | None = None
    seq: int = 0


class PresenceChanged(Wire, frozen=True):
    """The service saw somebody come or go.

    ``pauses_at`` is when paid time stops if that person stays away; None once they are here.
    """

    at: Time
    role: Role
    state: PresenceState
    since: Time | None = None
    pauses_at: Time | None = None
    absence_left_seconds: float | None = None
    seq: int = 0


class ClockChanged(Wire, frozen=True):
    """The paid clock started, stopped, grew or was corrected."""

    at: Time
    clock: SessionClock
    seq: int = 0


class MessageArrived(Wire, frozen=True):
    """A chat message of either side, the own ones too."""

    at: Time
    message: Message
    seq: int = 0


class FileShared(Wire, frozen=True):
    """A file of either side has arrived as a whole."""

    at: Time
    file: SharedFile
    seq: int = 0


class NotesChanged(Wire, frozen=True):
    """The mechanic's notes have a new version; read them again."""

    at: Time
    version: int
    seq: int = 0


class RecordingConsentSaid(Wire, frozen=True):
    """One side lets the other record, or takes that back; ``may_record`` needs both."""

    at: Time
    role: Role
    consents: bool
    may_record: bool
    seq: int = 0


class ExtensionPaid(Wire, frozen=True):
    """Minutes were bought; the clock event beside it carries them."""

    at: Time
    minutes: int
    amount_cents: int
    seq: int = 0


class SessionEnded(Wire, frozen=True):
    """The session is over for both sides."""

    at: Time
    status: SessionStatus
    end: SessionEnd
    seq: int = 0


class SettlementChanged(Wire, frozen=True):
    """What follows the end got further."""

    at: Time
    settlement: Settlement
    seq: int = 0


SessionEvent: TypeAlias = (
    StatusChanged
    | ReadinessChanged
    | PresenceChanged
    | ClockChanged
    | MessageArrived
    | FileShared
    | NotesChanged
    | RecordingConsentSaid
    | ExtensionPaid
    | SessionEnded
    | SettlementChanged
)


class StreamBegan(Wire, frozen=True):
    """The account's stream tells whatever comes behind ``seq``; once, before everything else.

    What is fetched from now on and the events together miss nothing.
    """

    seq: int


class RequestOpened(Wire, frozen=True):
    """A mechanic may accept a new request."""

    at: Time
    request: OpenRequest
    seq: int = 0


class RequestClosed(Wire, frozen=True):
    """A request is gone, whoever took it."""

    at: Time
    request_id: RequestId
    reason: RequestCloseReason
    seq: int = 0


class AccountSessionChanged(Wire, frozen=True):
    """A session of this account is new or different; the whole session comes along."""

    at: Time
    session: Session
    seq: int = 0


class AccountReadinessChanged(Wire, frozen=True):
    """Somebody's readiness in one of this account's sessions."""

    at: Time
    session_id: SessionId
    role: Role
    state: ReadinessState
    rung: int | None = None
    seq: int = 0


class AccountSettlementChanged(Wire, frozen=True):
    """The settlement of one of this account's sessions got further."""

    at: Time
    session_id: SessionId
    settlement: Settlement
    seq: int = 0


AccountEvent: TypeAlias = (
    RequestOpened
    | RequestClosed
    | AccountSessionChanged
    | AccountReadinessChanged
    | AccountSettlementChanged
)

_SESSION_KINDS: dict[str, type[SessionEvent]] = {
    "status": StatusChanged,
    "readiness": ReadinessChanged,
    "presence": PresenceChanged,
    "clock": ClockChanged,
    "message": MessageArrived,
    "file": FileShared,
    "note": NotesChanged,
    "recording": RecordingConsentSaid,
    "extension": ExtensionPaid,
    "ended": SessionEnded,
    "settlement": SettlementChanged,
}
_ACCOUNT_KINDS: dict[str, type[AccountEvent]] = {
    "request.opened": RequestOpened,
    "request.closed": RequestClosed,
    "session.changed": AccountSessionChanged,
    "readiness": AccountReadinessChanged,
    "settlement": AccountSettlementChanged,
}

_E = TypeVar("_E", SessionEvent, AccountEvent)


def read_session_event(kind: str, seq: int, data: str) -> SessionEvent | None:
    """Decode one event of a session's stream; None for its beginning, or a kind we do not know.

    Raises:
        msgspec.DecodeError: ``data`` does not keep to the contract.
    """
    return _read(_SESSION_KINDS, kind, seq, data) if data else None


def read_account_event(kind: str, seq: int, data: str) -> AccountEvent | StreamBegan | None:
    """Decode one event of the account's stream or its beginning; None for a kind we do not know.

    Raises:
        msgspec.DecodeError: ``data`` does not keep to the contract.
    """
    return _read(_ACCOUNT_KINDS, kind, seq, data) if data else StreamBegan(seq)


def _read(kinds: dict[str, type[_E]], kind: str, seq: int, data: str) -> _E | None:
    shape = kinds.get(kind)
    if shape is None:
        return None
    event = msgspec.json.decode(data, type=shape, dec_hook=read_secret)
    return msgspec.structs.replace(event, seq=seq)
