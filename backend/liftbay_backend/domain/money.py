"""Money in integer cents; the mechanic's share is rounded once, on the total."""

from typing import Final

MECHANIC_SHARE_PERCENT: Final = 70
# fmt: off
NOT_IN_CENTS: Final = frozenset((
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
    "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf",
    "bhd", "jod", "kwd", "omr", "tnd",
))
# fmt: on
"""Currencies whose smallest unit is not a hundredth, as Stripe counts them
(https://docs.stripe.com/currencies)."""


def is_currency_of_cents(code: str) -> bool:
    """Tell whether prices in cents can have this code: three small letters, as Stripe writes it."""
    is_code = len(code) == 3 and code.isascii() and code.isalpha() and code.islower()
    return is_code and code not in NOT_IN_CENTS


def mechanic_share_cents(paid_cents: int) -> int:
    """Return 70 % of everything actually paid for a session, rounded half up.

    Args:
        paid_cents: the total, extensions included; never a single line of it.

    Raises:
        ValueError: the total is negative.
    """
    if paid_cents < 0:
        raise ValueError(f"a paid total cannot be negative: {paid_cents}")
    return (paid_cents * MECHANIC_SHARE_PERCENT + 50) // 100
