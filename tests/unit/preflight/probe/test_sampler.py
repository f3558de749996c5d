"""The rules of the warm samples on a made line and made time."""

import asyncio
import itertools
import selectors
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import httpx
import pytest

from preflight.model import CheckState
from preflight.probe.sampler import (
    ClockSkew,
    Look,
    Sampling,
    _body,
    _is_well,
    _server_ms,
    clock_skew,
    collect,
)
from preflight.verdicts.catalogue import judge
from tests.check_cases import just_misses, raises


class Line:
    """Answers after a round trip; ``script`` changes single looks by their number."""

    def __init__(self, rtt_ms: float = 20.0) -> None:
        self.rtt_ms = rtt_ms
        self.now_s = 100.0
        self.late_s: dict[int, float] = {}
        self.script: dict[int, Look] = {}
        self.looks = 0

    async def look(self) -> Look:
        number, self.looks = self.looks, self.looks + 1
        found = self.script.get(number, Look(self.rtt_ms, number == 0, 200, True, 0.4))
        self.now_s += found.elapsed_ms / 1000
        return found

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds + self.late_s.get(self.looks, 0.0)

    async def sample(self, samples: int = 11, budget_s: float = 7.0) -> Sampling:
        return await collect(
            self.look,
            samples=samples,
            budget_s=budget_s,
            now=lambda: self.now_s,
            sleep=self.sleep,
        )


LOST = Look(2000.0, False, None, False, None)


async def test_the_cold_look_is_never_counted() -> None:
    line = Line()
    line.script[0] = Look(900.0, True, 200, True, None)

    found = await line.sample()

    assert found.rtts_ms == [20.0] * 11
    assert found.first_byte_ms == 900.0
    assert line.looks == 12


async def test_a_look_that_had_to_connect_is_repeated() -> None:
    line = Line()
    line.script[4] = Look(150.0, True, 200, True, None)

    found = await line.sample()

    assert found.rtts_ms == [20.0] * 11
    assert found.repeated == 1


@pytest.mark.parametrize(("late_s", "repeated"), [(0.049, 0), (0.051, 1)])
async def test_a_look_that_came_late_is_repeated(late_s: float, repeated: int) -> None:
    line = Line()
    line.late_s[3] = late_s

    assert (await line.sample()).repeated == repeated


async def test_at_most_five_looks_are_repeated() -> None:
    line = Line()
    line.script = {number: Look(80.0, True, 200, True, None) for number in range(1, 9)}

    found = await line.sample()

    assert found.repeated == 5
    assert found.rtts_ms == [80.0] * 3 + [20.0] * 8


async def test_a_median_near_the_limit_is_worth_four_more() -> None:
    assert len((await Line(301.0).sample()).rtts_ms) == 15
    assert len((await Line(340.0).sample()).rtts_ms) == 11


async def test_lost_looks_count_and_are_not_repeated() -> None:
    line = Line()
    line.script = {2: LOST, 5: LOST}

    found = await line.sample(budget_s=20)

    assert (found.lost, len(found.rtts_ms)) == (2, 9)
    assert found.figures()["healthy"] is True


async def test_the_budget_ends_a_slow_line_with_what_it_managed() -> None:
    found = await Line(900.0).sample()

    assert 5 <= len(found.rtts_ms) < 11
    assert found.lost == 0


async def test_a_look_that_outlasts_the_budget_is_cut_off_and_the_others_are_told() -> None:
    """A service that trickles its answer never runs into a time limit of the client's."""
    looks = 0

    async def look() -> Look:
        nonlocal looks
        looks += 1
        if looks == 3:
            await asyncio.Event().wait()
        return Look(20.0, False, 200, True, None)

    async with asyncio.timeout(5):
        found = await collect(
            look, samples=11, budget_s=0.3, now=time.perf_counter, sleep=asyncio.sleep
        )

    assert (looks, found.rtts_ms, found.lost) == (3, [20.0], 0)


class MadeTime(selectors.SelectSelector):
    """Makes a loop's waiting take no time: what it would have waited is its clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "nothing will ever happen"
        self.now_s += max(0.0, timeout)
        return super().select(0)


class MadeTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is a `MadeTime`."""

    def __init__(self) -> None:
        self.made = MadeTime()
        super().__init__(self.made)

    def time(self) -> float:
        return self.made.now_s


def sampled(answers_after_s: Sequence[float], budget_s: float = 7.0) -> tuple[Sampling, float]:
    """Sample a line whose looks take that long each (the last for ever); and how long it took."""

    async def run() -> tuple[Sampling, float]:
        loop = asyncio.get_running_loop()
        times = itertools.chain(answers_after_s, itertools.repeat(answers_after_s[-1]))

        async def look() -> Look:
            took_s = next(times)
            await asyncio.sleep(took_s)
            return Look(took_s * 1000, False, 200, True, None)

        found = await collect(
            look, samples=11, budget_s=budget_s, now=loop.time, sleep=asyncio.sleep
        )
        return found, loop.time()

    with asyncio.Runner(loop_factory=MadeTimeLoop) as runner:
        return runner.run(run())


def test_a_slow_line_that_lost_looks_is_judged_by_what_came_before_the_deadline() -> None:
    """A cold look and a late one lost at 550 ms took 8.65 s: past the 8 s of N02 and N03."""
    found, took_s = sampled([9.0, 0.55, 0.55, 0.55, 0.55, 0.55, 9.0, 0.55])

    figures = found.figures()
    assert took_s <= 7.0 + 1e-6
    assert len(found.rtts_ms) >= 5
    # The last one was cut off after more than a second: that is a loss too.
    assert (found.lost, judge("net.health", figures)) == (1, CheckState.WARNED)
    assert judge("net.rtt_high", figures) is CheckState.FAILED
    assert figures["rtt_median_ms"] == pytest.approx(550)


def test_a_third_lost_look_is_seen_though_the_budget_cuts_it_off() -> None:
    """Three lost looks take six of seven seconds: the third was hardly ever counted."""
    found, took_s = sampled([0.1, *[0.1] * 4, 9.0, 0.1, 0.1, 9.0, 0.1, 0.1, 9.0])

    assert took_s <= 7.0 + 1e-6
    assert (found.lost, judge("net.health", found.figures())) == (3, CheckState.FAILED)


def test_a_look_that_is_cut_off_within_a_second_is_no_loss() -> None:
    found, _ = sampled([0.8] * 12)

    assert (found.lost, len(found.rtts_ms)) == (0, 6)


def test_an_answer_that_trickles_is_a_lost_look_and_the_next_ones_count() -> None:
    found, took_s = sampled([0.02, 0.02, 60.0, 0.02])

    assert (found.lost, len(found.rtts_ms)) == (1, 10)
    assert took_s < 4
    assert judge("net.health", found.figures()) is CheckState.WARNED


@pytest.mark.parametrize("seed", range(20))
def test_no_mix_of_slow_and_lost_looks_outlasts_the_budget(seed: int) -> None:
    random = Random(seed)
    mix = [random.choice([0.02, 0.3, 0.55, 1.9, 2.5, 60.0]) for _ in range(20)]

    _, took_s = sampled(mix)

    assert took_s <= 7.0 + 1e-6


async def test_a_first_look_that_never_ends_is_a_service_that_is_not_well() -> None:
    async def look() -> Look:
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.timeout(5):
        found = await collect(
            look, samples=11, budget_s=0.05, now=time.perf_counter, sleep=asyncio.sleep
        )

    assert found.figures()["healthy"] is False


async def test_a_dead_line_is_not_healthy() -> None:
    line = Line()
    line.script = dict.fromkeys(range(20), LOST)

    found = (await line.sample()).figures()

    assert found["healthy"] is False
    assert found["lost"] == 3
    assert "rtt_median_ms" not in found


async def test_one_unwell_answer_makes_the_service_unwell() -> None:
    line = Line()
    line.script[7] = Look(20.0, False, 503, False, None)

    assert (await line.sample()).figures()["healthy"] is False


async def test_the_clock_is_judged_by_the_quickest_answer() -> None:
    line = Line()
    line.script[3] = Look(300.0, False, 200, True, 0.4, ClockSkew(7.0, 0.15))
    line.script[5] = Look(10.0, False, 200, True, 0.4, ClockSkew(4.2, 0.005))
    line.script[7] = Look(40.0, False, 200, True, 0.4, ClockSkew(5.5, 0.02), ("0.2.0", "0.1.0"))

    found = (await line.sample()).figures()

    assert (found["clock_skew_s"], found["clock_error_s"]) == (4.2, 0.005)
    assert (found["service_version"], found["min_client_version"]) == ("0.2.0", "0.1.0")


@pytest.mark.parametrize("way_there_ms", [0, 20, 60, 100])
def test_the_truth_lies_within_half_a_round_trip(way_there_ms: int) -> None:
    """Whatever part of the 100 ms the way there takes, the error is told honestly."""
    ours_at_end = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    truth_s = -600.0
    stamped = ours_at_end - timedelta(milliseconds=100 - way_there_ms)
    server_now = (stamped + timedelta(seconds=truth_s)).isoformat(timespec="milliseconds")

    skew = clock_skew(server_now, ours_at_end, 100.0)

    assert skew is not None
    assert skew.error_s == 0.05
    assert abs(skew.skew_s - truth_s) <= skew.error_s + 1e-9


@pytest.mark.parametrize("told", [None, 5, "soon", "2026-11-22T12:00:00"])
def test_a_service_without_a_time_tells_nothing_of_the_clock(told: object) -> None:
    assert clock_skew(told, datetime(2026, 11, 22, 12, 0, tzinfo=UTC), 20.0) is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"status": "ok"}', True),
        (200, b'{"status": "degraded"}', False),
        (503, b'{"status": "ok"}', False),
        (200, b"<html>Accept the terms</html>", False),
        (200, b"[]", False),
    ],
)
def test_well_is_said_by_status_and_body(status: int, body: bytes, expected: bool) -> None:
    assert _is_well(_body(httpx.Response(status, content=body))) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("app;dur=0.4", 0.4),
        ('app;desc="x";dur="1.5"', 1.5),
        ("", None),
        ("app;dur=soon", None),
        # What a content network adds tells of that network.
        ("cdn-upstream-fbl;dur=154, app;dur=0.4", 0.4),
        ('edge;desc="FRA, dur=9";dur=7, App; dur=2', 2.0),
        ("edge;dur=7", None),
    ],
)
def test_the_services_own_time_is_read(header: str, expected: float | None) -> None:
    answer = httpx.Response(200, headers={"server-timing": header})

    assert _server_ms(answer) == expected


@pytest.mark.parametrize(
    ("rtt_ms", "expected"),
    [
        pytest.param(299.0, CheckState.WARNED, marks=just_misses("net.rtt_high")),
        pytest.param(300.0, CheckState.FAILED, marks=raises("net.rtt_high")),
        (301.0, CheckState.FAILED),
    ],
)
@pytest.mark.parametrize("seed", range(20))
async def test_the_median_of_fifteen_decides_at_the_limit_whatever_the_outliers(
    rtt_ms: float, expected: CheckState, seed: int
) -> None:
    """Six of fifteen looks are much slower or quicker: the one in the middle is the line's own."""
    line, drawn = Line(rtt_ms), Random(seed)
    for number in drawn.sample(range(1, 16), 6):
        # As many on either side, so that the middle stays the middle.
        slower = sum(each.elapsed_ms > rtt_ms for each in line.script.values()) < 3
        trip = rtt_ms + drawn.uniform(20, 400) * (1 if slower else -0.6)
        line.script[number] = Look(trip, False, 200, True, 0.4)

    found = await line.sample(budget_s=20)

    assert found.figures()["rtt_median_ms"] == rtt_ms
    assert judge("net.rtt_high", found.figures()) is expected
