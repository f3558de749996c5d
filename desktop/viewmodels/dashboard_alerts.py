"""What of a dashboard is worth a sound and a notice: each thing once, and only while it is news.

Pure. Who plays and shows is behind the `Alerts` port; the words are in `desktop/views`.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, Protocol

from client_api.wire import (
    ReadinessState,
    Role,
    Session,
    SessionStatus,
    SessionType,
    Vehicle,
)
from desktop.viewmodels.dashboard_rows import DashboardRows
from desktop.viewmodels.service_time import ServiceTime

NEWS_FOR: Final = timedelta(seconds=60)
"""After a longer outage the rows speak for themselves: nothing rings for what is old."""

_HERE: Final = (ReadinessState.READY, ReadinessState.IN_CALL)


class AlertKind(Enum):
    """What somebody who looks elsewhere wants to know."""

    NEW_REQUEST = auto()
    MECHANIC_FOUND = auto()
    OTHER_SIDE_READY = auto()


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that happened. It says no more than its row on the dashboard does.

    Attributes:
        name: the other side, empty where there is none yet.
    """

    kind: AlertKind
    vehicle: Vehicle
    name: str = ""


class Alerts(Protocol):
    """Reaches a person who looks elsewhere: by sound, and by what their desktop has for it."""

    def announce(self, alert: Alert) -> None:
        """Ring and show. Returns at once, raises nothing, and takes no focus."""


class NewRows:
    """Finds what is new in a dashboard's rows, each thing once.

    What stood there at the first look is no news; nor is what an event stream brings long after
    it happened, when it resumes after an outage.
    """

    def __init__(self, role: Role, time: ServiceTime) -> None:
        self._role = role
        self._time = time
        self._seen: set[Hashable] = set()
        self._has_looked = False

    def look(self, rows: DashboardRows) -> tuple[Alert, ...]:
        """Return what is new since the last look; nothing on the first."""
        found = dict(self._worth_knowing(rows))
        fresh = [alert for key, alert in found.items() if key not in self._seen]
        self._seen |= found.keys()
        is_first, self._has_looked = not self._has_looked, True
        return () if is_first else tuple(alert for alert in fresh if alert is not None)

    def is_news(self, happened_at: datetime) -> bool:
        """Say whether something of that time, by the service's clock, is news now."""
        now = self._time.now()
        return now is not None and now - happened_at <= NEWS_FOR

    def _worth_knowing(self, rows: DashboardRows) -> Iterator[tuple[Hashable, Alert | None]]:
        """Go through all rows; what is too old to ring counts as seen, with None."""
        if self._role is Role.MECHANIC:
            for request in rows.requests.values():
                alert = Alert(AlertKind.NEW_REQUEST, request.vehicle)
                yield request.id, alert if self.is_news(request.opened_at) else None
        for session in rows.sessions.values():
            if session.status is not SessionStatus.WAITING:
                continue
            name = session.counterpart.name if session.counterpart else ""
            is_told_now = False
            if self._role is Role.CUSTOMER:
                key = (AlertKind.MECHANIC_FOUND, session.id)
                alert = Alert(AlertKind.MECHANIC_FOUND, session.vehicle, name)
                is_news = session.accepted_at is not None and self.is_news(session.accepted_at)
                is_told_now = is_news and key not in self._seen
                yield key, alert if is_news else None
            if session.type is SessionType.VIDEO and _other_side(session) in _HERE:
                alert = Alert(AlertKind.OTHER_SIDE_READY, session.vehicle, name)
                # Whoever is found and ready at once rings once.
                yield (AlertKind.OTHER_SIDE_READY, session.id), None if is_told_now else alert


def _other_side(session: Session) -> ReadinessState:
    sides = session.readiness
    return (sides.mechanic if session.my_role is Role.CUSTOMER else sides.customer).state
