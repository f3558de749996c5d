"""Who is in the rooms of unfinished sessions: what the media server says, kept in the database.

A webhook is only a hint to look; the participant list is the truth, so late, doubled and reordered
webhooks do no harm. A look also keeps the room in existence: a server that was restarted knows no
rooms, and with ``auto_create: false`` nobody could come back (api.md, Rooms and room tokens).
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from liftbay_backend.core import Core
from liftbay_backend.db.models import PresenceRow, SessionRow
from liftbay_backend.domain.ids import MechanicId, SessionId, UserId
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import JOINABLE, SessionStatus
from liftbay_backend.domain.states import PresenceState
from liftbay_backend.repositories.presence import (
    SignOfLife,
    note_signs_of_life,
    presence_of,
    presence_rows,
)
from liftbay_backend.repositories.sessions import sessions_of, unfinished_sessions
from liftbay_backend.rooms.ports import (
    RoomParticipant,
    RoomPolicy,
    RoomService,
    RoomsUnavailable,
    customer_identity,
    mechanic_identity,
    newest_by_identity,
    session_room,
)
from liftbay_backend.services.ending import EndRules
from liftbay_backend.services.presence_book import (
    Booking,
    Seen,
    is_new_join,
    presence_rules,
    time_is_due,
)
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work

MAX_PARTICIPANTS: Final = 4
ROOM_OUTLIVES_ABSENCE_SECONDS: Final = 60
CALM_LOOK_SECONDS: Final = 5.0
"""How often a room is looked at in which both sides are. Webhooks tell of a change at once; one
that is lost is caught up with after so long, and an absence is dated back to the last sign of life.
"""
UNSEEN_SECONDS: Final = 60.0
"""How long a live session's room may not be seen before nobody pays for it any more (decision
0049). Longer than a media server needs to come back; then the rules of absence begin."""


@dataclass(frozen=True, slots=True)
class _Recalled:
    """A session and its presence as they were a moment ago."""

    session: SessionRow
    rows: Mapping[Side, PresenceRow]


class RoomWatch:
    """Looks at rooms and books what it sees. Two looks at one session never overlap.

    Signs of life are kept in memory for a second, so that two requests of every participant every
    5 s are no write transactions: what is booked here reads them there, and `keep_signs` brings
    all of them to the table at once. A crash may lose the last second's; then an absence that
    begins just there is dated that much too early.
    """

    def __init__(self, core: Core, rooms: RoomService) -> None:
        self._core = core
        self._rooms = rooms
        self._presence_rules = presence_rules(core.settings)
        self._end_rules = EndRules.from_settings(core.settings)
        self._policy = session_room_policy(core.settings)
        self._signs: dict[tuple[str, Side], datetime] = {}
        self._signs_going_down: dict[tuple[str, Side], datetime] = {}
        self._calm_until: dict[SessionId, float] = {}
        self._recalled: dict[SessionId, _Recalled] = {}
        self._unseen_since: dict[SessionId, float] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def look(self, session_id: SessionId) -> bool:
        """Look at one session's room and book joins, leaves, pauses and the absence cap.

        Returns:
            Whether both sides are in the room now; False as well for a session that is over.

        Raises:
            RoomsUnavailable: nothing is known. For `UNSEEN_SECONDS` nothing is changed; after
                that both sides of a live session are absent until they are seen.
        """
        lock = self._locks.setdefault(session_id, asyncio.Lock())
        async with lock:
            try:
                both = await self._look(session_id)
            except RoomsUnavailable:
                await self._book_unseen(session_id)
                raise
            self._unseen_since.pop(session_id, None)
            return both

    async def recall(self, sessions: Sequence[SessionId]) -> None:
        """Read what is known of many sessions at once, for the looks that follow right away.

        Most rooms are as they were; reading each by itself is most of what a look costs.
        """
        self._recalled = {}
        if not sessions:
            return
        async with self._core.database.reading() as db:
            rows = await sessions_of(db, sessions)
            present = await presence_of(db, sessions)
        self._recalled = {
            SessionId(row.id): _Recalled(row, present.get(row.id, {})) for row in rows
        }

    async def ensure_room(self, session_id: SessionId) -> None:
        """Make the session's room exist.

        Raises:
            RoomsUnavailable: no answer.
        """
        await self._rooms.ensure_room(session_room(session_id), self._policy)

    async def unfinished(self) -> tuple[SessionId, ...]:
        """Return the sessions whose rooms are worth a look."""
        async with self._core.database.reading() as db:
            return await unfinished_sessions(db)

    def in_turn(self, sessions: Sequence[SessionId]) -> tuple[SessionId, ...]:
        """Return those of all unfinished sessions whose look is due now.

        A session that was not looked at yet is due, and so is each in whose room somebody misses.
        """
        now, known = self._core.clock.monotonic(), self._calm_until
        self._calm_until = {one: known[one] for one in sessions if one in known}
        unseen = self._unseen_since
        self._unseen_since = {one: unseen[one] for one in sessions if one in unseen}
        return tuple(one for one in sessions if self._calm_until.get(one, now) <= now)

    def calm_no_longer(self) -> None:
        """Let the next look be at every room: the media server was away, and may know none."""
        self._calm_until.clear()

    def sign_of_life(self, session_id: SessionId, side: Side) -> None:
        """Note an authenticated request of a participant; a stranger to the room has no row yet."""
        self._signs[session_id, side] = self._core.clock.now()

    async def keep_signs(self) -> None:
        """Write down the signs of life since the last time, all in one transaction."""
        signs, self._signs = self._signs, {}
        if not signs:
            return
        # Until the commit a look finds them here.
        self._signs_going_down = signs
        try:
            async with self._core.database.writing() as db:
                await note_signs_of_life(
                    db, [SignOfLife(session, side, at) for (session, side), at in signs.items()]
                )
        except BaseException:
            # Newer ones may have come meanwhile.
            self._signs = signs | self._signs
            raise
        finally:
            self._signs_going_down = {}

    def book(self, work: Work, session: SessionRow) -> Booking:
        """Return the booking of one locked session in a transaction that is open already."""
        known = self._signs_going_down | self._signs
        signs = {side: at for side in Side if (at := known.get((session.id, side))) is not None}
        return Booking(work, session, self._presence_rules, self._end_rules, signs)

    async def _look(self, session_id: SessionId) -> bool:
        both, has_changed = await self._look_once(session_id)
        # What was just booked may be the end of an old list: only a second look makes it calm.
        # Spread, so that the rooms of sessions that began together are not all asked together.
        is_calm = both and not has_changed
        seconds = random.uniform(0.8, 1.0) * CALM_LOOK_SECONDS if is_calm else 0.0
        self._calm_until[session_id] = self._core.clock.monotonic() + seconds
        return both

    async def _look_once(self, session_id: SessionId) -> tuple[bool, bool]:
        """Return whether both sides are there, and whether that was news."""
        people = await self._rooms.participants(session_room(session_id))
        recalled = self._recalled.pop(session_id, None)
        if people is not None and recalled is not None and self._is_as_recalled(recalled, people):
            return True, False
        if people is None:
            async with self._core.database.reading() as db:
                row = await db.get(SessionRow, session_id)
            if row is None or row.status not in JOINABLE:
                return False, False
            await self.ensure_room(session_id)
            people = ()
        async with self._core.database.reading() as db:
            session = await db.get(SessionRow, session_id)
            if session is None or session.status not in JOINABLE:
                return False, False
            seen = seen_sides(session, people)
            rows = await presence_rows(db, session_id)
            if not self._differs(session, rows, seen):
                return all(seen.values()), False
        async with self._core.works.begin() as work:
            locked = await work.session(session_id)
            if locked.status not in JOINABLE:
                return False, False
            booking = self.book(work, locked)
            await booking.presence(seen)
            await booking.time()
        # A round that recalled it before this booking waits for this look to end.
        self._recalled.pop(session_id, None)
        return all(seen.values()), True

    def _is_as_recalled(self, recalled: _Recalled, people: tuple[RoomParticipant, ...]) -> bool:
        session, rows = recalled.session, recalled.rows
        seen = seen_sides(session, people)
        is_live = session.status in JOINABLE
        return is_live and all(seen.values()) and not self._differs(session, rows, seen)

    async def _book_unseen(self, session_id: SessionId) -> None:
        now = self._core.clock.monotonic()
        if now - self._unseen_since.setdefault(session_id, now) < UNSEEN_SECONDS:
            return
        nobody: Seen = dict.fromkeys(Side)
        async with self._core.database.reading() as db:
            session = await db.get(SessionRow, session_id)
            if session is None or session.status is not SessionStatus.LIVE:
                return
            if not self._differs(session, await presence_rows(db, session_id), nobody):
                return
        async with self._core.works.begin() as work:
            locked = await work.session(session_id)
            if locked.status is not SessionStatus.LIVE:
                return
            booking = self.book(work, locked)
            await booking.presence(nobody)
            await booking.time()

    def _differs(self, session: SessionRow, rows: Mapping[Side, PresenceRow], seen: Seen) -> bool:
        for side, person in seen.items():
            row = rows.get(side)
            was_present = row is not None and row.state is PresenceState.PRESENT
            if was_present != (person is not None):
                return True
            if row is not None and person is not None and is_new_join(row, person):
                return True
        return time_is_due(session, self._presence_rules, self._core.clock.now())


def session_room_policy(settings: Settings) -> RoomPolicy:
    """Return how a session's room is made: it outlives the longest absence that is borne."""
    stays = int(settings.absence_cap_seconds) + ROOM_OUTLIVES_ABSENCE_SECONDS
    return RoomPolicy(MAX_PARTICIPANTS, stays, stays)


def seen_sides(session: SessionRow, people: tuple[RoomParticipant, ...]) -> Seen:
    """Sort the participants of a room by the sides of its session; strangers count for nobody."""
    by_identity = newest_by_identity(people)
    mechanic = (
        by_identity.get(mechanic_identity(MechanicId(session.mechanic_id)))
        if session.mechanic_id is not None
        else None
    )
    customer = by_identity.get(customer_identity(UserId(session.customer_id)))
    return {Side.CUSTOMER: customer, Side.MECHANIC: mechanic}
