"""What is booked of a chargeback depends on what was said, not on when."""

import itertools
from functools import reduce

import pytest

from liftbay_backend.domain.disputes import (
    DisputeBooking,
    DisputeOutcome,
    booking_for,
    stronger,
)

Word = tuple[bool, bool, DisputeOutcome | None]
CREATED: Word = (False, False, None)
WITHDRAWN: Word = (True, False, None)
BACK: Word = (False, True, DisputeOutcome.WON)
WON: Word = (False, False, DisputeOutcome.WON)
LOST: Word = (False, False, DisputeOutcome.LOST)
CLOSED: Word = (False, False, DisputeOutcome.CLOSED)


def after(words: tuple[Word, ...]) -> DisputeBooking:
    withdrawn, back, outcome = reduce(
        lambda known, word: (
            known[0] or word[0],
            known[1] or word[1],
            stronger(known[2], word[2]),
        ),
        words,
    )
    return booking_for(is_withdrawn=withdrawn, is_back=back, outcome=outcome)


@pytest.mark.parametrize(
    ("words", "booked"),
    [
        ((CREATED,), DisputeBooking.NONE),
        ((CREATED, CLOSED), DisputeBooking.NONE),
        ((CREATED, WITHDRAWN), DisputeBooking.OUT),
        ((CREATED, LOST), DisputeBooking.LOST),
        ((CREATED, WITHDRAWN, LOST), DisputeBooking.LOST),
        ((CREATED, WITHDRAWN, WON), DisputeBooking.BACK),
        ((CREATED, WITHDRAWN, WON, BACK), DisputeBooking.BACK),
        ((CREATED, WITHDRAWN, LOST, BACK), DisputeBooking.BACK),
    ],
)
def test_every_order_and_repetition_leads_to_the_same_books(
    words: tuple[Word, ...], booked: DisputeBooking
) -> None:
    found = {after(order * 2) for order in itertools.permutations(words)}

    assert found == {booked}
