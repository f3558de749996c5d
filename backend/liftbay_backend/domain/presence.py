"""Who is in the room, as the service decides it: pure arithmetic over facts of the SFU.

Absence is a fact of the SFU (webhook or participant list) and never another side's claim. It is
dated back to the absent person's last authenticated sign of life, at most 25 s, because the SFU
notices a dead connection only after about 20 s. Paid time stops 10 s after that instant. All
absences of a session together may last 10 minutes; then the service ends it (`abandoned`).

    NEVER --joined--> PRESENT --left--> ABSENT --joined--> PRESENT
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.states import PresenceState


@dataclass(frozen=True, slots=True)
class PresenceRules:
    """The numbers of the rules above."""

    dated_back_at_most_seconds: float = 25.0
    grace_seconds: float = 10.0
    absence_cap_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Presence:
    """One side's presence.

    Attributes:
        since: when the present state began; None exactly for `NEVER`.
        last_sign_at: the last authenticated request of that person (clock poll, quality post).
    """

    side: Side
    state: PresenceState = PresenceState.NEVER
    since: datetime | None = None
    last_sign_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AbsenceAccount:
    """All times in which at least one side was away, counted once.

    Attributes:
        closed_seconds: the sum of all finished absences.
        open_since: when the present absence began, or None.
        closed_at: when the last absence finished, so that dating back never counts it twice.
    """

    closed_seconds: float = 0.0
    open_since: datetime | None = None
    closed_at: datetime | None = None

    def used_seconds(self, now: datetime) -> float:
        """Return all absence up to `now`."""
        present = (now - self.open_since).total_seconds() if self.open_since is not None else 0.0
        return self.closed_seconds + max(0.0, present)

    def left_seconds(self, rules: PresenceRules, now: datetime) -> float:
        """Return how much absence the session still bears; 0 means it is abandoned."""
        return max(0.0, rules.absence_cap_seconds - self.used_seconds(now))

    def cap_at(self, rules: PresenceRules) -> datetime | None:
        """Return the instant at which the present absence uses up the cap, or None."""
        if self.open_since is None:
            return None
        left = max(0.0, rules.absence_cap_seconds - self.closed_seconds)
        return self.open_since + timedelta(seconds=left)

    def pause_due_at(self, rules: PresenceRules) -> datetime | None:
        """Return when paid time stops for the present absence, or None when nobody is away."""
        if self.open_since is None:
            return None
        return self.open_since + timedelta(seconds=rules.grace_seconds)


def joined(presence: Presence, at: datetime) -> Presence:
    """Return the presence after the SFU saw the person join; being present already is a no-op."""
    if presence.state is PresenceState.PRESENT:
        return presence
    return replace(presence, state=PresenceState.PRESENT, since=at)


def left(presence: Presence, seen_at: datetime, rules: PresenceRules) -> Presence:
    """Return the presence after the SFU saw the person gone at `seen_at`.

    Somebody who was never there, or is away already, stays as they are: an absence is dated once.
    """
    if presence.state is not PresenceState.PRESENT:
        return presence
    began = absence_began_at(presence, seen_at, rules)
    return replace(presence, state=PresenceState.ABSENT, since=began)


def absence_began_at(presence: Presence, seen_at: datetime, rules: PresenceRules) -> datetime:
    """Date an absence back to the last sign of life, at most 25 s, never before the last join."""
    earliest = seen_at - timedelta(seconds=rules.dated_back_at_most_seconds)
    began = max(earliest, presence.last_sign_at or earliest)
    if presence.since is not None:
        began = max(began, presence.since)
    return min(began, seen_at)


def account(before: AbsenceAccount, sides: Iterable[Presence], now: datetime) -> AbsenceAccount:
    """Bring the account up to the sides' presence at `now`."""
    away = [one.since for one in sides if one.state is PresenceState.ABSENT and one.since]
    if not away:
        if before.open_since is None:
            return before
        return AbsenceAccount(before.used_seconds(now), None, now)
    began = min(away)
    if before.open_since is not None:
        return replace(before, open_since=min(before.open_since, began))
    if before.closed_at is not None:
        began = max(began, before.closed_at)
    return replace(before, open_since=began)


def both_present(sides: Iterable[Presence]) -> bool:
    """Tell whether customer and mechanic are both in the room."""
    present = {one.side for one in sides if one.state is PresenceState.PRESENT}
    return present == {Side.CUSTOMER, Side.MECHANIC}
