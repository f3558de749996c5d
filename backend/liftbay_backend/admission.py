"""Who is let in when more comes than can be answered in time.

A service that takes everything answers nothing: requests wait for one another until each is late,
and what is late is asked again. So it says early that it is busy, which costs a tenth of an answer,
and first to what can wait: quality samples, which clients keep and bring later.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.types import Scope

from liftbay_backend.metrics import REFUSED_BUSY, REQUESTS_IN_HAND
from liftbay_backend.problems import ErrorCode, Problem

AT_ONCE: Final = 400
"""An answer takes 2 to 5 ms of the one thread, so the last of so many waits for a second or two: as
long as it would have to wait after a refusal. 200 calls' clients coming back at once fit."""
_CAN_WAIT: Final = re.compile(r"/api/sessions/[^/]+/quality")
ALWAYS: Final = frozenset(
    {"/api/health", "/api/ready", "/metrics", "/portal-check", "/api/stripe/webhook"}
)
"""Never refused as too much."""
_AGAIN_SECONDS: Final = 1
_LATER_SECONDS: Final = 5
"""Clients wait for no longer within one request (`MAX_RETRY_AFTER_S` of client_api)."""
_REFUSALS_A_SECOND: Final = 100
"""With each so many refused in a second those who ask again are sent away for a second longer. All
coming back after one second, 700 calls' clients kept the thread busy with refusals alone: 2,300 a
second, and 10 answers."""


class Ticket:
    """One request's place among those in hand; one that is not valid counts for nothing."""

    def __init__(self, admission: "Admission") -> None:
        self._admission = admission
        self.is_valid = False
        self._is_waiting = False

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Do not count it while its sender is waited for: a slow line is no work."""
        if not self.is_valid or self._is_waiting:
            yield
            return
        self._is_waiting = True
        self._admission.add(-1)
        try:
            yield
        finally:
            self._is_waiting = False
            # A stream's answer begins while somebody waits for its reader to hang up.
            if self.is_valid:
                self._admission.add(1)

    def hand_back(self) -> None:
        """Its answer begins, or it is over."""
        if self.is_valid:
            self.is_valid = False
            if not self._is_waiting:
                self._admission.add(-1)


class Admission:
    """Counts the requests in hand: those that are let in, are all here, and have no answer yet.

    Args:
        at_once: with so many in hand everything else is refused, with half of it what can wait.
        now: monotonic seconds.
    """

    def __init__(self, at_once: int = AT_ONCE, now: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._now = now
        self._second = 0.0
        self._refused = 0
        self._refused_before = 0
        self.in_hand = 0

    def ticket(self) -> Ticket:
        """Return a ticket for a request that was not let in yet."""
        return Ticket(self)

    def let_in(self, scope: Scope, ticket: Ticket) -> None:
        """Count a request until its ticket is handed back.

        Raises:
            Problem: SERVER_UNAVAILABLE with reason "busy" and `Retry-After`.
        """
        path = scope["path"]
        if path in ALWAYS:
            return
        can_wait = scope["method"] == "POST" and _CAN_WAIT.fullmatch(path) is not None
        if self.in_hand >= (self._at_once // 2 if can_wait else self._at_once):
            REFUSED_BUSY.labels("later" if can_wait else "all").inc()
            again = self._again_seconds()
            seconds = _LATER_SECONDS if can_wait else again
            raise Problem(
                ErrorCode.SERVER_UNAVAILABLE,
                "More is asked at this moment than can be answered in time.",
                headers={"Retry-After": str(seconds)},
                reason="busy",
            )
        ticket.is_valid = True
        self.add(1)

    def _again_seconds(self) -> int:
        """Count a refusal; return how long to stay away, not the same for all who are refused."""
        now = self._now()
        if now - self._second >= 1.0:
            self._refused_before = self._refused if now - self._second < 2.0 else 0
            self._second, self._refused = now, 0
        self._refused += 1
        many = max(self._refused, self._refused_before) // _REFUSALS_A_SECOND
        longest = min(_LATER_SECONDS, _AGAIN_SECONDS + many)
        return longest - self._refused % (longest // 2 + 1)

    def add(self, number: int) -> None:
        """Count requests that come into the hand, or leave it."""
        self.in_hand += number
        REQUESTS_IN_HAND.set(self.in_hand)
