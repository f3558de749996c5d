"""Which of the living instances looks after what. Pure.

Each instance sorts all living ones by a hash of their name and of what is to be looked after, and
so comes to the same order without asking anybody (rendezvous hashing). The first in the order does
the work in every round, the second in every fifth: should the first be dead or frozen, the work is
late by five rounds at most, before anybody has noticed. Work done twice does no harm, because each
row is looked at again under its lock; so nothing depends on two instances knowing the same.
"""

import hashlib
from collections.abc import Collection
from typing import Final

STANDBY_EVERY: Final = 5
_EVERY_ROUND: Final = 0
_STANDBY: Final = 1


class Duties:
    """What one instance knows of the others; until it is told it takes itself to be alone."""

    def __init__(self, instance_id: str) -> None:
        self._own = instance_id
        self._others: frozenset[str] = frozenset()

    def living_are(self, instance_ids: Collection[str]) -> None:
        """Take over who lives; oneself does in any case."""
        self._others = frozenset(instance_ids) - {self._own}

    def has_turn(self, subject: str, round_number: int) -> bool:
        """Tell whether this instance does the work in this round.

        Args:
            subject: a session's id, or the name of a loop that is nobody's in particular.
            round_number: counted by each instance for itself, from 0.
        """
        own = _weight(self._own, subject)
        rank = sum(_weight(other, subject) > own for other in self._others)
        # Spread, so that what one stands by for does not come all in the same round.
        is_standby_round = (round_number + own[0][0]) % STANDBY_EVERY == 0
        return rank == _EVERY_ROUND or (rank == _STANDBY and is_standby_round)


def _weight(instance_id: str, subject: str) -> tuple[bytes, str]:
    digest = hashlib.blake2b(f"{instance_id}\0{subject}".encode(), digest_size=8).digest()
    return digest, instance_id
