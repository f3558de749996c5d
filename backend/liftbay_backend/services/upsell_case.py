"""What the upsell rules look at, gathered from the rows of a session and of those before it."""

from collections.abc import Sequence
from typing import Any

from liftbay_backend.db.engine import DbSession
from liftbay_backend.db.models import NotesRow, SessionRow
from liftbay_backend.domain.end_rules import EndReason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.plans import Plans
from liftbay_backend.domain.upsells import REMEMBERED_FOR, Case, Finding, History, car_of
from liftbay_backend.repositories.sessions import completed_between
from liftbay_backend.repositories.settlements import upsell_codes


async def case_of(db: DbSession, session: SessionRow, plans: Plans) -> Case:
    """Return the case of an ended session, as it was at its end."""
    notes = await db.get(NotesRow, session.id)
    longest = max(plan.total_seconds for plan in plans.values())
    plan = plans.get(session.plan)
    is_shorter = plan is not None and plan.total_seconds < longest
    return Case(
        session=SessionId(session.id),
        concern=session.concern,
        findings=_findings(notes.findings if notes is not None else ()),
        wants_more_time=is_shorter and session.end_reason == EndReason.TIME_UP.value,
        history=await _history(db, session),
    )


async def _history(db: DbSession, session: SessionRow) -> History:
    assert session.ended_at is not None
    since = session.ended_at - REMEMBERED_FOR
    earlier = await completed_between(db, session.customer_id, since, session.ended_at)
    car = car_of(session.vehicle)
    same = [one.id for one in earlier if one.id != session.id and car_of(one.vehicle) == car]
    return History(len(same), frozenset(await upsell_codes(db, same)))


def _findings(stored: Sequence[Any]) -> list[Finding]:
    return [
        Finding(str(one.get("title", "")), str(one.get("detail", "")), str(one.get("severity", "")))
        for one in stored
        if isinstance(one, dict)
    ]
