"""Whether a mechanic takes requests now.

Away means not announced: new requests raise no event on that mechanic's stream. They stay in the
list and may be accepted. Whoever becomes available again is told of what is open.
"""

from sqlalchemy import select

from liftbay_backend.access import Principal
from liftbay_backend.db.models import MechanicRow
from liftbay_backend.services.offers import REQUEST_OPENED, request_wire
from liftbay_backend.services.requests import open_requests_query
from liftbay_backend.work import Work, mechanic_audience


async def set_available(work: Work, principal: Principal, available: bool) -> None:
    """Note whether the mechanic takes requests, and catch up on what was not announced."""
    assert principal.mechanic_id is not None
    query = (
        select(MechanicRow)
        .where(MechanicRow.mechanic_id == principal.mechanic_id)
        .with_for_update()
    )
    mechanic = (await work.db.execute(query)).scalar_one()
    was_available, mechanic.is_available = mechanic.is_available, available
    if was_available or not available:
        return
    opened = (await work.db.execute(open_requests_query(work.now))).all()
    # The list is newest first; events come in the order in which things happened.
    for session, request in reversed(opened):
        work.emit_account(
            mechanic_audience(mechanic.mechanic_id),
            REQUEST_OPENED,
            {"request": request_wire(session, request)},
            session_id=session.id,
        )
