"""Money to a mechanic: a port, and the built-in test provider that keeps its own book.

A transfer's key makes asking twice harmless, but real providers forget keys after a day and replay
a first failure; so before any attempt the money of the session's group is listed, both ways.
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
    """What is to be taken back of one transfer, at most what is left of it.

    `key` names the attempt.
    """

    key: str
    transfer_ref: str
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What the provider has really moved, by its own name.

    Attributes:
        amount_cents: to the mechanic, or back where it is negative. It can differ from what is
            asked for: where the database was put back from a backup, the same key may have moved
            another amount in the future that is gone.
        left_cents: what a reversal can still take of it.
    """

    reference: str
    amount_cents: int
    left_cents: int = 0


class TransferProvider(Protocol):
    """Who moves the money. Calls end within a deadline; an unclear end is any other exception."""

    async def moved(self, group: SessionId) -> tuple[Moved, ...]:
        """Return all transfers of a group, oldest first, and then all reversals of them."""

    async def send(self, transfer: Transfer) -> Moved:
        """Move the money and return the transfer; a key counts once.

        Raises:
            TransferRefused: definitely not moved.
        """

    async def reverse(self, reversal: Reversal) -> Moved:
        """Take some of a transfer back and return what was taken; a key counts once.

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

    async def moved(self, group: SessionId) -> tuple[Moved, ...]:
        """See the port."""
        async with self._database.reading() as db:
            rows = await transfers_of_group(db, group)
        back = -sum(row.amount_cents for row in rows if row.amount_cents < 0)
        sent = []
        # The book does not say of which transfer something came back: of the newest first.
        for row in [one for one in rows if one.amount_cents > 0][::-1]:
            taken = min(back, row.amount_cents)
            back -= taken
            sent.append(Moved(row.key, row.amount_cents, row.amount_cents - taken))
        reversals = [Moved(row.key, row.amount_cents) for row in rows if row.amount_cents < 0]
        return (*sent[::-1], *reversals)

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
        return await self._write(
            reversal.key,
            transfer.transfer_group,
            transfer.destination,
            -reversal.amount_cents,
            reversal.currency,
        )

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
