"""What a chargeback does to the books, from what was said of it so far, in whatever order.

    none -> out -> back      the money was withdrawn, and came back
    none -> out -> lost      the customer has it, as after a refund made on the provider's pages
                lost -> back a later instance decided otherwise

Each word of the provider stays true once it was said, so the same words in another order lead to
the same books. An inquiry withdraws nothing and books nothing.
"""

from enum import StrEnum


class DisputeOutcome(StrEnum):
    """How a dispute ended; `CLOSED` is an inquiry that came to nothing."""

    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class DisputeBooking(StrEnum):
    """What is in the books of a dispute."""

    NONE = "none"
    OUT = "out"
    LOST = "lost"
    BACK = "back"


def booking_for(
    *, is_withdrawn: bool, is_back: bool, outcome: DisputeOutcome | None
) -> DisputeBooking:
    """Return what the books have to say."""
    if is_back or outcome is DisputeOutcome.WON:
        return DisputeBooking.BACK
    if outcome is DisputeOutcome.LOST:
        return DisputeBooking.LOST
    return DisputeBooking.OUT if is_withdrawn else DisputeBooking.NONE


def stronger(one: DisputeOutcome | None, other: DisputeOutcome | None) -> DisputeOutcome | None:
    """Return which of two outcomes counts: a dispute that was lost may be won on appeal."""
    order = (None, DisputeOutcome.CLOSED, DisputeOutcome.LOST, DisputeOutcome.WON)
    return max(one, other, key=order.index)
