"""How often one side of a session may send something; each lies well above what a client does.

quality     every 15 s, and after an outage 60 batches at once
messages    as fast as somebody types, and after an outage what waited in the durable queue
readiness   every 30 s, and at each step of the preflight
"""

from typing import Final

from liftbay_backend.access import Access
from liftbay_backend.core import Core
from liftbay_backend.problems import Problem

BATCHES: Final = "120/minute"
MESSAGES: Final = "120/minute"
READINESS: Final = "120/minute"
CONSENTS: Final = "60/minute"


async def keep_pace(core: Core, access: Access, limit: str, what: str) -> None:
    """Count one arrival of one side of one session, before anything of it is stored.

    Args:
        limit: one of the above.
        what: the last word of the route, which is the limit's own name.

    Raises:
        Problem: RATE_LIMITED with reason "pace".
    """
    try:
        await core.limits.hit(limit, what, access.session_id, access.participant.value)
    except Problem as refusal:
        raise Problem(
            refusal.error,
            f"{what} comes too often.",
            headers=refusal.headers,
            reason="pace",
        ) from None
