"""The order of a trial call's steps, their time, and who is let go when."""

import asyncio

import pytest

from preflight.checks.media.steps import Step
from preflight.devices.ports import SourceState
from preflight.model import CheckState
from tests.unit.preflight.media_world import MediaWorld, OpenDevice
from tests.unit.preflight.test_media_verdicts import LATER_CODES, TRIAL_CODES

PASSED, UNKNOWN, SKIPPED = CheckState.PASSED, CheckState.UNKNOWN, CheckState.SKIPPED


async def test_tcp_comes_last_and_relays_run_beside_the_drills() -> None:
    world = MediaWorld()

    found = await world.verdicts(*TRIAL_CODES, *LATER_CODES)

    assert {state for state, _ in found.values()} == {PASSED}
    assert world.probe.trials == 1
    assert set(world.probe.done[:2]) == {"microphone", "camera"}
    assert world.probe.done[2] == "quality"
    assert set(world.probe.done[3:5]) == {"reconnect", "offer"}
    assert world.probe.done[5:] == ["relay", "turn_tls", "tcp"]
    assert world.probe.ended == [False, False], "it took leave, and was closed"


async def test_a_whole_call_ends_within_its_time() -> None:
    world = MediaWorld()
    began_ns = world.clock.monotonic_ns()

    await world.verdicts(*TRIAL_CODES, *LATER_CODES)

    assert (world.clock.monotonic_ns() - began_ns) / 1e9 < 20


async def test_only_what_is_asked_for_is_done() -> None:
    world = MediaWorld()

    assert await world.verdict("media.reconnect") == (PASSED, None)

    assert world.probe.done == ["reconnect"]


async def test_what_is_left_after_a_minute_has_no_verdict() -> None:
    world = MediaWorld()
    world.probe.takes_s = 20
    world.probe.drills_take_s = {
        "microphone": 7,
        "quality": 5.5,
        "reconnect": 23,
        "relay": 9.9,
        "tcp": 6,
    }

    found = await world.verdicts(*LATER_CODES, within_s=80)

    assert found["media.reconnect"] == (PASSED, None)
    assert found["media.turn_tls_blocked"] == (PASSED, None)
    assert found["media.tcp_blocked"] == (UNKNOWN, "deadline")
    assert (world.clock.monotonic_ns() - 1_000_000_000_000) / 1e9 < 63


async def test_a_step_that_hangs_leaves_the_others_their_turn() -> None:
    world = MediaWorld()
    world.probe.drills_take_s = {"microphone": 1000}

    found = await world.verdicts("media.mic_roundtrip", "media.reconnect")

    assert found["media.mic_roundtrip"] == (UNKNOWN, "deadline")
    assert found["media.reconnect"] == (PASSED, None)
    assert world.microphone is not None
    assert world.microphone.taps == 0


async def test_a_ramp_that_hangs_is_given_up() -> None:
    world = MediaWorld()
    world.probe.takes_s = 1000

    assert await world.verdict("media.reconnect") == (UNKNOWN, "no_trial")


async def test_a_probe_that_died_in_a_drill_leaves_no_verdict() -> None:
    world = MediaWorld()
    world.probe.drills["reconnect"] = {}

    assert await world.verdict("media.reconnect") == (UNKNOWN, "no_trial")


async def test_a_step_with_a_fault_of_ours_fails_alone() -> None:
    world = MediaWorld()
    del world.probe.drills["quality"]

    with pytest.raises(KeyError):
        await world.verdicts("media.server_quality", "media.reconnect")

    assert await world.bench.outcome(Step.RECONNECT) == world.probe.drills["reconnect"]


async def test_devices_that_are_not_open_are_not_sent() -> None:
    world = MediaWorld(camera=None, microphone=OpenDevice(SourceState.LOST))

    found = await world.verdicts("media.mic_roundtrip", "media.camera_roundtrip")

    assert found["media.mic_roundtrip"] == (UNKNOWN, "no_microphone")
    assert found["media.camera_roundtrip"] == (UNKNOWN, "no_camera")


async def test_whoever_joins_has_the_devices_back_at_once() -> None:
    world = MediaWorld()
    world.probe.drills_take_s = {"microphone": 6, "camera": 4}
    running = world.measure("media.mic_roundtrip", "media.camera_roundtrip", "media.reconnect")
    await world.clock.advance(9)
    assert world.camera is not None
    assert world.microphone is not None
    assert (world.camera.taps, world.microphone.taps) == (1, 1)

    world.bench.call_off()
    await asyncio.sleep(0)
    await world.clock.advance()

    assert (world.camera.taps, world.microphone.taps) == (0, 0)
    found = {code: task.result() for code, task in running.items()}
    assert set(found.values()) == {(SKIPPED, "joined")}
    await world.bench.close(at_once=True)
    assert world.probe.ended == [True]


async def test_counted_data_is_saved() -> None:
    counted, free = MediaWorld(metered=True), MediaWorld()

    await counted.verdict("media.uplink_low")
    await free.verdict("media.uplink_low")

    assert counted.probe.caps == [(8.0, 1500)]
    assert free.probe.caps == [(16.0, 3500)]


async def test_the_line_is_busy_until_the_last_drill() -> None:
    world = MediaWorld()
    running = world.measure("media.reconnect")
    await world.clock.advance(9)
    busy = [world.bench.busy]

    await world.clock.advance(10)

    assert [*busy, world.bench.busy] == [True, False]
    assert running["media.reconnect"].done()
    await world.bench.close()
