"""Plays made sound to the very checks and taps that listen to a microphone, in made time."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.check import CannotTell
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock, DeviceInfo
from preflight.devices.ports import BlockTap, Detach, SourceState, SourceStatus
from preflight.model import Measured
from tests.accuracy.played import SECOND_NS, FilmClock
from tests.fakes.devices import MICROPHONE, FakeCatalogue, FakeSystem
from tests.fakes.offload import at_once

Sound = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class PlayedBlock:
    """One block of a recording: what comes, when, and how many were lost before it."""

    samples: Sound
    captured_ns: int
    lost: int = 0


def blocks_of(samples: Sound, *, period_ns: float = 1e7) -> Iterator[PlayedBlock]:
    """Cut sound of shape (n, channels) into blocks that come at an even pace."""
    whole = np.ascontiguousarray(samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES])
    whole.flags.writeable = False
    for number, start in enumerate(range(0, len(whole), BLOCK_SAMPLES), 1):
        at_ns = SECOND_NS + round(number * period_ns)
        yield PlayedBlock(whole[start : start + BLOCK_SAMPLES], at_ns)


class PlayedSource:
    """A ``MicrophoneSource`` that is open, and delivers when it is told to."""

    def __init__(self, info: DeviceInfo, first_ms: float) -> None:
        self.info = info
        self.channels = 1
        self.own_rate_hz: int | None = None
        self.overflows = 0
        self.status = SourceStatus(SourceState.RUNNING, open_ms=50.0, first_ms=first_ms)
        self._taps: list[BlockTap] = []

    def open(self) -> None:
        """It is open."""

    def close(self) -> None:
        """Nothing is held."""

    def attach(self, tap: BlockTap) -> Detach:
        self._taps.append(tap)
        return lambda: self._taps.remove(tap)

    def deliver(self, block: PlayedBlock) -> None:
        self.channels = block.samples.shape[1]
        self.overflows = block.lost
        for tap in self._taps:
            tap(AudioBlock(block.samples, block.captured_ns))


class PlayedMicrophone(MicrophoneBench):
    """A bench whose microphone is a recording: waiting plays it on, block by block."""

    def __init__(
        self,
        recording: Iterable[PlayedBlock],
        info: DeviceInfo = MICROPHONE,
        system: FakeSystem | None = None,
    ) -> None:
        self.film_clock = FilmClock()
        super().__init__(
            FakeCatalogue(self.film_clock), self.film_clock, system or FakeSystem(), at_once
        )
        self._recording = iter(recording)
        self._next: PlayedBlock | None = next(self._recording, None)
        at_ns = SECOND_NS if self._next is None else self._next.captured_ns
        self.played = PlayedSource(info, (at_ns - SECOND_NS) / 1e6)
        self.source = self.played
        self._detach = self._attach(self.played)

    @property
    def present(self) -> bool:
        return True

    async def until(self, holds: Callable[[], bool], *, within_s: float) -> bool:
        end_ns = self.film_clock.now_ns + round(within_s * SECOND_NS)
        while not holds():
            block = self._next
            if block is None or block.captured_ns > end_ns:
                self.film_clock.now_ns = end_ns
                return holds()
            self._next = next(self._recording, None)
            self.film_clock.now_ns = max(self.film_clock.now_ns, block.captured_ns)
            self.played.deliver(block)
        return True


def microphone_figures(
    code: str,
    recording: Iterable[PlayedBlock],
    info: DeviceInfo = MICROPHONE,
    system: FakeSystem | None = None,
    *,
    own_rate_hz: int | None = None,
) -> Measured:
    """Return what a microphone's check measures of a recording; nothing where it cannot tell.

    Args:
        own_rate_hz: of the device itself, before any conversion; None where it does not tell.
    """
    bench = PlayedMicrophone(recording, info, system)
    bench.played.own_rate_hz = own_rate_hz
    check = next(each for each in microphone_group(bench).checks if each.code == code)

    async def measure() -> Measured:
        # What the check needs was measured first; it took 3 s of sound (M06) or 2 s (M05).
        if "mic.silent" in check.needs:
            await bench.until(lambda: False, within_s=3.0)
        elif "mic.no_data" in check.needs:
            await bench.until(lambda: False, within_s=2.0)
        try:
            return await check.measure()
        except CannotTell:
            return {}

    return asyncio.run(measure())
