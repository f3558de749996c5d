"""Where a mechanic's money goes: the account at the payment provider, as the operator names it."""

import re
from typing import Final

from liftbay_backend.db.models import SettlementRow
from liftbay_backend.domain.ids import MechanicId
from liftbay_backend.durable.transfers import Refusal
from liftbay_backend.repositories.accounts import mechanic_of_user, user_by_email
from liftbay_backend.repositories.settlements import settlements_waiting_for
from liftbay_backend.services.accounts import normal_email
from liftbay_backend.work import Works

_ACCOUNT: Final = re.compile(r"acct_[A-Za-z0-9_]{1,100}")


class PayoutAccountRefused(Exception):
    """Nothing changed; the text says why."""


async def set_payout_account(works: Works, email: str, account: str) -> MechanicId:
    """Name a mechanic's account at Stripe; what waits for one is tried again at once.

    Raises:
        PayoutAccountRefused: no such mechanic, or no account's name.
    """
    if not _ACCOUNT.fullmatch(account):
        raise PayoutAccountRefused("that is no connected account of Stripe: those begin with acct_")
    async with works.begin() as work:
        user = await user_by_email(work.db, normal_email(email))
        mechanic = None if user is None else await mechanic_of_user(work.db, user.id)
        if mechanic is None:
            raise PayoutAccountRefused("there is no mechanic with this e-mail address")
        mechanic.payout_account = account
        mechanic_id = MechanicId(mechanic.mechanic_id)
        reason = Refusal.NO_ACCOUNT.value
        waiting = await settlements_waiting_for(work.db, mechanic_id, reason)
    for session_id in waiting:
        # Each under its session's lock, as everybody who moves money takes them.
        async with works.begin() as work:
            await work.session(session_id)
            settlement = await work.db.get_one(
                SettlementRow, session_id, with_for_update=True, populate_existing=True
            )
            if settlement.retry_at is not None:
                settlement.retry_at = work.now
    return mechanic_id
