"""One poll of the clock: as many answers as the service's time needs, and not more."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest

from client_api.api import ClockReading
from client_api.errors import ClientError
from client_api.server_clock import ClockOffset, ServerClock, epoch_ns
from client_api.wire import SessionId
from desktop.call.clock_poll import GOOD_ENOUGH_NS, MOST_READINGS, poll_clock
from tests.fakes.calls import clock as session_clock
from tests.fakes.service import FakeService
from tests.fakes.service_memory import unreachable

SESSION = SessionId("the session")
SLOW_NS = 4 * GOOD_ENOUGH_NS


@dataclass(slots=True)
class SlowService(FakeService):
    """Answers with offsets as arranged, each after so many seconds.

    Attributes:
        errors_ns: how far off each answer's offset may be, in order; none left: no answer.
        takes_s: how long an answer takes.
        asked: how often it was asked.
    """

    errors_ns: tuple[int, ...] = ()
    takes_s: float = 0.0
    asked: int = 0

    async def clock(self, session: SessionId) -> ClockReading:
        self.asked += 1
        self.clock_.move(self.takes_s)
        if self.asked > len(self.errors_ns):
            raise unreachable()
        truth = epoch_ns(self.clock_.now()) - self.clock_.monotonic_ns()
        paid = msgspec.structs.replace(session_clock(), revision=self.asked)
        return ClockReading(paid, ClockOffset(truth, self.errors_ns[self.asked - 1]))


async def revision_read(service: SlowService) -> int:
    """Poll once and return the revision of what was read."""
    machine = service.clock_
    read = await poll_clock(SESSION, service, ServerClock(machine), machine)
    return read.revision


async def test_a_quick_answer_is_asked_for_once() -> None:
    service = SlowService(errors_ns=(GOOD_ENOUGH_NS,) * 2)

    assert await revision_read(service) == 1
    assert service.asked == 1


async def test_slow_answers_are_followed_by_more_until_the_time_is_known() -> None:
    service = SlowService(errors_ns=(SLOW_NS, GOOD_ENOUGH_NS // 2, GOOD_ENOUGH_NS // 2))

    assert await revision_read(service) == 2
    assert service.asked == 2


async def test_three_slow_answers_are_enough_for_one_poll() -> None:
    service = SlowService(errors_ns=(SLOW_NS,) * 9)

    assert await revision_read(service) == MOST_READINGS
    assert service.asked == MOST_READINGS


async def test_very_slow_answers_do_not_make_the_poll_last() -> None:
    service = SlowService(errors_ns=(SLOW_NS,) * 9, takes_s=3)

    assert await revision_read(service) == 1
    assert service.asked == 1


async def test_an_answer_that_came_is_kept_when_the_next_one_fails() -> None:
    service = SlowService(errors_ns=(SLOW_NS,))

    assert await revision_read(service) == 1
    assert service.asked == 2


async def test_a_first_answer_that_fails_is_told() -> None:
    with pytest.raises(ClientError):
        await revision_read(SlowService())
