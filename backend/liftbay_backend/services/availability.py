"""Whether a mechanic takes requests now.

Away means not announced: new requests raise no event on that mechanic's stream. They stay in the
list and may be accepted. Whoever becomes available again is told of what is open.
"""

from liftbay_backend.identity import Principal
from liftbay_backend.repositories.accounts import lock_mechanic
from liftbay_backend.repositories.requests import open_requests
from liftbay_backend.services.offers import REQUEST_OPENED, request_wire
from liftbay_backend.work import Work, mechanic_audience


async def set_available(work: Work, principal: Principal, available: bool) -> None:
    """Note whether the mechanic takes requests, and catch up on what was not announced."""
    assert principal.mechanic_id is not None
    mechanic = await lock_mechanic(work.db, principal.mechanic_id)
    was_available, mechanic.is_available = mechanic.is_available, available
    if was_available or not available:
        return
    opened = await open_requests(work.db, work.now)
    # The list is newest first; events come in the order in which things happened.
    for session, request in reversed(opened):
        if session.customer_id == principal.user_id:
            continue
        work.emit_account(
            mechanic_audience(mechanic.mechanic_id),
            REQUEST_OPENED,
            {"request": request_wire(session, request)},
            session_id=session.id,
        )
