"""The media path: one trial call after the gate, never in its way."""

import asyncio

import pytest

from preflight.check import CannotTell
from preflight.checks.media.bench import Line, MediaBench
from preflight.model import CheckState, Group
from preflight.probe.protocol import Trial, decode_command, encode_line
from preflight.report.report import EndedBy
from tests.fakes.clock import FakeClock
from tests.fakes.media_probe import FakeMediaProbe
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)


async def test_one_trial_call_answers_all_checks_after_the_gate(bench: Bench) -> None:
    preflight = await bench.run(5)
    assert preflight.progress.gate.passed
    assert not preflight.progress.finished

    for _ in range(25):
        await bench.clock.advance(1)

    media = [check for check in preflight.progress.checks if check.group is Group.MEDIA]
    assert len(media) == 21
    assert {check.code: check.state for check in media if check.state is not PASSED} == {}
    assert bench.media.trials == 1
    assert bench.media.ended == [False], "it took leave of the room"
    assert preflight.report()["samples"]["media"] == {"at_s": [1.0], "uplink_kbps": [3050.0]}


async def test_nobody_signed_in_has_no_room_for_it(bench: Bench) -> None:
    preflight = await bench.run(12, signed_in=False)

    assert verdict(preflight, "media.uplink_low") == (SKIPPED, "needs:net.room")
    assert bench.media.trials == 0


async def test_a_network_that_fails_is_not_tried(bench: Bench) -> None:
    bench.probe.connects = False

    preflight = await bench.run(12)

    assert verdict(preflight, "media.loss")[0] is SKIPPED
    assert bench.media.trials == 0


async def test_a_network_that_comes_right_is_tried_then(bench: Bench) -> None:
    bench.probe.connects = False
    preflight = await bench.run(8)

    bench.probe.connects = True
    for _ in range(80):
        await bench.clock.advance(0.25)

    assert verdict(preflight, "media.loss") == (PASSED, None)
    assert bench.media.trials == 1


async def test_whoever_joins_is_not_kept_waiting_by_it(bench: Bench) -> None:
    preflight = await bench.run(7)
    assert bench.media.trials == 1

    devices = await preflight.handover()
    await bench.clock.advance(0.5)

    assert bench.media.ended[-1] is True, "at once"
    told = {row["code"]: row for row in preflight.report(EndedBy.JOINED)["checks"]}
    assert (told["media.uplink_low"]["state"], told["media.uplink_low"]["reason"]) == (
        "skipped",
        "joined",
    )
    assert told["media.reconnect"]["reason"] == "joined"
    assert devices.camera is bench.catalogue.made_cameras[0]


async def test_another_way_out_is_tried_again(bench: Bench) -> None:
    preflight = await bench.run(15)
    assert bench.media.trials == 1

    bench.way_out = "wlan0 192.168.1.9"
    for _ in range(80):
        await bench.clock.advance(0.25)

    assert verdict(preflight, "media.uplink_low") == (PASSED, None)
    assert bench.media.trials == 2


async def test_round_trips_rest_while_the_line_is_full(bench: Bench) -> None:
    bench.media.takes_s = 16
    await bench.run(9)
    looks = bench.probe.looks

    for _ in range(40):
        await bench.clock.advance(0.25)
    assert bench.probe.looks == looks
    for _ in range(20):
        await bench.clock.advance(0.5)
    assert bench.probe.looks > looks


async def test_a_trial_call_that_died_or_did_not_join_is_unknown(bench: Bench) -> None:
    bench.media.figures = {"joined": False}
    preflight = await bench.run(15)
    assert verdict(preflight, "media.loss") == (UNKNOWN, "not_joined")

    bench.media.dies = True
    preflight.retry(Group.MEDIA)
    await bench.clock.advance(10)
    assert verdict(preflight, "media.reconnect") == (UNKNOWN, "no_trial")
    assert verdict(preflight, "media.loss") == (UNKNOWN, "no_trial")


async def test_a_call_that_hangs_ends_at_the_deadline(bench: Bench) -> None:
    bench.media.takes_s = 1000

    preflight = await bench.run(45)

    assert verdict(preflight, "media.mos") == (UNKNOWN, "deadline")
    assert preflight.progress.finished


async def test_a_refused_room_leaves_the_checks_without_a_verdict() -> None:
    clock = FakeClock()

    async def nowhere() -> None:
        return None

    bench = MediaBench(FakeMediaProbe(clock), clock, nowhere, Line(lambda: "eth0"))
    with pytest.raises(CannotTell):
        await bench.trial()
    await bench.close()


def test_tokens_travel_in_the_command_and_show_nowhere() -> None:
    command = Trial(3, "ws://x", "secret-a", "secret-b", 16.0, 3500)

    assert decode_command(encode_line(command)) == command
    assert "secret" not in repr(command)


async def test_a_cancelled_check_leaves_the_call_to_the_others(bench: Bench) -> None:
    clock = FakeClock()
    probe = FakeMediaProbe(clock)

    async def room() -> object:
        return object()

    media = MediaBench(probe, clock, room, Line(lambda: "eth0"))  # type: ignore[arg-type]  # the fake probe does not look at its room
    first = asyncio.ensure_future(media.trial())
    second = asyncio.ensure_future(media.trial())
    await clock.advance(1)
    first.cancel()
    await clock.advance(10)

    assert (await second).measured["mos"] == 4.4
    assert probe.trials == 1
    await media.close()
