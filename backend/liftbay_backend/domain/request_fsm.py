"""The status machine of a request, the open offer that mechanics see."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RequestStatus(StrEnum):
    """Every condition a request can be in; all but `PENDING` are terminal."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


INITIAL: Final = RequestStatus.PENDING

TRANSITIONS: Final[Mapping[RequestStatus, frozenset[RequestStatus]]] = {
    RequestStatus.PENDING: frozenset(
        {RequestStatus.ACCEPTED, RequestStatus.EXPIRED, RequestStatus.CANCELLED}
    ),
    RequestStatus.ACCEPTED: frozenset(),
    RequestStatus.EXPIRED: frozenset(),
    RequestStatus.CANCELLED: frozenset(),
}


def is_allowed(current: RequestStatus, requested: RequestStatus) -> bool:
    """Tell whether a request may go from one status to the other; same to same is a no-op."""
    return current is requested or requested in TRANSITIONS[current]
