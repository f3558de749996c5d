"""The words of the contract: ids and closed sets, one type for each.

Ids are NewTypes, so that a `MechanicId` never passes for a `UserId`. An enum whose set may grow
has `UNKNOWN`, which any word that a newer service invents decodes to; the others are closed.

Must not import anything of the project.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

SessionId = NewType("SessionId", str)
UserId = NewType("UserId", str)
MechanicId = NewType("MechanicId", str)
RequestId = NewType("RequestId", str)
ReportId = NewType("ReportId", str)
RunId = NewType("RunId", str)
FileId = NewType("FileId", str)
AttemptId = NewType("AttemptId", str)
"""A UUID: one person's one attempt to be in the room. A rejoin is a new attempt."""
ClientMessageId = NewType("ClientMessageId", str)
"""A UUID the sender makes, so that a message sent twice is stored once."""
AccountId = NewType("AccountId", str)
"""Whose sign-in it is, in one role: ``customer-<user id>`` or ``mechanic-<mechanic id>``."""
IdempotencyKey = NewType("IdempotencyKey", str)
"""A UUID for one intent. Sending the same intent again uses the same key."""


class _OpenEnum(StrEnum):
    """An enum whose set may grow on the service's side before the client knows."""

    @classmethod
    def _missing_(cls, value: object) -> _OpenEnum | None:
        return cls("unknown") if isinstance(value, str) and value != "unknown" else None


class SessionStatus(_OpenEnum):
    """The session's status; product.md holds the table of what may follow what."""

    PENDING = "pending"
    SCHEDULED = "scheduled"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    RECONNECTING = "reconnecting"
    LIVE = "live"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNATTENDED = "unattended"
    REFUNDED = "refunded"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"


OVER_STATUSES = frozenset(
    {
        SessionStatus.COMPLETED,
        SessionStatus.CANCELLED,
        SessionStatus.EXPIRED,
        SessionStatus.UNATTENDED,
        SessionStatus.REFUNDED,
        SessionStatus.ARCHIVED,
    }
)
"""No call is possible any more."""


class Role(StrEnum):
    """Who somebody is, in an account or in a session."""

    CUSTOMER = "customer"
    MECHANIC = "mechanic"
    SUPPORT = "support"


class Plan(_OpenEnum):
    """What a customer buys; minutes and prices come from the service."""

    CHAT10 = "chat10"
    VIDEO15 = "video15"
    DIAGNOSTIC = "diagnostic"
    UNKNOWN = "unknown"


class SessionType(_OpenEnum):
    """A chat session belongs to the web product; this client only lists it."""

    CHAT = "chat"
    VIDEO = "video"
    UNKNOWN = "unknown"


class PaymentStatus(_OpenEnum):
    """Where the customer's money for a session is."""

    DUE = "due"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class Urgency(_OpenEnum):
    """How soon the customer needs an answer."""

    NOW = "now"
    SOON = "soon"
    WHENEVER = "whenever"
    UNKNOWN = "unknown"


class ReadinessState(_OpenEnum):
    """How far one side is on the way into the room."""

    ABSENT = "absent"
    CHECKING = "checking"
    FIXING = "fixing"
    READY = "ready"
    IN_CALL = "in_call"
    UNKNOWN = "unknown"


class ClockState(StrEnum):
    """What paid time is doing."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class PresenceState(_OpenEnum):
    """Whether the service sees somebody in the room."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class SessionEndReason(_OpenEnum):
    """Why a session is over. A client may ask only for the first three."""

    ENDED_BY_CUSTOMER = "ended_by_customer"
    ENDED_BY_MECHANIC = "ended_by_mechanic"
    WINDOW_CLOSED = "window_closed"
    TIME_UP = "time_up"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNATTENDED = "unattended"
    UNKNOWN = "unknown"


class RequestCloseReason(_OpenEnum):
    """Why a request is no longer open."""

    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class WorkState(_OpenEnum):
    """How far a piece of settlement is (the whole, the payout, the CRM record, an earning)."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    PAID = "paid"
    OWED = "owed"
    DELIVERED = "delivered"
    NOT_DUE = "not_due"
    REVERSED = "reversed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PayoutError(_OpenEnum):
    """Why money to or from a mechanic has not moved so far. It is tried again."""

    NO_ACCOUNT = "no_account"
    DECLINED = "declined"
    PROVIDER_DOWN = "provider_down"
    UNKNOWN = "unknown"


class FileKind(_OpenEnum):
    """What a shared file is to the session."""

    FILE = "file"
    SNAPSHOT = "snapshot"
    UNKNOWN = "unknown"


class Severity(_OpenEnum):
    """When a finding wants attention."""

    NOW = "now"
    SOON = "soon"
    WATCH = "watch"
    OK = "ok"
    UNKNOWN = "unknown"


class PreflightTrigger(StrEnum):
    """Why a preflight ran."""

    JOIN = "join"
    SUPPORT = "support"
    WATCH = "watch"
