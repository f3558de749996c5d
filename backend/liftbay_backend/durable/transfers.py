"""Money to a mechanic: a port, and the built-in test provider that keeps its own book.

A transfer's key makes asking twice harmless, but real providers forget keys after a day and replay
a first failure; so before any attempt the transfers of the session's group are listed.
"""

from dataclasses import dataclass
from typing import Protocol

from liftbay_backend.clock import Clock
from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import ProviderTransferRow
from liftbay_backend.domain.ids import MechanicId, SessionId
from liftbay_backend.repositories.settlements import transfers_of_group


class TransferRefused(Exception):
    """The provider said no for good; a new attempt needs a new key."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is to be paid; `key` names the attempt, `group` the session."""

    key: str
    group: SessionId
    mechanic_id: MechanicId
    amount_cents: int
    currency: str


class TransferProvider(Protocol):
    """Who moves the money. Calls end within a deadline; an unclear end is any other exception."""

    async def references(self, group: SessionId) -> tuple[str, ...]:
        """Return the provider's names of all transfers of a group, oldest first."""

    async def send(self, transfer: Transfer) -> str:
        """Move the money and return the provider's name of the transfer; a key counts once.

        Raises:
            TransferRefused: definitely not moved.
        """


class BookTransfers:
    """The test provider: every transfer succeeds at once and is written into a book of its own.

    Its book is in our database but never in our transactions, as with a real provider.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def references(self, group: SessionId) -> tuple[str, ...]:
        """See the port."""
        async with self._database.reading() as db:
            return await transfers_of_group(db, group)

    async def send(self, transfer: Transfer) -> str:
        """See the port."""
        async with self._database.writing() as db:
            if await db.get(ProviderTransferRow, transfer.key) is None:
                db.add(
                    ProviderTransferRow(
                        key=transfer.key,
                        transfer_group=transfer.group,
                        destination=transfer.mechanic_id,
                        amount_cents=transfer.amount_cents,
                        currency=transfer.currency,
                        created_at=self._clock.now(),
                    )
                )
        return transfer.key
