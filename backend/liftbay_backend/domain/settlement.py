"""What a settlement works out: which kind it is, and which offers the customer sees afterwards.

The mechanic's share itself is `money.mechanic_share_cents`, rounded once on the total.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.session_fsm import SessionStatus

_NAMESPACE: Final = uuid.UUID("6f1f3f2e-6a3c-4f3e-9a53-0a4d5f6f8c11")
MOST_UPSELLS: Final = 3


class SettlementKind(StrEnum):
    """Completed sessions are paid out; sessions nobody got are refunded in full."""

    PAYOUT = "payout"
    REFUND = "refund"


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
class _Rule:
    code: str
    words: re.Pattern[str]
    title: str
    detail: str
    action: str


def _rule(code: str, words: str, title: str, action: str = "Get three quotes") -> _Rule:
    detail = "Three quotes from shops within 20 km."
    return _Rule(code, re.compile(rf"\b(?:{words})", re.IGNORECASE), title, detail, action)


_RULES: Final = (
    _rule("belt_quotes", "belt|tensioner|alternator", "Have the belt replaced near you"),
    _rule("brake_quotes", "brak|rotor|caliper", "Have the brakes done near you"),
    _rule("battery_quotes", "batter|starter", "Have the battery replaced near you"),
    _rule("tyre_quotes", "tyre|tire|wheel", "Have the tyres looked at near you"),
    _rule("cooling_quotes", "coolant|radiator|overheat", "Have the cooling repaired near you"),
)
_REPAIR: Final = (
    "repair_quotes",
    "Have it repaired near you",
    "Three quotes from shops within 20 km.",
    "Get three quotes",
)
_FOLLOW_UP: Final = (
    "follow_up",
    "Talk to a mechanic again",
    "A second session about the same car, with your notes at hand.",
    "Book a follow-up",
)


def kind_for(status: SessionStatus) -> SettlementKind | None:
    """Return the settlement an ended session needs, or None while it has not ended."""
    match status:
        case SessionStatus.COMPLETED:
            return SettlementKind.PAYOUT
        case SessionStatus.CANCELLED | SessionStatus.EXPIRED | SessionStatus.UNATTENDED:
            return SettlementKind.REFUND
        case _:
            return None


def upsells_for(
    session: SessionId, concern: str, findings: Sequence[Finding]
) -> tuple[Upsell, ...]:
    """Choose the offers for one session; running it again gives the same offers, ids included.

    Findings decide; without any the customer's own words do. A finding that needs work but fits
    no rule brings the general repair offer. There is always at least one offer, at most three.
    """
    due = [one for one in findings if one.severity in ("now", "soon")]
    texts = [f"{one.title} {one.detail}" for one in due] if findings else [concern]
    chosen = [
        (rule.code, rule.title, rule.detail, rule.action)
        for rule in _RULES
        if any(rule.words.search(text) for text in texts)
    ]
    if due and not chosen:
        chosen.append(_REPAIR)
    chosen = [*chosen[: MOST_UPSELLS - 1], _FOLLOW_UP] if not due else chosen[:MOST_UPSELLS]
    return tuple(
        Upsell(str(uuid.uuid5(_NAMESPACE, f"{session}:{code}")), code, title, detail, action)
        for code, title, detail, action in chosen
    )
