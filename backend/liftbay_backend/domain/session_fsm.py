"""The status machine of a session: one table, asked by every write and by the database triggers.

    pending -> scheduled -> accepted -> waiting -> live -> completed -> refunded -> archived

with the ways out `cancelled`, `expired` and `unattended`. A drop in a live session is presence,
not a status. Contract: tests/contract/status_machine.json
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SessionStatus(StrEnum):
    """Every condition a session can be in."""

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


_S = SessionStatus
_OVER: Final = frozenset({_S.REFUNDED, _S.ARCHIVED})

INITIAL: Final = SessionStatus.PENDING

TRANSITIONS: Final[Mapping[SessionStatus, frozenset[SessionStatus]]] = {
    _S.PENDING: frozenset({_S.WAITING, _S.SCHEDULED, _S.CANCELLED, _S.EXPIRED, _S.UNATTENDED}),
    _S.SCHEDULED: frozenset({_S.ACCEPTED, _S.WAITING, _S.LIVE, _S.CANCELLED, _S.EXPIRED}),
    _S.ACCEPTED: frozenset({_S.WAITING, _S.LIVE, _S.CANCELLED, _S.EXPIRED, _S.RECONNECTING}),
    _S.WAITING: frozenset({_S.LIVE, _S.CANCELLED, _S.EXPIRED}),
    _S.RECONNECTING: frozenset({_S.LIVE, _S.CANCELLED, _S.EXPIRED}),
    _S.LIVE: frozenset({_S.COMPLETED, _S.CANCELLED, _S.EXPIRED}),
    _S.COMPLETED: _OVER,
    _S.CANCELLED: _OVER,
    _S.EXPIRED: _OVER,
    _S.UNATTENDED: _OVER,
    _S.REFUNDED: frozenset({_S.ARCHIVED}),
    _S.ARCHIVED: frozenset(),
}

UNSTARTED: Final = frozenset({_S.PENDING, _S.SCHEDULED, _S.ACCEPTED, _S.WAITING, _S.RECONNECTING})
"""Nobody has spent paid time yet, so the session can be cancelled or given back."""

PROMISED: Final = frozenset({_S.SCHEDULED, _S.ACCEPTED, _S.WAITING})
"""A mechanic has accepted, and the session has not started: it has its window to do so."""

JOINABLE: Final = frozenset({_S.SCHEDULED, _S.ACCEPTED, _S.WAITING, _S.RECONNECTING, _S.LIVE})
"""A room token may be issued."""

ENDED: Final = frozenset(
    {_S.COMPLETED, _S.CANCELLED, _S.EXPIRED, _S.UNATTENDED, _S.REFUNDED, _S.ARCHIVED}
)
"""No way back into the room."""


def is_allowed(current: SessionStatus, requested: SessionStatus) -> bool:
    """Tell whether a session may go from one status to the other; same to same is a no-op."""
    return current is requested or requested in TRANSITIONS[current]
