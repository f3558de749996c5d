"""S01 to S08: the loudspeaker, in a made room and in virtual time."""

from datetime import timedelta
from pathlib import Path

import pytest

from preflight.check import NOT_ASKED
from preflight.checks.speaker.not_heard import counted, proves
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.model import CheckState, Group
from preflight.system.ports import Holder
from preflight.system.sound_ports import OutputState
from tests.check_cases import clears, raises
from tests.conftest import ExpectedLogs
from tests.fakes.devices import SPEAKER, FakeSpeaker
from tests.unit.preflight.speaker_world import SpeakerWorld

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)
HEADSET = DeviceInfo(DeviceId("out.headset"), "Bluetooth headset", DeviceKind.REAL)
SILENT = DeviceInfo(DeviceId("null"), "No loudspeaker", DeviceKind.NONE)
QUICK_S = 1.0
"""Enough for what waits neither for the gate nor for quiet."""


@pytest.fixture
def world() -> SpeakerWorld:
    return SpeakerWorld()


@pytest.mark.parametrize("infos", [(), (SILENT,)])
@raises("speaker.none")
async def test_no_loudspeaker_is_told_and_the_rest_waits_for_one(
    world: SpeakerWorld, infos: tuple[DeviceInfo, ...]
) -> None:
    world.catalogue.speaker_infos = infos

    async with world.running(QUICK_S):
        assert world.verdict("speaker.none") == (FAILED, None)
        assert world.verdict("speaker.muted") == (SKIPPED, "needs:speaker.none")
        assert world.verdict("speaker.loop") == (SKIPPED, "needs:speaker.none")


@clears("speaker.none")
@clears("speaker.muted")
async def test_a_loudspeaker_that_is_plugged_in_clears_it_and_is_looked_at(
    world: SpeakerWorld,
) -> None:
    world.catalogue.speaker_infos = ()
    async with world.running(QUICK_S):
        world.catalogue.speaker_infos = (SPEAKER,)
        await world.clock.advance(6)

        assert world.verdict("speaker.none") == (PASSED, None)
        assert world.verdict("speaker.muted") == (PASSED, None)


@pytest.mark.parametrize(
    ("muted", "volume", "state"),
    [(True, 60, FAILED), (False, 0, FAILED), (False, 19, WARNED)],
)
@raises("speaker.muted")
async def test_sound_that_is_off_or_low_is_told(
    world: SpeakerWorld, muted: bool, volume: int, state: CheckState
) -> None:
    world.outputs.state = OutputState("Loudspeakers", muted, volume, 48_000)

    async with world.running(QUICK_S):
        assert world.verdict("speaker.muted") == (state, None)


async def test_turning_it_up_is_noticed_by_itself(world: SpeakerWorld) -> None:
    world.outputs.state = OutputState("Loudspeakers", True, 60, 48_000)
    async with world.running(QUICK_S):
        world.outputs.state = OutputState("Loudspeakers", False, 60, 48_000)
        await world.clock.advance(5)

        assert world.verdict("speaker.muted") == (PASSED, None)


async def test_a_system_that_does_not_tell_is_no_fault(world: SpeakerWorld) -> None:
    world.outputs.state = None

    async with world.running(QUICK_S):
        assert world.verdict("speaker.muted") == (UNKNOWN, None)


async def test_a_question_to_the_system_that_throws_is_no_fault(
    world: SpeakerWorld, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("looking at loudspeakers threw RuntimeError")
    world.outputs.error = RuntimeError("made up")

    async with world.running(QUICK_S):
        assert world.verdict("speaker.muted") == (UNKNOWN, None)


@raises("speaker.open_failed")
async def test_a_loudspeaker_that_does_not_open_names_who_holds_it(world: SpeakerWorld) -> None:
    def busy(speaker: FakeSpeaker) -> None:
        speaker.fault = OpenFault.BUSY

    world.catalogue.speaker_mood = busy
    world.outputs.held_by = Holder("Ardour", 42)

    async with world.running():
        found = world.result("speaker.open_failed")
        assert found.state is FAILED
        assert found.measured == {"plays": False, "fault": "busy", "holder": "Ardour"}
        assert world.verdict("speaker.loop") == (SKIPPED, "needs:speaker.open_failed")


@raises("speaker.open_failed")
async def test_a_loudspeaker_that_takes_no_sound_fails(world: SpeakerWorld) -> None:
    def hang(speaker: FakeSpeaker) -> None:
        speaker.clock = None

    world.catalogue.speaker_mood = hang

    async with world.running():
        assert world.verdict("speaker.open_failed") == (FAILED, None)


@raises("speaker.open_failed")
async def test_a_driver_that_hangs_is_told_before_the_time_for_it_is_over(
    world: SpeakerWorld,
) -> None:
    """It was waited for as long as the check may take: not measured, instead of a fault."""

    def hang(speaker: FakeSpeaker) -> None:
        speaker.hangs = True

    world.catalogue.speaker_mood = hang

    async with world.running():
        found = world.result("speaker.open_failed")
        assert (found.state, found.reason) == (FAILED, None)
        assert found.duration_ms < 3900


@clears("speaker.open_failed")
@clears("speaker.loop")
async def test_a_headset_plays_and_is_not_heard(world: SpeakerWorld) -> None:
    async with world.running():
        assert world.verdict("speaker.open_failed") == (PASSED, None)
        assert world.verdict("speaker.loop") == (PASSED, None)
        assert world.verdict("speaker.delay") == (UNKNOWN, "not_coupled")
        assert world.runner.progress.finished


@pytest.mark.parametrize(("echo_db", "state"), [(-20.0, WARNED), (-5.0, FAILED)])
@raises("speaker.loop")
@clears("speaker.delay")
async def test_a_loudspeaker_that_the_microphone_hears_may_echo(
    world: SpeakerWorld, echo_db: float, state: CheckState
) -> None:
    world.echo_db = echo_db

    async with world.running():
        found = world.result("speaker.loop")
        assert found.state is state
        assert found.measured["gain_db"] == pytest.approx(echo_db, abs=1)
        assert world.verdict("speaker.delay") == (PASSED, None)
        assert world.result("speaker.delay").measured["delay_ms"] == pytest.approx(60, abs=11)


@pytest.mark.parametrize(("delay_ms", "state"), [(220.0, WARNED), (380.0, FAILED)])
@raises("speaker.delay")
async def test_a_late_loudspeaker_is_told(
    world: SpeakerWorld, delay_ms: float, state: CheckState
) -> None:
    world.echo_db, world.delay_ms = -20.0, delay_ms

    async with world.running():
        assert world.verdict("speaker.delay") == (state, None)


async def test_one_sweep_answers_both_and_asking_again_plays_another(world: SpeakerWorld) -> None:
    async with world.running():
        once = world.played_blocks

        world.echo_db = -5.0
        world.runner.again("speaker.loop")
        await world.clock.advance(4)

        assert world.played_blocks == 2 * once
        assert world.verdict("speaker.loop") == (FAILED, None)
        assert world.verdict("speaker.delay") == (PASSED, None)


async def test_the_sweep_waits_until_the_beeps_are_over(world: SpeakerWorld) -> None:
    async with world.running(2):
        async with world.test.alone():
            await world.clock.advance(8)
            assert world.verdict("speaker.loop")[0].final is False
            assert world.played_blocks == 0
        await world.clock.advance(4)

        assert world.verdict("speaker.loop") == (PASSED, None)


async def test_the_sweep_waits_for_the_microphones_advice(world: SpeakerWorld) -> None:
    world.advising = True
    async with world.running(10):
        assert world.played_blocks == 0
        assert world.verdict("speaker.open_failed") == (PASSED, None)

        world.advising = False
        await world.clock.advance(4)

        assert world.verdict("speaker.loop") == (PASSED, None)


async def test_our_own_sound_is_no_voice_and_no_noise_of_the_room(world: SpeakerWorld) -> None:
    world.echo_db = 0.0

    async with world.running():
        levels = world.microphone.window.levels()
        assert world.played_blocks > 0
        assert levels.voice_dbfs < -55


async def test_a_muted_loudspeaker_proves_no_silence_of_the_echo(world: SpeakerWorld) -> None:
    world.outputs.state = OutputState("Loudspeakers", True, 60, 48_000)

    async with world.running():
        assert world.verdict("speaker.loop") == (UNKNOWN, "muted")
        assert world.played_blocks == 0


async def test_a_made_up_microphone_is_not_played_to(world: SpeakerWorld) -> None:
    tone = DeviceInfo(DeviceId("tone:440"), "Tone", DeviceKind.TONE)
    world.catalogue.microphone_infos = (tone,)

    async with world.running():
        assert world.verdict("speaker.loop") == (SKIPPED, "not_offered")
        assert world.played_blocks == 0


async def test_the_person_is_asked_once_for_a_loudspeaker(tmp_path: Path) -> None:
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        assert world.verdict("speaker.not_heard") == (UNKNOWN, NOT_ASKED)
        world.bench.keep_answer(heard=True)
        await world.clock.advance()

    later = SpeakerWorld(tmp_path)
    async with later.running(QUICK_S):
        assert later.verdict("speaker.not_heard") == (PASSED, None)
        assert later.result("speaker.not_heard").measured["remembered"] is True


@pytest.mark.parametrize(("days", "state"), [(30, PASSED), (31, UNKNOWN)])
async def test_after_thirty_days_it_is_asked_about_again(
    tmp_path: Path, days: int, state: CheckState
) -> None:
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        world.bench.keep_answer(heard=True)
        await world.clock.advance()

    later = SpeakerWorld(tmp_path)
    later.clock.set_wall_clock(world.clock.now() + timedelta(days=days))
    async with later.running(QUICK_S):
        assert later.verdict("speaker.not_heard")[0] is state


async def test_who_hears_nothing_any_more_is_asked_again(tmp_path: Path) -> None:
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        world.bench.keep_answer(heard=True)
        await world.clock.advance()
        world.bench.keep_answer(heard=False)
        await world.clock.advance()
        world.runner.restart(Group.SPEAKER)
        await world.clock.advance(QUICK_S)

        assert world.verdict("speaker.not_heard") == (UNKNOWN, NOT_ASKED)


@pytest.mark.parametrize(
    ("wrong", "none", "state", "shows"),
    [
        pytest.param(0, False, PASSED, True, marks=clears("speaker.not_heard")),
        pytest.param(1, False, WARNED, None, marks=raises("speaker.not_heard")),
        pytest.param(2, False, FAILED, False, marks=raises("speaker.not_heard")),
        pytest.param(1, True, FAILED, False, marks=raises("speaker.not_heard")),
    ],
)
async def test_counted_beeps_are_judged(
    world: SpeakerWorld, wrong: int, none: bool, state: CheckState, shows: bool | None
) -> None:
    async with world.running(QUICK_S):
        world.runner.answer("speaker.not_heard", counted(wrong=wrong, none=none))

        assert world.verdict("speaker.not_heard") == (state, None)
        assert proves(counted(wrong=wrong, none=none)) is shows


@pytest.mark.parametrize(
    "told",
    [OutputState("Headset", False, 60, 16_000), OutputState("Headset", False, 60, None, True)],
)
@raises("speaker.headset_mode")
async def test_a_headset_in_telephone_quality_is_told(
    world: SpeakerWorld, told: OutputState
) -> None:
    world.outputs.state = told

    async with world.running():
        assert world.verdict("speaker.headset_mode") == (WARNED, None)


@clears("speaker.headset_mode")
async def test_it_clears_once_the_headset_plays_in_full_quality(world: SpeakerWorld) -> None:
    world.outputs.state = OutputState("Headset", False, 60, 16_000, True)
    async with world.running():
        world.outputs.state = OutputState("Headset", False, 60, 48_000, False)
        await world.clock.advance(5)

        assert world.verdict("speaker.headset_mode") == (PASSED, None)


@raises("speaker.headset_mode")
async def test_a_system_that_is_asked_seldom_is_asked_again_once_the_microphone_is_open(
    world: SpeakerWorld,
) -> None:
    """Its first word is of a headset without a call; the next would come when one has joined."""
    world.outputs.every_s = 60.0
    world.outputs.state = OutputState("Headset", False, 60, 48_000, False)

    async with world.running(1.0):
        world.outputs.state = OutputState("Headset", False, 60, 16_000, True)
        await world.clock.advance(7)

        assert world.verdict("speaker.headset_mode") == (WARNED, None)
