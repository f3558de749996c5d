"""The sessions and requests of one account, as the newest of three sources tells them.

Lists, events and the answers to the user's own commands arrive in any order: what an event or an
answer brings while lists are fetched is newer than the lists, and a session that is older than
what is known, by the service's own time, changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from client_api.stream_events import AccountReadinessChanged, AccountSettlementChanged
from client_api.wire import (
    OVER_STATUSES,
    OpenRequest,
    RequestId,
    Role,
    Session,
    SessionId,
    SideReadiness,
)
from desktop.viewmodels.service_time import ServiceTime


class DashboardRows:
    """What is known now.

    Attributes:
        sessions, requests: to read; only the methods change them.
    """

    def __init__(self, time: ServiceTime) -> None:
        self.sessions: dict[SessionId, Session] = {}
        self.requests: dict[RequestId, OpenRequest] = {}
        self._time = time
        self._touched: set[SessionId | RequestId] = set()

    def begin_lists(self) -> None:
        """Lists are being fetched: what comes from elsewhere until `take_lists` wins."""
        self._touched.clear()

    def take_lists(self, sessions: Iterable[Session], requests: Iterable[OpenRequest]) -> None:
        """Take fetched lists; what they hold no more is gone, sessions of the past excepted."""
        fresh = {session.id: session for session in sessions}
        gone = [
            known.id
            for known in self.sessions.values()
            if known.id not in fresh
            and known.id not in self._touched
            and known.status not in OVER_STATUSES
        ]
        for session in gone:
            del self.sessions[session]
        for session_now in fresh.values():
            self.keep(session_now)
        kept = {name: card for name, card in self.requests.items() if name in self._touched}
        listed = {card.id: card for card in requests if card.id not in self._touched}
        self.requests = kept | listed

    def keep(self, session: Session) -> None:
        """Take a session from an event, an answer or a list."""
        self._touched.add(session.id)
        self._time.heard(session.clock.server_now)
        known = self.sessions.get(session.id)
        if known is None or _age(session) >= _age(known):
            self.sessions[session.id] = session

    def open_request(self, request: OpenRequest) -> None:
        """Take a request that was opened."""
        self._touched.add(request.id)
        self.requests.setdefault(request.id, request)

    def forget_request(self, request: RequestId) -> bool:
        """Take a request out; True when it was known."""
        self._touched.add(request)
        return self.requests.pop(request, None) is not None

    def take_readiness(self, event: AccountReadinessChanged) -> None:
        """Note how far a side of a known session is."""
        session = self.sessions.get(event.session_id)
        if session is None:
            return
        side = SideReadiness(event.state, event.rung)
        both = session.readiness
        if event.role is Role.CUSTOMER:
            both = type(both)(customer=side, mechanic=both.mechanic)
        else:
            both = type(both)(customer=both.customer, mechanic=side)
        self.sessions[session.id] = msgspec.structs.replace(session, readiness=both)

    def take_settlement(self, event: AccountSettlementChanged) -> None:
        """Note how far the settlement of a known session is."""
        session = self.sessions.get(event.session_id)
        if session is not None:
            known = msgspec.structs.replace(session, settlement=event.settlement)
            self.sessions[session.id] = known


def _age(session: Session) -> tuple[int, datetime]:
    return session.clock.revision, session.clock.server_now
