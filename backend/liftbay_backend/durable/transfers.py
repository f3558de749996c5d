"""Money to a mechanic: a port, and the built-in test provider that keeps its own book.

A transfer's key makes asking twice harmless, but real providers forget keys after a day and replay
a first failure; so before any attempt the transfers of the session's group are listed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from liftbay_backend.clock import Clock
from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import ProviderTransferRow
from liftbay_backend.domain.ids import MechanicId, SessionId
from liftbay_backend.repositories.settlements import transfers_of_group


class Refusal(StrEnum):
    """Why a provider does not move money."""

    NO_ACCOUNT = "no_account"
    DECLINED = "declined"


class TransferRefused(Exception):
    """The provider said no for good: nothing moved, and a new attempt needs a new key."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is to be paid; `key` names the attempt, `group` the session.

    `account` is the mechanic's account at the provider, None where there is none yet.
    """

    key: str
    group: SessionId
    mechanic_id: MechanicId
    account: str | None
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """What is to be taken back of a transfer; `key` names the attempt."""

    key: str
    transfer_ref: str
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What the provider has really moved, by its own name.

    `amount_cents` can differ from what is asked for: where the database was put back from a
    backup, the same key may have moved another amount in the future that is gone.
    """

    reference: str
    amount_cents: int


class TransferProvider(Protocol):
    """Who moves the money. Calls end within a deadline; an unclear end is any other exception."""

    async def sent(self, group: SessionId) -> tuple[Moved, ...]:
        """Return all transfers of a group, oldest first."""

    async def send(self, transfer: Transfer) -> Moved:
        """Move the money and return the transfer; a key counts once.

        Raises:
            TransferRefused: definitely not moved.
        """

    async def reverse(self, reversal: Reversal) -> Moved:
        """Take some of a transfer back and return what was taken; a key counts once.

        It counts once for good, however long ago it was sent first.

        Raises:
            TransferRefused: definitely not moved.
        """


class BookTransfers:
    """The test provider: every transfer succeeds at once and is written into a book of its own.

    Its book is in our database but never in our transactions, as with a real provider. A reversal
    is a negative amount in it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def sent(self, group: SessionId) -> tuple[Moved, ...]:
        """See the port."""
        async with self._database.reading() as db:
            rows = await transfers_of_group(db, group)
        return tuple(Moved(row.key, row.amount_cents) for row in rows)

    async def send(self, transfer: Transfer) -> Moved:
        """See the port."""
        return await self._write(
            transfer.key,
            transfer.group,
            transfer.mechanic_id,
            transfer.amount_cents,
            transfer.currency,
        )

    async def reverse(self, reversal: Reversal) -> Moved:
        """See the port."""
        async with self._database.reading() as db:
            transfer = await db.get_one(ProviderTransferRow, reversal.transfer_ref)
        taken = await self._write(
            reversal.key,
            transfer.transfer_group,
            transfer.destination,
            -reversal.amount_cents,
            reversal.currency,
        )
        return Moved(taken.reference, -taken.amount_cents)

    async def _write(
        self, key: str, group: str, destination: str, amount_cents: int, currency: str
    ) -> Moved:
        async with self._database.writing() as db:
            row = await db.get(ProviderTransferRow, key)
            if row is None:
                row = ProviderTransferRow(
                    key=key,
                    transfer_group=group,
                    destination=destination,
                    amount_cents=amount_cents,
                    currency=currency,
                    created_at=self._clock.now(),
                )
                db.add(row)
            return Moved(row.key, row.amount_cents)
