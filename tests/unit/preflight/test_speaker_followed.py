"""S08 and the list of loudspeakers: what is followed, what stands, what is left alone."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import SourceState, SourceStatus
from preflight.model import CheckState, Group
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import SPEAKER
from tests.unit.preflight.speaker_world import SpeakerWorld

PASSED, WARNED = CheckState.PASSED, CheckState.WARNED
HEADSET = DeviceInfo(DeviceId("out.headset"), "Bluetooth headset", DeviceKind.REAL)
QUICK_S = 1.0


@pytest.fixture
def world() -> SpeakerWorld:
    return SpeakerWorld()


@raises("speaker.changed")
async def test_sound_that_moved_by_itself_is_followed_and_told(world: SpeakerWorld) -> None:
    async with world.running():
        world.catalogue.speaker_infos = (HEADSET, SPEAKER)
        await world.clock.advance(5)

        found = world.result("speaker.changed")
        assert found.state is WARNED
        assert found.measured["device"] == "Bluetooth headset"
        assert world.test.info == HEADSET


@clears("speaker.changed")
async def test_back_at_the_old_loudspeaker_all_is_well(world: SpeakerWorld) -> None:
    async with world.running():
        world.catalogue.speaker_infos = (HEADSET, SPEAKER)
        await world.clock.advance(4)
        world.catalogue.speaker_infos = (SPEAKER,)
        await world.clock.advance(6)

        assert world.verdict("speaker.changed") == (PASSED, None)


async def test_a_server_too_busy_to_list_takes_no_loudspeaker_away(world: SpeakerWorld) -> None:
    async with world.running():
        world.catalogue.speaker_infos = ()
        await world.clock.advance(5)

        assert world.verdict("speaker.none") == (PASSED, None)
        assert world.verdict("speaker.changed") == (PASSED, None)


async def test_a_list_that_was_read_at_a_bad_moment_moves_no_sound(world: SpeakerWorld) -> None:
    """A sweep would play on the other one, and another when the sound moves back."""
    async with world.running():
        played = world.played_blocks
        world.catalogue.speaker_infos = (HEADSET, SPEAKER)
        await world.bench.look()
        world.catalogue.speaker_infos = (SPEAKER,)
        await world.clock.advance(5)

        assert world.test.info == SPEAKER
        assert world.played_blocks == played
        assert len(world.catalogue.made_speakers) == 1


async def test_two_looks_at_once_move_the_sound_once(world: SpeakerWorld) -> None:
    async with world.running():
        moves: list[int] = []
        world.bench.on_moved = lambda: moves.append(1)
        world.catalogue.speaker_infos = (HEADSET, SPEAKER)
        await world.bench.look()

        await asyncio.gather(world.bench.look(), world.bench.look())

        assert (moves, world.test.wanted) == ([1], None)


async def test_a_loudspeaker_that_hides_new_devices_is_closed_while_nobody_plays(
    world: SpeakerWorld,
) -> None:
    """PortAudio lists nothing new while a stream is open: a replugged headset never came back."""
    raw = DeviceInfo(DeviceId("portaudio:Speakers"), "Speakers", DeviceKind.REAL)
    world.catalogue.speaker_infos = (raw,)
    async with world.running():
        made = world.catalogue.made_speakers

        assert world.verdict("speaker.open_failed") == (PASSED, None)
        assert world.result("speaker.open_failed").measured["open_ms"] == 1.0
        assert world.played_blocks > 0
        assert {each.status.state for each in made} == {SourceState.CLOSED}
        assert world.test.info == raw

        given = await world.test.for_call()
        await asyncio.gather(world.test.play(1), world.clock.advance(2))

        assert given.status.state is SourceState.RUNNING, "the call has it now"


async def test_last_times_loudspeaker_is_missed(tmp_path: Path) -> None:
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        await world.machine.keep(None, None, HEADSET)

    later = SpeakerWorld(tmp_path)
    async with later.running(QUICK_S):
        assert later.verdict("speaker.changed") == (WARNED, None)


async def test_a_chosen_loudspeaker_stands_whatever_the_system_prefers(
    world: SpeakerWorld,
) -> None:
    async with world.running(5):
        await world.test.choose(SPEAKER.id)
        world.bench.expect_chosen()
        world.runner.restart(Group.SPEAKER)
        await world.clock.advance(2)
        world.catalogue.speaker_infos = (HEADSET, SPEAKER)
        await world.clock.advance(5)

        assert world.verdict("speaker.changed") == (PASSED, None)
        assert world.test.info == SPEAKER


async def test_a_chosen_loudspeaker_that_is_gone_is_left(world: SpeakerWorld) -> None:
    world.catalogue.speaker_infos = (SPEAKER, HEADSET)
    async with world.running(2):
        await world.test.choose(HEADSET.id)
        world.bench.expect_chosen()
        world.runner.restart(Group.SPEAKER)
        await world.clock.advance(4)
        world.catalogue.speaker_infos = (SPEAKER,)
        world.catalogue.made_speakers[-1].status = SourceStatus(SourceState.LOST)
        await world.clock.advance(6)

        assert world.verdict("speaker.changed") == (WARNED, None)
        assert world.test.info == SPEAKER


@clears("speaker.changed")
async def test_a_loudspeaker_with_another_name_is_the_same(tmp_path: Path) -> None:
    """Names follow the language of the system."""
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        await world.machine.keep(None, None, replace(SPEAKER, name="Haut-parleurs"))

    later = SpeakerWorld(tmp_path)
    async with later.running(QUICK_S):
        assert later.verdict("speaker.changed") == (PASSED, None)


@raises("speaker.changed")
async def test_another_loudspeaker_of_the_same_model_is_another_one(world: SpeakerWorld) -> None:
    twin = replace(SPEAKER, id=DeviceId("out.pci.2"))
    async with world.running():
        world.catalogue.speaker_infos = (twin, SPEAKER)
        await world.clock.advance(5)

        assert world.test.info == twin
        assert world.verdict("speaker.changed") == (WARNED, None)


@just_misses("speaker.changed")
async def test_the_same_loudspeaker_in_another_socket_is_no_other_one(tmp_path: Path) -> None:
    world = SpeakerWorld(tmp_path)
    async with world.running(QUICK_S):
        await world.machine.keep(None, None, replace(SPEAKER, id=DeviceId("out.pci.2")))

    later = SpeakerWorld(tmp_path)
    async with later.running(QUICK_S):
        assert later.verdict("speaker.changed") == (PASSED, None)
