"""What must be true of every session at every moment, asked of the database and of both clients."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select, text

from liftbay_backend.crm.record import CORRECTED, SETTLED
from liftbay_backend.db.models import (
    CrmRecordRow,
    PaymentRow,
    PayoutRow,
    RequestRow,
    SessionEventRow,
    SessionRow,
    SettlementRow,
    UpsellRow,
)
from liftbay_backend.domain.end_rules import start_due_at
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.session_fsm import ENDED, INITIAL, TRANSITIONS, SessionStatus
from liftbay_backend.domain.states import PaymentStatus, SettlementState, WorkState
from tests.fakes.customer_view import THE_MECHANICS
from tests.fakes.ledger_audit import QUESTIONS
from tests.fakes.lifecycle_stage import LifecycleStage

GIVEN_BACK: Final = (SessionStatus.CANCELLED, SessionStatus.EXPIRED, SessionStatus.UNATTENDED)
_SAME_FOR_BOTH: Final = (
    *("status", "payment_status", "end", "total_seconds", "started_at", "ended_at", "settlement"),
    *("price_cents", "scheduled_for", "accepted_at"),
)


@dataclass
class LifecycleAudit:
    """Remembers what it saw, so that it notices what goes back."""

    stage: LifecycleStage
    _status: dict[str, SessionStatus] = field(default_factory=dict)
    _seq: dict[str, int] = field(default_factory=dict)
    _ends: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _revisions: dict[str, int] = field(default_factory=dict)
    _shown: dict[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def have_all_ended(self) -> bool:
        """Tell whether every session that was seen had ended by then."""
        return bool(self._status) and set(self._status.values()) <= ENDED

    @property
    def ends(self) -> list[str]:
        """Return how sessions ended, as far as it was seen: status and reason of each."""
        return [f"{self._status[one].value}: {end[1]}" for one, end in self._ends.items()]

    async def look(self) -> None:
        """Ask everything.

        Raises:
            AssertionError: something is not as it must be.
        """
        async with self.stage.service.core.database.reading() as db:
            for name, query in QUESTIONS.items():
                assert (await db.execute(text(query))).all() == [], name
            sessions = (await db.execute(select(SessionRow))).scalars().all()
            for session in sessions:
                new_events = (
                    select(SessionEventRow)
                    .where(
                        SessionEventRow.session_id == session.id,
                        SessionEventRow.seq > self._seq.get(session.id, 0),
                    )
                    .order_by(SessionEventRow.seq)
                )
                events = (await db.execute(new_events)).scalars().all()
                self._moved_by_arrows(session, events)
                self._ended_once(session)
            payments = (await db.execute(select(PaymentRow))).scalars().all()
            self._money_is_real(sessions, payments)
            payouts = (await db.execute(select(PayoutRow))).scalars().all()
            self._one_of_each(payouts, (await db.execute(select(UpsellRow))).scalars().all())
        for session in sessions:
            shown = (
                *(session.event_seq, session.payment_status, session.clock_revision),
                *(session.mechanic_id, self.stage.deaths),
            )
            # Asked only when there may be something new to see: it is the dearest question.
            if self._shown.get(session.id) != shown:
                await self._both_see_the_same(session)
                self._shown[session.id] = shown

    async def at_rest(self) -> None:
        """Ask what must be true once nothing is left to do: everything is paid, or given back.

        Raises:
            AssertionError: something is still open, or went to the wrong side.
        """
        stage = self.stage
        async with stage.service.core.database.reading() as db:
            sessions = (await db.execute(select(SessionRow))).scalars().all()
            settlements = (await db.execute(select(SettlementRow))).scalars().all()
            requests = (await db.execute(select(RequestRow.status))).scalars().all()
            payments = (await db.execute(select(PaymentRow))).scalars().all()
            records = (await db.execute(select(CrmRecordRow))).scalars().all()
        assert {one.status for one in sessions} <= ENDED
        assert RequestStatus.PENDING not in requests
        assert {one.session_id for one in settlements} == {one.id for one in sessions}
        for row in settlements:
            assert (row.state, row.retry_at) == (SettlementState.DONE, None), row.session_id
        assert {one.state for one in records} <= {WorkState.DONE}
        assert {one.status for one in payments}.isdisjoint(
            {PaymentStatus.DUE, PaymentStatus.REFUNDING}
        )
        earned = {one.session_id: one.payout_cents for one in settlements}
        for session in sessions:
            paid = [one for one in payments if one.session_id == session.id]
            kept = sum(
                stage.payments.captured[one.provider_ref]
                - stage.payments.given_back(one.provider_ref)
                for one in paid
            )
            booked = sum(one.amount_cents - one.refunded_cents for one in paid if one.paid_at)
            assert booked == kept, "the books differ from what the customer paid"
            assert session.billable or kept == 0, "money was kept for nothing"
            net = stage.transfers.net_cents(SessionId(session.id))
            assert net == earned[session.id] == mechanic_share_cents(kept), session.id
            self._crm_knows(session, kept, earned[session.id])

    def _crm_knows(self, session: SessionRow, paid_cents: int, share_cents: int) -> None:
        """Hold that the CRM was told once how it ended, and of each change after that once."""
        told = [
            (name, json.loads(body))
            for name, body in self.stage.crm.records.items()
            if session.id in body
        ]
        said = [
            tuple(one["data"][key] for key in ("status", "paid_cents", "mechanic_share_cents"))
            for _, one in told
        ]
        assert [one["type"] for _, one in told] == [SETTLED] + [CORRECTED] * (len(told) - 1)
        assert [one["data"]["supersedes"] for _, one in told[1:]] == [name for name, _ in told[:-1]]
        assert all(one != following for one, following in pairwise(said)), "told twice"
        if session.status is not SessionStatus.ARCHIVED:
            # What is given back after that has nobody's name any more.
            assert said[-1] == (session.status.value, paid_cents, share_cents)

    def _moved_by_arrows(self, session: SessionRow, events: Sequence[SessionEventRow]) -> None:
        last = self._seq.get(session.id, 0)
        status = self._status.get(session.id, INITIAL)
        if session.status is SessionStatus.ARCHIVED:
            # What happened since the last look was erased with everything else: a leap of a year in
            # one step holds a whole life. That it had ended long enough ago is in its row.
            days = timedelta(days=self.stage.settings.archive_after_days)
            assert session.ended_at is not None, status
            assert session.ended_at + days <= self.stage.service.clock.now(), status
        else:
            numbers = [one.seq for one in events]
            assert numbers == list(range(last + 1, last + 1 + len(numbers))), "an event is missing"
            for one in events:
                if one.kind != "status":
                    continue
                assert one.data["previous"] == status
                following = SessionStatus(one.data["status"])
                assert following in TRANSITIONS[status], (status, following)
                status = following
            assert status is session.status, "a status without its event"
        self._status[session.id], self._seq[session.id] = session.status, session.event_seq

    def _ended_once(self, session: SessionRow) -> None:
        assert (session.ended_at is not None) == (session.status in ENDED)
        assert session.clock_revision >= self._revisions.get(session.id, 0)
        self._revisions[session.id] = session.clock_revision
        window = self.stage.settings.start_window_seconds
        due_at = start_due_at(session.accepted_at, session.scheduled_for, window)
        if session.started_at is not None:
            assert due_at is not None
            assert session.started_at < due_at, "started behind its window"
        if session.ended_at is None:
            return
        end = (session.ended_at, session.end_reason, session.ended_by, session.duration_seconds)
        assert self._ends.setdefault(session.id, end) == end, "ended a second time"
        assert session.duration_seconds is not None
        assert 0 <= session.duration_seconds <= session.total_seconds
        if session.started_at is not None:
            stayed = (session.ended_at - session.started_at).total_seconds()
            assert session.duration_seconds <= stayed + 0.001, "more paid time than there was"

    def _money_is_real(
        self, sessions: Sequence[SessionRow], payments: Sequence[PaymentRow]
    ) -> None:
        outside = self.stage.payments
        for one in payments:
            captured, given = (
                outside.captured[one.provider_ref],
                outside.given_back(one.provider_ref),
            )
            assert captured <= one.amount_cents
            assert given <= captured, "more went back than was paid"
            assert one.refunded_cents <= given, "booked, and never given back"
            assert one.paid_at is None or captured == one.amount_cents, "booked, and never paid"
            ended_at = next(each.ended_at for each in sessions if each.id == one.session_id)
            if one.paid_at is not None and ended_at is not None and one.paid_at > ended_at:
                assert one.status is not PaymentStatus.PAID, "kept what came after the end"
        for session in sessions:
            paid = sum(
                outside.captured[one.provider_ref]
                for one in payments
                if one.session_id == session.id
            )
            net = self.stage.transfers.net_cents(SessionId(session.id))
            assert 0 <= net <= mechanic_share_cents(paid), "the mechanic got more than the share"
            sold = [one for one in payments if one.session_id == session.id and one.paid_at]
            most = sum(one.seconds for one in sold)
            assert session.started_at is None or session.total_seconds <= most, "unpaid minutes"

    def _one_of_each(self, payouts: Sequence[PayoutRow], upsells: Sequence[UpsellRow]) -> None:
        paid = [
            one.session_id
            for one in payouts
            if one.amount_cents > 0 and one.state is WorkState.DONE
        ]
        assert len(paid) == len(set(paid)), "two payouts"
        moved = [one.group for one in self.stage.transfers.sent.values()]
        assert len(moved) == len(set(moved)), "two transfers"
        offered = [(one.session_id, one.code) for one in upsells]
        assert len(offered) == len(set(offered)), "an offer twice"

    async def _both_see_the_same(self, session: SessionRow) -> None:
        stage = self.stage
        path = f"/api/sessions/{session.id}"
        mine = await stage.customer.http.get(path)
        mechanic = next(
            (one for one in stage.mechanics if one.mechanic_id == session.mechanic_id), None
        )
        assert mine.status_code == 200, mine.text
        assert mine.json()["status"] == session.status.value
        if mechanic is None:
            return
        theirs = await mechanic.http.get(path)
        assert theirs.status_code == 200, theirs.text
        one, other = mine.json(), theirs.json()
        assert [_shared(one.get(key)) for key in _SAME_FOR_BOTH] == [
            _shared(other.get(key)) for key in _SAME_FOR_BOTH
        ]
        assert one["clock"] == other["clock"]


def _shared(value: Any) -> Any:
    """Leave out what is between the mechanic and the operator."""
    if not isinstance(value, dict):
        return value
    return {name: one for name, one in value.items() if name not in THE_MECHANICS}
