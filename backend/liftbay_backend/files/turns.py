"""Who brings bytes at the moment: each request that does holds up to a part of a file in memory."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from liftbay_backend.problems import ErrorCode, Problem

_RETRY_AFTER: Final = {"Retry-After": "5"}


@dataclass(slots=True, eq=False)
class Turn:
    """One request's turn at a file of this instance.

    Attributes:
        has_begun: it had the file once; before that it can be nobody's older request.
        is_over: a newer request has the file; nothing of this one is taken any more.
        waiting: what bounds the wait for the next bytes, while there is one.
    """

    account: str
    file_id: str
    others: "set[Turn]" = field(repr=False)
    has_begun: bool = False
    is_over: bool = False
    waiting: asyncio.Timeout | None = None

    def take_over(self) -> None:
        """End the turns of older requests at the same file, at once where they wait for bytes."""
        self.has_begun = True
        for other in self.others:
            if other is not self and other.has_begun and other.file_id == self.file_id:
                other.is_over = True
                if other.waiting is not None:
                    other.waiting.reschedule(asyncio.get_running_loop().time())
                    other.waiting = None


class Turns:
    """Counts turns by account and in all, so that nobody can fill the service's memory."""

    def __init__(self, per_account: int, at_once: int) -> None:
        self._per_account = per_account
        self._at_once = at_once
        self._open: set[Turn] = set()

    @contextmanager
    def one(self, account: str, file_id: str) -> Iterator[Turn]:
        """Hold a turn. One at a file that has one is always free: it will be the only one.

        Raises:
            Problem: RATE_LIMITED for one account's too many, SERVER_UNAVAILABLE for everybody's.
        """
        elsewhere = [one for one in self._open if one.file_id != file_id and not one.is_over]
        if sum(one.account == account for one in elsewhere) >= self._per_account:
            raise Problem(
                ErrorCode.RATE_LIMITED,
                f"At most {self._per_account} uploads at once.",
                headers=_RETRY_AFTER,
            )
        if len(elsewhere) >= self._at_once:
            raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers=_RETRY_AFTER)
        turn = Turn(account, file_id, self._open)
        self._open.add(turn)
        try:
            yield turn
        finally:
            self._open.discard(turn)
