"""The audio thread on the real SDK, without a server: local tracks stand in for remote ones."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import numpy as np
import pytest
from livekit import rtc

from desktop.media.audio_engine import AudioEngine, AudioProcessing
from desktop.media.audio_level import SoundWindow
from desktop.media.media_loop import MediaLoop
from desktop.media.microphone_path import BlockFrame, mono_of
from preflight.devices.frames import AudioBlock
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from tests.conftest import ExpectedLogs

PEER = "customer-1"


class Rig:
    """An engine that hears itself: its own track is played as the peer's."""

    def __init__(self) -> None:
        self.media = MediaLoop("test-audio")
        self.media.start()
        self.engine = AudioEngine(self.media, AudioProcessing())
        self.microphone = tone_microphone(440, OpenGuard())
        self.speaker = NullSpeaker()

    async def start(self) -> None:
        await self.engine.start()
        self.microphone.open()
        self.engine.use_microphone(self.microphone)
        await self.engine.use_speaker(self.speaker)
        self.track = self.engine.make_track()
        self.engine.play(PEER, cast(Any, self.track))

    async def until_played(self, blocks: int) -> None:
        async with asyncio.timeout(10):
            while self.played < blocks:
                await asyncio.sleep(0.05)

    @property
    def played(self) -> int:
        person = self.engine.counters.people.get(PEER)
        return 0 if person is None else person.played

    async def close(self) -> None:
        await self.engine.aclose()
        self.media.stop()
        self.microphone.close()
        self.speaker.close()


async def test_a_loudspeaker_closed_before_its_turn_is_no_fault() -> None:
    """The person chose another one meanwhile; that one follows."""
    media = MediaLoop("test-audio")
    engine = AudioEngine(media, AudioProcessing())
    closed = NullSpeaker()
    closed.close()

    await engine.use_speaker(closed)

    assert engine.counters.people == {}


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    await made.start()
    yield made
    await made.close()


async def test_the_microphones_pitch_comes_out_of_the_loudspeaker(rig: Rig) -> None:
    await rig.until_played(180)

    tone = rig.engine.read_tone(PEER)

    assert tone.peak_hz == pytest.approx(440, abs=5)
    assert tone.rms_dbfs > -35
    assert rig.engine.microphone_level_dbfs > -80


async def test_a_window_that_stalls_five_times_is_not_heard(rig: Rig) -> None:
    await rig.until_played(150)
    rounds = []
    # Sound that waited for this loop would break off in every round. A crowded machine breaks
    # it off in some, whether the loop stalls or not.
    for _ in range(3):
        before = rig.engine.counters
        for _ in range(5):
            time.sleep(0.5)  # noqa: ASYNC251 - the stall is the point
            await asyncio.sleep(0.02)
        after = rig.engine.counters
        lost = (
            after.people[PEER].underruns - before.people[PEER].underruns,
            after.people[PEER].overruns - before.people[PEER].overruns,
            after.capture_overruns - before.capture_overruns,
        )
        rounds.append(lost)
        # 2.6 s of sound went on, give or take what lies in the buffers.
        if lost == (0, 0, 0) and after.captured - before.captured > 230:
            break

    assert rounds[-1] == (0, 0, 0), rounds


async def test_muted_nothing_reaches_the_sdk_while_the_meter_goes_on(rig: Rig) -> None:
    await rig.until_played(50)
    rig.engine.set_muted(True)
    await asyncio.sleep(0.1)
    captured = rig.engine.counters.captured
    levels = []
    for _ in range(12):
        await asyncio.sleep(0.05)
        levels.append(rig.engine.microphone_level_dbfs)

    assert rig.engine.counters.captured == captured
    assert max(levels) > -40


async def test_playing_a_person_again_keeps_one_stream_open(rig: Rig) -> None:
    for _ in range(3):
        rig.engine.play(PEER, cast(Any, rig.engine.make_track()))
    await asyncio.sleep(0.2)
    open_streams = rig.engine.counters.open_streams

    rig.engine.stop_playing(PEER, "a SID of long ago")
    await asyncio.sleep(0.1)
    still_open = rig.engine.counters.open_streams
    await rig.engine.stop_playing_all()

    assert open_streams == 1
    assert still_open == 1
    assert rig.engine.counters.open_streams == 0


async def test_an_engine_can_be_closed_twice_and_before_it_started() -> None:
    media = MediaLoop("test-audio")
    engine = AudioEngine(media)

    await engine.aclose()
    await engine.aclose()

    assert not engine.is_started


async def test_stereo_becomes_mono() -> None:
    samples = np.stack([np.full(480, 100, np.int16), np.full(480, 300, np.int16)], axis=1)

    assert mono_of(AudioBlock(samples, 0)).tolist() == [200] * 480


def test_an_audio_frame_shares_the_memory_that_numpy_writes() -> None:
    """The SDK must not copy what is written in place each block."""
    piece = BlockFrame(480)
    piece.samples[:] = 7

    assert isinstance(piece.frame, rtc.AudioFrame)
    assert piece.frame.data[479] == 7


async def test_sound_that_cannot_be_measured_once_is_played_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("remote sound could not be played")
    good = SoundWindow.write
    refused: list[int] = []

    def throws_once(self: SoundWindow, samples: Any) -> None:
        if not refused:
            refused.append(1)
            raise ValueError("made up")
        good(self, samples)

    monkeypatch.setattr(SoundWindow, "write", throws_once)
    await rig.until_played(20)
    played = rig.played

    await rig.until_played(played + 50)

    assert refused == [1]
