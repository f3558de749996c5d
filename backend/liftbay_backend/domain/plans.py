"""The plans a customer can buy: server-side configuration, never chosen by a client's numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

HIGHEST_PRICE_CENTS: Final = 99_999_999
"""The most that Stripe takes at once (https://docs.stripe.com/currencies), and less than a column
holds."""
LONGEST_SECONDS: Final = 7 * 24 * 3600
LONGEST_CODE: Final = 40


class SessionType(StrEnum):
    """How a session is held; chat belongs to the web product."""

    CHAT = "chat"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan with its extension; times in seconds, prices in cents."""

    code: str
    type: SessionType
    total_seconds: int
    price_cents: int
    extension_seconds: int
    extension_price_cents: int


@dataclass(frozen=True, slots=True)
class ExtensionOffer:
    """Paid time that a running session can be given; times in seconds, prices in cents."""

    code: str
    seconds: int
    price_cents: int


Plans = Mapping[str, Plan]

DEFAULT_PLANS: Final[Plans] = {
    plan.code: plan
    for plan in (
        Plan("chat10", SessionType.CHAT, 30 * 60, 999, 15 * 60, 1499),
        Plan("video15", SessionType.VIDEO, 45 * 60, 2999, 30 * 60, 2499),
        Plan("diagnostic", SessionType.VIDEO, 60 * 60, 4999, 60 * 60, 3999),
    )
}


def extension_offers(plans: Plans) -> tuple[ExtensionOffer, ...]:
    """Return the extensions of all plans, shortest first; every session may buy each of them.

    Of two plans with an equally long one the lower price counts, so that a code is one offer.
    """
    prices: dict[int, int] = {}
    for plan in plans.values():
        seconds, price_cents = plan.extension_seconds, plan.extension_price_cents
        prices[seconds] = min(price_cents, prices.get(seconds, price_cents))
    return tuple(
        ExtensionOffer(f"extension-{seconds}", seconds, prices[seconds])
        for seconds in sorted(prices)
    )


def whole_minutes(seconds: int) -> int:
    """Return minutes for people: whole ones, so that 90 s are shown as 2."""
    return -(-seconds // 60)


def plans_from_json(text: str) -> Plans:
    """Read plans that replace the product's own, for demo and tests.

    Args:
        text: a JSON list of objects with exactly the fields of `Plan`.

    Raises:
        ValueError: not such a list, a duplicate code, a code that is too long, or a time or price
            that is not positive or too high.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError("not JSON") from error
    if not isinstance(rows, list) or not rows:
        raise ValueError("expected a list with at least one plan")
    plans: dict[str, Plan] = {}
    for row in rows:
        plan = _plan(row)
        if plan.code in plans:
            raise ValueError(f"plan {plan.code!r} appears twice")
        plans[plan.code] = plan
    return plans


def _plan(row: Any) -> Plan:
    numbers = ("total_seconds", "price_cents", "extension_seconds", "extension_price_cents")
    if not isinstance(row, dict) or set(row) != {"code", "type", *numbers}:
        raise ValueError(f"a plan has exactly the fields code, type, {', '.join(numbers)}")
    if any(type(row[name]) is not int or row[name] <= 0 for name in numbers):
        raise ValueError(f"a plan's {', '.join(numbers)} are positive whole numbers")
    if max(row["price_cents"], row["extension_price_cents"]) > HIGHEST_PRICE_CENTS:
        raise ValueError(f"a plan's prices are at most {HIGHEST_PRICE_CENTS} cents")
    if max(row["total_seconds"], row["extension_seconds"]) > LONGEST_SECONDS:
        raise ValueError(f"a plan's times are at most {LONGEST_SECONDS} seconds (a week)")
    if not isinstance(row["code"], str) or not 0 < len(row["code"]) <= LONGEST_CODE:
        raise ValueError(f"a plan's code is a text of at most {LONGEST_CODE} characters")
    return Plan(row["code"], SessionType(row["type"]), *(row[name] for name in numbers))
