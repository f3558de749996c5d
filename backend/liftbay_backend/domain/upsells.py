"""Which offers a customer sees after a completed session: rules over findings, plan and history.

    findings  what the mechanic says must be done now or soon brings the offers of those trades;
              without any finding the customer's own words do
    history   nothing that was offered for the same car in the last 90 days is offered again
    plan      where nothing must be done: more time, if the session ran out of a shorter plan's;
              an inspection, if the car was talked about lately already; else a follow-up

Pure: the caller brings what it knows of the past.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

from liftbay_backend.domain.ids import SessionId

_NAMESPACE: Final = uuid.UUID("6f1f3f2e-6a3c-4f3e-9a53-0a4d5f6f8c11")
MOST_UPSELLS: Final = 3
REMEMBERED_FOR: Final = timedelta(days=90)
Car: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an upsell rule reads of a mechanic's finding; severity is now, soon, watch or ok."""

    title: str
    detail: str
    severity: str


@dataclass(frozen=True, slots=True)
class Upsell:
    """One offer to the customer; the same session and code always have the same id."""

    id: str
    code: str
    title: str
    detail: str
    action: str


@dataclass(frozen=True, slots=True)
class History:
    """The same customer's earlier completed sessions about the same car, of the last 90 days.

    Attributes:
        sessions: how many there were.
        offered: the codes of what was offered after them.
    """

    sessions: int = 0
    offered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at.

    Attributes:
        concern: the customer's own words.
        findings: the mechanic's, in their order.
        wants_more_time: the session came to 0:00 on a plan that is not the longest on offer.
    """

    session: SessionId
    concern: str
    findings: Sequence[Finding] = ()
    wants_more_time: bool = False
    history: History = History()


@dataclass(frozen=True, slots=True)
class _Offer:
    code: str
    title: str
    detail: str
    action: str


@dataclass(frozen=True, slots=True)
class _Rule:
    words: re.Pattern[str]
    offer: _Offer


def _rule(code: str, words: str, title: str) -> _Rule:
    offer = _Offer(code, title, "Three quotes from shops within 20 km.", "Get three quotes")
    return _Rule(re.compile(rf"\b(?:{words})", re.IGNORECASE), offer)


_RULES: Final = (
    _rule("belt_quotes", "belt|tensioner|alternator", "Have the belt replaced near you"),
    _rule("brake_quotes", "brak|rotor|caliper", "Have the brakes done near you"),
    _rule("battery_quotes", "batter|starter", "Have the battery replaced near you"),
    _rule("tyre_quotes", "tyre|tire|wheel", "Have the tyres looked at near you"),
    _rule("cooling_quotes", "coolant|radiator|overheat", "Have the cooling repaired near you"),
)
_REPAIR: Final = _Offer(
    "repair_quotes",
    "Have it repaired near you",
    "Three quotes from shops within 20 km.",
    "Get three quotes",
)
_FOLLOW_UP: Final = _Offer(
    "follow_up",
    "Talk to a mechanic again",
    "A second session about the same car, with your notes at hand.",
    "Book a follow-up",
)
_MORE_TIME: Final = _Offer(
    "longer_session",
    "Take more time for it",
    "A longer session, so that nothing is left unseen.",
    "Book a longer session",
)
_INSPECTION: Final = _Offer(
    "inspection",
    "Have the whole car inspected near you",
    "It was talked about before, and nothing was found that must be done.",
    "Find an inspection",
)


def upsells_for(case: Case) -> tuple[Upsell, ...]:
    """Choose the offers for one session: at most three, and none that stands already.

    The same case brings the same offers, ids included.
    """
    due = [one for one in case.findings if one.severity in ("now", "soon")]
    fresh = [one for one in _chosen(case, due) if one.code not in case.history.offered]
    trades = [one for one in fresh if one not in _TALKS]
    talks = [one for one in fresh if one in _TALKS][:1]
    return tuple(
        Upsell(
            str(uuid.uuid5(_NAMESPACE, f"{case.session}:{one.code}")),
            *(one.code, one.title, one.detail, one.action),
        )
        for one in [*trades[: MOST_UPSELLS - len(talks)], *talks]
    )


def car_of(vehicle: Mapping[str, Any]) -> Car:
    """Return what tells one car from another: its VIN, else its plate, else what it is."""
    for name in ("vin", "plate"):
        text = re.sub(r"[\s-]", "", str(vehicle.get(name) or "")).upper()
        if text:
            return name, text
    return tuple(str(vehicle.get(name) or "").strip().upper() for name in ("year", "make", "model"))


def _chosen(case: Case, due: Sequence[Finding]) -> Iterator[_Offer]:
    texts = [f"{one.title} {one.detail}" for one in due] if case.findings else [case.concern]
    trades = [
        rule.offer for rule in _RULES if any(rule.words.search(text) is not None for text in texts)
    ]
    yield from trades
    if due:
        if not trades:
            yield _REPAIR
        return
    if case.wants_more_time:
        yield _MORE_TIME
    if case.history.sessions:
        yield _INSPECTION
    else:
        yield _FOLLOW_UP


_TALKS: Final = (_FOLLOW_UP, _MORE_TIME, _INSPECTION)
