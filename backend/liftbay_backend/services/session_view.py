"""The wire `session`: one builder for every answer and every dashboard event that shows one.

What the mechanic gets of the money, and how that stands, is the mechanic's and support's to see: to
a customer those fields are null.

Contract: tests/contract/session.json
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liftbay_backend.clock import wire_time
from liftbay_backend.db.engine import DbSession
from liftbay_backend.db.models import SessionRow, SettlementRow
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import SessionClock
from liftbay_backend.domain.states import SettlementState
from liftbay_backend.repositories.accounts import customer_names, mechanic_names
from liftbay_backend.repositories.payments import failing_refunds
from liftbay_backend.repositories.presence import readiness_rows
from liftbay_backend.repositories.requests import request_ids
from liftbay_backend.repositories.settlements import settlements_of


@dataclass(frozen=True, slots=True)
class SessionViews:
    """Builds wire sessions at one moment.

    Attributes:
        now: service time, also the `server_now` of every clock inside.
        warnings: remaining seconds at which clients warn.
    """

    db: DbSession
    now: datetime
    warnings: tuple[int, ...]

    async def one(self, row: SessionRow, side: Side | None) -> dict[str, Any]:
        """Return one session as this side sees it; None is support."""
        return (await self.many([(row, side)]))[0]

    async def many(self, rows: Sequence[tuple[SessionRow, Side | None]]) -> list[dict[str, Any]]:
        """Return sessions in the given order, with a handful of queries for all of them."""
        ids = [row.id for row, _ in rows]
        db = self.db
        customers = await customer_names(db, [row.customer_id for row, _ in rows])
        mechanics = await mechanic_names(
            db, [row.mechanic_id for row, _ in rows if row.mechanic_id]
        )
        requests = await request_ids(db, ids)
        readiness = await self._readiness(ids)
        found = await settlements_of(self.db, ids)
        settlements = await self._settlements(rows, found)
        return [
            {
                **_facts(row),
                "mechanic_share_cents": None
                if side is Side.CUSTOMER
                else _share(row, found.get(row.id)),
                "request_id": requests.get(row.id),
                "my_role": "support" if side is None else side.value,
                "counterpart": _counterpart(row, side, customers, mechanics),
                "clock": clock_wire(row, self.now, self.warnings),
                "readiness": readiness[row.id],
                "end": end_wire(row),
                "settlement": settlements.get(row.id),
            }
            for row, side in rows
        ]

    async def _settlements(
        self, rows: Sequence[tuple[SessionRow, Side | None]], found: Mapping[str, SettlementRow]
    ) -> dict[str, dict[str, Any]]:
        customers = {row.id for row, side in rows if side is Side.CUSTOMER}
        failed = [
            one.session_id
            for one in found.values()
            if one.session_id in customers and one.state is SettlementState.FAILED
        ]
        failing = await failing_refunds(self.db, failed) if failed else frozenset[str]()
        return {
            one.session_id: settlement_for_customer(one, fails=one.session_id in failing)
            if one.session_id in customers
            else settlement_wire(one)
            for one in found.values()
        }

    async def _readiness(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {
            one: {side.value: {"state": "absent", "rung": None} for side in Side} for one in ids
        }
        for row in await readiness_rows(self.db, ids):
            found[row.session_id][row.side.value] = {"state": row.state.value, "rung": row.rung}
        return found


def session_clock(row: SessionRow) -> SessionClock:
    """Return the clock's columns as the pure clock."""
    return SessionClock(
        revision=row.clock_revision,
        state=row.clock_state,
        total_seconds=row.total_seconds,
        started_at=row.started_at,
        ends_at=row.ends_at,
        held_remaining_seconds=row.held_remaining_seconds,
        paused_seconds=row.paused_seconds,
        paused_at=row.paused_at,
        resumed_at=row.resumed_at,
    )


def clock_wire(row: SessionRow, now: datetime, warnings: tuple[int, ...]) -> dict[str, Any]:
    """Return a session's wire clock."""
    return wire_of_clock(session_clock(row), now, warnings)


def wire_of_clock(clock: SessionClock, now: datetime, warnings: tuple[int, ...]) -> dict[str, Any]:
    """Return the wire clock. Contract: tests/contract/clock_*.json"""
    return {
        "revision": clock.revision,
        "server_now": wire_time(now),
        "state": clock.state.value,
        "started_at": _optional_time(clock.started_at),
        "ends_at": _optional_time(clock.ends_at),
        "remaining_seconds": round(clock.remaining_seconds(now), 3),
        "total_seconds": clock.total_seconds,
        "paused_seconds": round(clock.paused_seconds_until(now), 3),
        "warnings": list(warnings),
    }


def end_wire(row: SessionRow) -> dict[str, Any] | None:
    """Return how a session that had begun was ended, else None."""
    if row.ended_at is None or row.end_reason is None:
        return None
    return {
        "reason": row.end_reason,
        "ended_by": row.ended_by,
        "ended_at": wire_time(row.ended_at),
        "duration_seconds": row.duration_seconds,
        "billable": bool(row.billable),
    }


def settlement_for_customer(row: SettlementRow, *, fails: bool) -> dict[str, Any]:
    """Return the wire settlement without what is between mechanic and operator.

    A payout that does not move is none of the customer's troubles: to them the rest is done.

    Args:
        fails: whether a refund of theirs could not be carried out so far.
    """
    is_theirs = row.state is not SettlementState.FAILED or fails
    return {
        "state": (row.state if is_theirs else SettlementState.DONE).value,
        "payout_cents": None,
        "payout_state": None,
        "payout_error": None,
        "crm_state": row.crm_state,
        "upsell_count": row.upsell_count,
    }


def settlement_wire(row: SettlementRow) -> dict[str, Any]:
    """Return the wire settlement as the mechanic, support and the operator see it."""
    return {
        "state": row.state.value,
        "payout_cents": row.payout_cents,
        "payout_state": row.payout_state,
        "payout_error": row.payout_error,
        "crm_state": row.crm_state,
        "upsell_count": row.upsell_count,
    }


def _facts(row: SessionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type.value,
        "status": row.status.value,
        "plan": row.plan,
        "total_seconds": row.total_seconds,
        "price_cents": row.price_cents,
        "currency": row.currency,
        "payment_status": row.payment_status.value,
        "created_at": wire_time(row.created_at),
        "accepted_at": _optional_time(row.accepted_at),
        "scheduled_for": _optional_time(row.scheduled_for),
        "started_at": _optional_time(row.started_at),
        "ended_at": _optional_time(row.ended_at),
        "vehicle": row.vehicle,
        "concern": row.concern,
        "urgency": row.urgency,
    }


def _share(row: SessionRow, settlement: SettlementRow | None) -> int:
    """Return what the mechanic gets: from the end on the settlement's word, until then the rule's.

    After the end refunds lessen it, and a session that nobody got earns nothing.
    """
    if settlement is not None:
        return settlement.payout_cents
    return mechanic_share_cents(row.price_cents + row.extensions_cents)


def _counterpart(
    row: SessionRow, side: Side | None, customers: dict[str, str], mechanics: dict[str, str]
) -> dict[str, str] | None:
    match side:
        case None:
            return None
        case Side.MECHANIC:
            return {"name": customers[row.customer_id], "role": Side.CUSTOMER.value}
        case Side.CUSTOMER:
            if row.mechanic_id is None:
                return None
            return {"name": mechanics[row.mechanic_id], "role": Side.MECHANIC.value}


def _optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else wire_time(moment)
