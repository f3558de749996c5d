"""Money in integer cents; the mechanic's share is rounded once, on the total."""

from typing import Final

MECHANIC_SHARE_PERCENT: Final = 70


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
