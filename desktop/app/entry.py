"""What leads from a preflight into a call: the report, the open devices, wishes, the other side."""

from dataclasses import dataclass

from client_api.stream_events import ReadinessChanged
from client_api.wire import Readiness, ReadinessState, ReportId, Role, Session
from desktop.call.setup import MediaWishes
from preflight.devices.ports import ProvenDevices


class TheirSide:
    """How far the other side is and what it can receive, as it said last, whichever way it came.

    Always true: what is older than what is known changes nothing. A session's stream begins with
    its first event, so most of what it tells at first is old.

    Attributes:
        state: how far they are; unknown once nobody has said so for long.
        rung: of the publish ladder, that they can receive; None: they are not held back.
    """

    def __init__(self, session: Session) -> None:
        self._is_mechanic = session.my_role is not Role.MECHANIC
        self._role = Role.MECHANIC if self._is_mechanic else Role.CUSTOMER
        self._as_of = session.clock.server_now
        self._heard = 0
        side = session.readiness.mechanic if self._is_mechanic else session.readiness.customer
        self.state: ReadinessState = side.state
        self.rung: int | None = side.rung

    @property
    def heard(self) -> int:
        """How many events told something new; for `answered`."""
        return self._heard

    def hear(self, event: ReadinessChanged) -> bool:
        """Take an event; say whether it told something new of them."""
        if event.role is not self._role or event.at <= self._as_of:
            return False
        self._as_of = event.at
        self._heard += 1
        self.state, self.rung = event.state, event.rung
        return True

    def answered(self, both: Readiness, *, heard: int) -> bool:
        """Take the service's answer, unless an event came meanwhile, which may be the newer one.

        Args:
            heard: `heard` from when the service was asked.

        Returns:
            Whether it was taken.
        """
        if heard != self._heard:
            return False
        side = both.mechanic if self._is_mechanic else both.customer
        self.state, self.rung = side.state, side.rung
        return True

    def lose_sight(self) -> bool:
        """Nobody knows any more how far they are; say whether that is new.

        What they can receive stays: it is of their line, which does not change with ours.
        """
        known = self.state is not ReadinessState.UNKNOWN
        self.state = ReadinessState.UNKNOWN
        return known


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What a call begins with.

    Attributes:
        report: the passing report; None only for a return to a running session.
        proven: the open devices, the call's from now on, with the limits of this side alone.
        wishes: what is to be sent from the beginning.
        their: the other side; the call hears it on.
    """

    report: ReportId | None
    proven: ProvenDevices
    wishes: MediaWishes
    their: TheirSide
