"""Presence of a session's two people, booked: what one look at the room, or one tick, changes.

Joins and leaves become rows and events; absences stop and end the paid time (`domain.presence`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from liftbay_backend.clock import wire_time
from liftbay_backend.db.models import PresenceRow, SessionRow
from liftbay_backend.domain.end_rules import EndedBy, EndReason
from liftbay_backend.domain.presence import (
    AbsenceAccount,
    Presence,
    PresenceRules,
    account,
    both_present,
    joined,
    left,
)
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import ClockState, pause, resume
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PresenceState
from liftbay_backend.repositories.presence import presence_rows
from liftbay_backend.rooms.ports import RoomParticipant
from liftbay_backend.services.clock_rows import store_clock
from liftbay_backend.services.ending import EndRules, end_live_session
from liftbay_backend.services.readiness import follow_presence
from liftbay_backend.services.session_view import clock_wire, session_clock
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work

Seen: TypeAlias = Mapping[Side, RoomParticipant | None]


class Booking:
    """What one look, or one tick, changes in one locked session.

    Attributes:
        signs: signs of life that are not in the table yet.
    """

    def __init__(
        self,
        work: Work,
        session: SessionRow,
        rules: PresenceRules,
        end_rules: EndRules,
        signs: Mapping[Side, datetime],
    ) -> None:
        """Take what is known."""
        self.signs = signs
        self._work = work
        self._session = session
        self._rules = rules
        self._end_rules = end_rules

    async def presence(self, seen: Seen) -> None:
        """Book joins and leaves, and tell both sides about them."""
        work, session = self._work, self._session
        rows = await presence_rows(work.db, session.id)
        changed: list[Side] = []
        for side, person in seen.items():
            row = rows.get(side)
            if row is None:
                if person is None:
                    continue
                row = PresenceRow(
                    session_id=session.id, side=side, state=PresenceState.NEVER, since=work.now
                )
                work.db.add(row)
                rows[side] = row
            self._hear(side, row)
            before = presence_of(row)
            if person is None:
                after = left(before, work.now, self._rules)
            else:
                after = joined(before, work.now)
                if before.state is not PresenceState.PRESENT or is_new_join(row, person):
                    row.joined_at = work.now
                    row.present_attempt = person.attempt
            if after is not before:
                row.state = after.state
                row.since = after.since or work.now
                changed.append(side)
        if session.status is SessionStatus.LIVE:
            absences = account(absences_of(session), map(presence_of, rows.values()), work.now)
            store_absences(session, absences)
        for side in changed:
            work.emit(session, "presence", self._presence_wire(side, rows[side]))
            is_present = rows[side].state is PresenceState.PRESENT
            await follow_presence(work, session, side, is_present=is_present)

    def _hear(self, side: Side, row: PresenceRow) -> None:
        at, known = self.signs.get(side), row.last_sign_of_life_at
        if at is not None and (known is None or known < at):
            row.last_sign_of_life_at = at

    async def time(self) -> None:
        """Pause, resume or abandon a live session as its absences demand."""
        work, session = self._work, self._session
        if session.status is not SessionStatus.LIVE:
            return
        absences = absences_of(session)
        clock = session_clock(session)
        due = absences.pause_due_at(self._rules)
        if due is not None and due <= work.now:
            clock = pause(clock, due)
        elif absences.open_since is None:
            clock = resume(clock, work.now)
        if store_clock(session, clock):
            warnings = self._end_rules.warnings
            work.emit(session, "clock", {"clock": clock_wire(session, work.now, warnings)})
        cap_at = absences.cap_at(self._rules)
        if cap_at is not None and cap_at <= work.now:
            await end_live_session(
                work,
                session,
                self._end_rules,
                reason=EndReason.ABANDONED,
                ended_by=EndedBy.SERVICE,
                at=cap_at,
            )

    async def zero(self) -> None:
        """End a live session that has come to 0:00, at that very instant."""
        session = self._session
        if session.status is not SessionStatus.LIVE or session.ends_at is None:
            return
        if session.ends_at <= self._work.now:
            await end_live_session(
                self._work,
                session,
                self._end_rules,
                reason=EndReason.TIME_UP,
                ended_by=EndedBy.SERVICE,
                at=session.ends_at,
            )

    def _presence_wire(self, side: Side, row: PresenceRow) -> dict[str, Any]:
        absences = absences_of(self._session)
        pauses_at = absences.pause_due_at(self._rules)
        return {
            "role": side.value,
            "state": row.state.value,
            "since": wire_time(row.since),
            "pauses_at": None if pauses_at is None else wire_time(pauses_at),
            "absence_left_seconds": round(absences.left_seconds(self._rules, self._work.now), 3),
        }


async def book_zero(work: Work, session: SessionRow, settings: Settings) -> None:
    """End a locked session that has come to 0:00; absences that fell due before count first."""
    if session.status is not SessionStatus.LIVE or session.ends_at is None:
        return
    if session.ends_at <= work.now:
        rules = EndRules.from_settings(settings)
        # Signs of life matter to joins and leaves alone.
        booking = Booking(work, session, presence_rules(settings), rules, {})
        await booking.time()
        await booking.zero()


def presence_rules(settings: Settings) -> PresenceRules:
    """Take the numbers of presence out of the settings."""
    return PresenceRules(
        settings.sign_of_life_back_seconds,
        settings.absence_grace_seconds,
        settings.absence_cap_seconds,
    )


def presence_of(row: PresenceRow) -> Presence:
    """Return a row as the pure value."""
    since = None if row.state is PresenceState.NEVER else row.since
    return Presence(row.side, row.state, since, row.last_sign_of_life_at)


def are_both_present(rows: Mapping[Side, PresenceRow]) -> bool:
    """Tell whether both sides are in the room, as far as it is booked."""
    return both_present(map(presence_of, rows.values()))


def absences_of(session: SessionRow) -> AbsenceAccount:
    """Return the session's account of absences."""
    return AbsenceAccount(
        session.absence_used_seconds, session.absence_open_since, session.absence_closed_at
    )


def store_absences(session: SessionRow, absences: AbsenceAccount) -> None:
    """Write the account into its locked row."""
    session.absence_used_seconds = absences.closed_seconds
    session.absence_open_since = absences.open_since
    session.absence_closed_at = absences.closed_at


def is_new_join(row: PresenceRow, person: RoomParticipant) -> bool:
    """Tell whether a present person came with another call attempt than the one that is booked."""
    return person.attempt is not None and person.attempt != row.present_attempt


def time_is_due(session: SessionRow, rules: PresenceRules, now: datetime) -> bool:
    """Tell whether `Booking.time` would change anything."""
    if session.status is not SessionStatus.LIVE:
        return False
    absences = absences_of(session)
    cap_at = absences.cap_at(rules)
    if cap_at is not None and cap_at <= now:
        return True
    due = absences.pause_due_at(rules)
    if due is None:
        return session.clock_state is ClockState.PAUSED
    return session.clock_state is ClockState.RUNNING and due <= now
