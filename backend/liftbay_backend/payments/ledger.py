"""The ledger: double entries in integer cents, written once per posting."""

from collections.abc import Sequence
from typing import Final

from liftbay_backend.db.models import LedgerEntryRow, SessionRow
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.repositories.payments import is_posted
from liftbay_backend.work import Work

PLATFORM: Final = "platform"
DISPUTED: Final = "disputed"
"""What chargebacks keep from the platform until they are decided."""


class Unbalanced(Exception):
    """The lines of a posting do not add up to zero, or one account appears twice."""


def owed_account(mechanic_id: MechanicId | str) -> str:
    """Name the account of what a mechanic has earned and not got; below zero it goes back."""
    return f"owed:{mechanic_id}"


def customer_account(user_id: UserId | str) -> str:
    """Name a customer's account."""
    return f"customer:{user_id}"


def mechanic_account(mechanic_id: MechanicId | str) -> str:
    """Name a mechanic's account."""
    return f"mechanic:{mechanic_id}"


async def post(
    work: Work, session: SessionRow, posting: str, lines: Sequence[tuple[str, int]]
) -> bool:
    """Book one posting, unless it is booked already.

    Args:
        posting: its unique name, e.g. ``payment-<payment id>``; a second one changes nothing.
        lines: account and signed cents; money that an account receives is positive.

    Returns:
        Whether it was booked now.

    Raises:
        Unbalanced: the lines do not add up to zero, or an account appears twice.
    """
    if sum(cents for _, cents in lines) != 0 or len({account for account, _ in lines}) < 2:
        raise Unbalanced(posting)
    if len({account for account, _ in lines}) != len(lines):
        raise Unbalanced(posting)
    if await is_posted(work.db, posting):
        return False
    for account, cents in lines:
        work.db.add(
            LedgerEntryRow(
                posting=posting,
                account=account,
                amount_cents=cents,
                currency=session.currency,
                session_id=session.id,
                at=work.now,
            )
        )
    await work.db.flush()
    return True
