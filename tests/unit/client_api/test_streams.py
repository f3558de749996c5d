"""Streams resume: each event once and in order, whatever the connections do."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.streams import resume_forever, wait_s
from client_api.tasks import spawn
from client_api.transport import RawEvent
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock, settle
from tests.fakes.service import refusal

LOST = Unreachable(UnreachableReason.CONNECTION_LOST, "cut")


class Source:
    """Connections of a service that holds events 1 to ``last`` and cuts as it is told."""

    def __init__(self, last: int, cuts: list[tuple[int, Exception | None]]) -> None:
        self.last = last
        self.cuts = cuts
        self.asked: list[int | None] = []

    async def open(self, last_event_id: int | None) -> AsyncGenerator[RawEvent, None]:
        self.asked.append(last_event_id)
        first = (last_event_id or 0) + 1
        count, error = self.cuts.pop(0) if self.cuts else (self.last, None)
        for number in range(first, min(first + count, self.last + 1)):
            yield RawEvent("status", str(number), str(number))
        if error is not None:
            raise error


def read_number(kind: str, number: int, data: str) -> int | None:
    if data == "broken":
        raise msgspec.ValidationError("broken")
    return None if kind == "unknown" or not data else int(data)


async def collect(source: Source, count: int) -> list[int]:
    clock = FakeClock()
    heard: list[int] = []

    async def listen() -> None:
        events = resume_forever(
            source.open, read_number, clock=clock, last_event_id=None, rng=random.Random(1)
        )
        async with aclosing(events):
            async for event in events:
                heard.append(event)
                if len(heard) == count:
                    return

    task = spawn(listen(), name="listen")
    while not task.done():
        await clock.advance(10)
    await task
    return heard


async def test_a_cut_after_three_and_after_six_loses_and_repeats_nothing() -> None:
    source = Source(7, [(3, LOST), (3, None), (1, None)])

    heard = await collect(source, 7)

    assert heard == [1, 2, 3, 4, 5, 6, 7]
    assert source.asked == [None, 3, 6]


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=8))
async def test_no_pattern_of_cuts_loses_or_repeats_an_event(cuts: list[tuple[int, bool]]) -> None:
    source = Source(9, [(count, LOST if is_hard else None) for count, is_hard in cuts])

    assert await collect(source, 9) == list(range(1, 10))


async def test_an_event_counts_as_taken_only_when_the_next_is_asked_for() -> None:
    """Whoever breaks off while working on an event gets it again from the new stream."""
    source = Source(3, [])
    events = resume_forever(
        source.open, read_number, clock=FakeClock(), last_event_id=None, rng=random.Random(1)
    )

    first = await anext(events)
    await events.aclose()

    assert first == 1
    assert source.asked == [None]


async def test_repeated_unnumbered_and_unknown_events_are_passed_over() -> None:
    async def open_once(last: int | None) -> AsyncGenerator[RawEvent, None]:
        yield RawEvent("status", "5", "5")
        yield RawEvent("status", "5", "5")
        yield RawEvent("status", "", "6")
        yield RawEvent("unknown", "6", "6")
        yield RawEvent("status", "7", "7")

    events = resume_forever(
        open_once, read_number, clock=FakeClock(), last_event_id=4, rng=random.Random(1)
    )
    async with aclosing(events):
        heard = [await anext(events), await anext(events)]

    assert heard == [5, 7]


BEGINS_AT_FORTY_ONE = RawEvent("message", "41", "")
HEARTBEAT = RawEvent("message", "41", "")
"""As the library tells a comment behind a number: the number again, and nothing."""


async def test_a_stream_that_broke_before_its_first_event_goes_on_from_where_it_began() -> None:
    """What happened in between was lost: without a number the service begins at the newest."""
    asked: list[int | None] = []

    async def open_once(last: int | None) -> AsyncGenerator[RawEvent, None]:
        asked.append(last)
        yield BEGINS_AT_FORTY_ONE
        if len(asked) == 1:
            raise LOST
        yield RawEvent("status", "42", "42")

    clock = FakeClock()
    events = resume_forever(
        open_once, read_number, clock=clock, last_event_id=None, rng=random.Random(1)
    )
    first = spawn(anext(events), name="first")
    await clock.advance(1)

    assert await first == 42
    assert asked == [None, 41]
    await events.aclose()


@pytest.mark.parametrize("stays", [False, True])
async def test_a_service_that_ends_every_stream_at_once_is_asked_ever_less_often(
    stays: bool,
) -> None:
    """The number a stream begins with is no sign that it works; a heartbeat is one."""

    async def open_once(last: int | None) -> AsyncGenerator[RawEvent, None]:
        yield BEGINS_AT_FORTY_ONE
        if stays:
            yield HEARTBEAT

    clock = FakeClock()
    events = resume_forever(
        open_once, read_number, clock=clock, last_event_id=None, rng=random.Random(1)
    )
    waiting = spawn(anext(events), name="waiting")
    await clock.advance(60)
    waiting.cancel()
    await settle()

    longest = max(clock.slept_seconds)
    assert longest <= 0.5 if stays else longest > 4


async def test_an_event_that_breaks_the_contract_does_not_hold_up_the_others(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("breaks the contract")

    async def open_once(last: int | None) -> AsyncGenerator[RawEvent, None]:
        yield RawEvent("status", "1", "broken")
        yield RawEvent("status", "2", "2")

    events = resume_forever(
        open_once, read_number, clock=FakeClock(), last_event_id=None, rng=random.Random(1)
    )
    async with aclosing(events):
        assert await anext(events) == 2


@pytest.mark.parametrize(
    "error",
    [
        LOST,
        BrokenAnswer("a portal's page"),
        refusal(ErrorCode.SERVER_UNAVAILABLE, 503),
        refusal(ErrorCode.RATE_LIMITED, 429),
    ],
)
async def test_what_passes_is_waited_for(error: Exception) -> None:
    source = Source(1, [(0, error)] * 5)

    assert await collect(source, 1) == [1]


async def test_a_refusal_for_good_ends_the_stream() -> None:
    source = Source(1, [(0, refusal(ErrorCode.SESSION_NOT_PARTICIPANT, 403))])
    events = resume_forever(
        source.open, read_number, clock=FakeClock(), last_event_id=None, rng=random.Random(1)
    )

    with pytest.raises(Refused):
        await anext(events)


@given(st.integers(0, 10_000), st.integers())
def test_waits_double_up_to_eight_seconds_with_half_of_it_by_chance(
    failures: int, seed: int
) -> None:
    waited = wait_s(failures, random.Random(seed))

    longest = min(8.0, 0.5 * 2.0 ** min(failures, 8))
    assert longest / 2 <= waited <= longest


async def test_waits_begin_anew_after_an_event() -> None:
    clock = FakeClock()
    source = Source(2, [(0, LOST), (0, LOST), (1, LOST), (1, LOST)])
    heard: list[int] = []
    keep = heard.append

    async def listen() -> None:
        events = resume_forever(
            source.open, read_number, clock=clock, last_event_id=None, rng=random.Random(1)
        )
        async with aclosing(events):
            async for event in events:
                keep(event)

    task = spawn(listen(), name="listen")
    await clock.advance(4)
    task.cancel()
    await settle()

    assert heard == [1, 2]
    assert clock.slept_seconds[1] > 0.5 >= clock.slept_seconds[2]
