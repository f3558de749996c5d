"""A chime sounds once, on the person's loudspeaker, and never holds anybody up."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from desktop.app.chime import PATIENCE_S, Chime, chime
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock, DeviceId
from preflight.devices.null_speaker import NULL_SPEAKER_INFO
from preflight.devices.ports import (
    DeviceNotFound,
    OpenFault,
    PullBlock,
    SourceState,
    SourceStatus,
    SpeakerSink,
)
from preflight.offload import on_daemon_thread
from tests.fakes.clock import FakeClock, settle
from tests.fakes.devices import FakeCatalogue, FakeSpeaker
from tests.fakes.offload import at_once

SOUND_S = len(chime()) / SAMPLE_RATE_HZ


class Bench:
    """A chime over loudspeakers that play as the fake clock goes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.catalogue = FakeCatalogue(self.clock)
        self.warm = asyncio.Event()
        self.warm.set()
        self.chime = Chime(self.make, until_warm=self.until_warm, clock=self.clock, offload=at_once)

    def make(self) -> SpeakerSink:
        return self.catalogue.speaker(None)

    async def until_warm(self) -> None:
        await self.warm.wait()

    @property
    def made(self) -> list[FakeSpeaker]:
        return self.catalogue.made_speakers

    async def play(self, seconds: float) -> int:
        """Let the open loudspeaker play for a while; returns the blocks that had sound."""
        blocks: list[AudioBlock] = []
        self.made[-1].played = lambda block, _at_ns: blocks.append(block)
        await self.clock.advance(seconds)
        return len(blocks)


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    try:
        yield made
    finally:
        await made.chime.close()
        await settle()


async def test_a_chime_sounds_to_its_end_and_frees_the_loudspeaker() -> None:
    async with bench() as here:
        here.chime.ring()
        await settle()

        blocks = await here.play(SOUND_S + 0.2)

        assert blocks * BLOCK_SAMPLES == len(chime())
        assert [speaker.status.state for speaker in here.made] == [SourceState.CLOSED]


async def test_a_second_ring_while_it_sounds_is_not_heard() -> None:
    async with bench() as here:
        here.chime.ring()
        here.chime.ring()
        await settle()
        await here.play(0.1)
        here.chime.ring()
        await here.play(SOUND_S + 0.2)
        assert len(here.made) == 1

        here.chime.ring()
        await settle()

        assert len(here.made) == 2


async def test_nothing_sounds_before_the_sound_libraries_are_loaded() -> None:
    async with bench() as here:
        here.warm.clear()
        here.chime.ring()
        await settle()
        assert here.made == []

        here.warm.set()
        await settle()

        assert len(here.made) == 1


async def test_hush_breaks_it_off_and_frees_the_loudspeaker() -> None:
    async with bench() as here:
        here.chime.hush()
        here.chime.ring()
        await settle()
        await here.play(0.1)

        here.chime.hush()
        await settle()

        assert here.made[0].status.state is SourceState.CLOSED


class Failing(FakeSpeaker):
    """A loudspeaker that does not open."""

    def open(self, pull: PullBlock) -> None:
        self.opened += 1
        self.status = SourceStatus(SourceState.FAILED, OpenFault.BUSY)


class Raising(FakeSpeaker):
    """A driver that fails in a way nobody knows."""

    def open(self, pull: PullBlock) -> None:
        raise OSError("driver trouble")


@pytest.mark.parametrize("kind", [Failing, Raising])
async def test_a_loudspeaker_that_fails_is_closed_and_nobody_hears_of_it(
    kind: type[FakeSpeaker], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench() as here:
        speaker = kind()
        monkeypatch.setattr(here.catalogue, "speaker", lambda _: speaker)

        here.chime.ring()
        await here.clock.advance(0.1)

        assert speaker.status.state is SourceState.CLOSED


async def test_without_any_loudspeaker_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench() as here:

        def none(choice: DeviceId | None) -> FakeSpeaker:
            raise DeviceNotFound("speaker", choice)

        monkeypatch.setattr(here.catalogue, "speaker", none)

        here.chime.ring()
        await here.clock.advance(0.1)

        assert here.made == []


async def test_the_silent_loudspeaker_is_not_opened() -> None:
    async with bench() as here:
        here.catalogue.speaker_infos = (NULL_SPEAKER_INFO,)

        here.chime.ring()
        await here.clock.advance(0.1)

        assert [speaker.opened for speaker in here.made] == [0]


async def test_a_loudspeaker_that_never_pulls_is_given_up() -> None:
    async with bench() as here:
        here.chime.ring()
        await settle()

        await here.clock.advance(PATIENCE_S + 1)

        assert here.made[0].status.state is SourceState.CLOSED


async def test_a_driver_that_hangs_holds_up_neither_the_loop_nor_the_end() -> None:
    free, entered = threading.Event(), threading.Event()

    def hang() -> SpeakerSink:
        entered.set()
        free.wait(10)
        raise DeviceNotFound("speaker", None)

    async def warm() -> None:
        return

    hanging = Chime(hang, until_warm=warm, clock=FakeClock(), offload=on_daemon_thread)
    try:
        async with asyncio.timeout(2):
            hanging.ring()
            while not entered.is_set():
                await asyncio.sleep(0.001)
            await hanging.close()
        assert not free.is_set()
    finally:
        free.set()


def test_the_sound_is_two_rising_notes_without_a_click() -> None:
    samples = chime().astype(np.float64)
    half = len(samples) // 2

    low, high = (
        int(np.argmax(np.abs(np.fft.rfft(note)))) * SAMPLE_RATE_HZ / half
        for note in (samples[:half], samples[half : 2 * half])
    )
    assert low == pytest.approx(659, abs=8)
    assert high == pytest.approx(880, abs=8)
    assert len(samples) % BLOCK_SAMPLES == 0
    assert np.max(np.abs(samples)) < 12_000
    assert max(abs(samples[0]), abs(samples[half - 1]), abs(samples[-1])) < 100
