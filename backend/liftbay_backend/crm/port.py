"""How the service reaches a CRM: a port, and the ways in which it does not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CrmMessage:
    """One record on its way.

    Attributes:
        id: the same at every attempt, so that a receiver keeps the record once.
        at: service time of this attempt.
        body: JSON, byte for byte the same at every attempt.
    """

    id: str
    at: datetime
    body: str = field(repr=False)


class NotDelivered(Exception):
    """The CRM did not confirm; whether it has the record is unknown.

    Attributes:
        reason: for the operator, without an address, a body or a secret.
        is_final: the receiver said that it takes no more; asking again is pointless.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class CrmReceiver(Protocol):
    """Where records go."""

    async def send(self, message: CrmMessage) -> None:
        """Hand a record over; returns when the receiver confirmed it. Ends within a deadline.

        Raises:
            NotDelivered: no confirmation came.
        """

    async def close(self) -> None:
        """Give the connections back."""
