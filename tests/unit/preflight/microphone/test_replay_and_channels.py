"""Hearing oneself, and the one channel that a call uses."""

import asyncio

import numpy as np
import pytest

from client_api.tasks import spawn
from preflight.checks.speaker.speaker_test import SpeakerTest
from preflight.checks.speaker.voice_replay import MicrophoneNotOpen, VoiceReplay
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock
from preflight.devices.one_channel import OneChannel
from preflight.devices.ports import DeviceNotFound
from tests.fakes.devices import FakeMicrophone, FakeSpeaker, voice_blocks
from tests.fakes.offload import at_once
from tests.unit.preflight.microphone.conftest import Desk


def stereo(left: int, right: int) -> "list[np.ndarray]":
    """Half a second of blocks with sides of their own; negative turns the phase."""
    sides = [
        [np.sign(level) * block[:, 0] for block in voice_blocks(abs(level))]
        for level in (left, right)
    ]
    return [np.stack(pair, axis=1).astype(np.int16) for pair in zip(*sides, strict=True)]


def speak(desk: Desk, left: int, right: int) -> None:
    """Have a stereo microphone from now on."""

    def mood(microphone: FakeMicrophone) -> None:
        microphone.say(stereo(left, right))

    desk.catalogue.microphone_mood = mood


async def heard_by_a_call(desk: Desk) -> list[AudioBlock]:
    """Take the microphone over as a call does, and listen for half a second."""
    source = await desk.bench.for_call()
    assert source is not None
    blocks: list[AudioBlock] = []
    detach = source.attach(blocks.append)
    await desk.clock.advance(0.5)
    detach()
    return blocks


async def test_a_call_uses_the_side_that_works(desk: Desk) -> None:
    speak(desk, 0, 2000)
    await desk.run(6)

    blocks = await heard_by_a_call(desk)

    assert {block.samples.shape for block in blocks} == {(BLOCK_SAMPLES, 1)}
    assert max(int(np.abs(block.samples).max()) for block in blocks) > 1900
    assert not any(block.samples.flags.writeable for block in blocks)


async def test_sides_that_cancel_each_other_are_not_summed(desk: Desk) -> None:
    speak(desk, 2000, -1900)
    await desk.run(6)

    blocks = await heard_by_a_call(desk)

    assert {block.samples.shape[1] for block in blocks} == {1}


async def test_two_good_sides_are_both_handed_over(desk: Desk) -> None:
    speak(desk, 2000, 1500)
    await desk.run(6)

    assert await desk.bench.for_call() is desk.microphone


async def test_who_joins_before_the_look_at_the_sides_gets_it_all_the_same(desk: Desk) -> None:
    speak(desk, 0, 2000)
    await desk.run(1)

    source = await desk.bench.for_call()

    assert source is not None
    assert (source.channels, source.info) == (1, desk.microphone.info)
    assert source.status == desk.microphone.status
    assert (source.overflows, source.own_rate_hz) == (0, None)
    source.close()
    assert desk.microphone.closed == 1


async def test_the_one_channel_opens_what_it_stands_for(desk: Desk) -> None:
    device = FakeMicrophone(desk.clock)

    OneChannel(device, 0).open()
    await desk.clock.advance(0.1)
    device.close()
    await desk.clock.advance()

    assert (device.opened, device.closed) == (1, 1)


async def test_people_hear_five_seconds_of_themselves(desk: Desk) -> None:
    await desk.run(6)
    speaker = SpeakerTest(desk.catalogue, desk.clock, at_once)
    played: list[AudioBlock] = []

    def listen(sink: FakeSpeaker) -> None:
        sink.played = lambda block, _at_ns: played.append(block)

    desk.catalogue.speaker_mood = listen
    replay = spawn(VoiceReplay(desk.bench, speaker, desk.clock).run(), name="replay")
    await desk.clock.advance(5.2)
    taps = len(desk.microphone.taps)
    await desk.clock.advance(5.2)

    assert replay.done()
    assert taps == 3
    assert len(played) == 500
    assert max(int(block.samples.max()) for block in played) > 1900
    await speaker.close()


async def test_a_microphone_that_is_gone_cannot_be_recorded(desk: Desk) -> None:
    await desk.run(6)
    speaker = SpeakerTest(desk.catalogue, desk.clock, at_once)
    replay = asyncio.ensure_future(VoiceReplay(desk.bench, speaker, desk.clock).run())
    await desk.clock.advance(1)

    desk.microphone.unplug()
    await desk.clock.advance(2)

    with pytest.raises(MicrophoneNotOpen):
        await replay
    assert desk.catalogue.made_speakers == []


async def test_without_a_microphone_or_a_loudspeaker_it_says_so(desk: Desk) -> None:
    speaker = SpeakerTest(desk.catalogue, desk.clock, at_once)
    with pytest.raises(MicrophoneNotOpen):
        await VoiceReplay(desk.bench, speaker, desk.clock).run()

    desk.catalogue.speaker_infos = ()
    await desk.run(6)
    replay = asyncio.ensure_future(VoiceReplay(desk.bench, speaker, desk.clock).run())
    await desk.clock.advance(5.5)

    with pytest.raises(DeviceNotFound):
        await replay
