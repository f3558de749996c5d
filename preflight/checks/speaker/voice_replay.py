"""Lets a person hear how others will hear them: 5 s of the open microphone, played back once.

The sound is in memory for as long as this takes. It is never stored, sent, or put in a report.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.speaker.speaker_test import SpeakerTest
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock

RECORDED_S = 5.0
_BLOCKS = round(100 * RECORDED_S)
_POLL_S = 0.05
_PATIENCE_S = 1.0
"""How much longer than the recording itself a microphone may take for it."""


OnLeft: TypeAlias = Callable[[float | None], None]


def tell_nobody(_left_s: float | None) -> None:
    """Stands for a person who is not told how far it is."""


class MicrophoneNotOpen(Exception):
    """There is no open microphone, or it stopped while it was recorded."""


class VoiceReplay:
    """Records the microphone of a bench and plays it on the chosen loudspeaker."""

    def __init__(self, bench: MicrophoneBench, speaker: SpeakerTest, clock: Clock) -> None:
        self._bench = bench
        self._speaker = speaker
        self._clock = clock

    async def run(self, on_left: OnLeft = tell_nobody) -> None:
        """Record 5 s, play them, and return when they were played.

        Args:
            on_left: told the seconds still to be recorded, and None when they are played.

        Raises:
            MicrophoneNotOpen: nothing can be recorded.
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        # Nothing of ours is played into the recording.
        async with self._speaker.alone():
            sound = await self._record(on_left)
            on_left(None)
            await self._speaker.play_alone(sound)

    async def _record(self, on_left: OnLeft) -> npt.NDArray[np.int16]:
        """Return 5 s as a call would use them: int16, mono, shape (240000,)."""
        microphone = await self._bench.for_call()
        if microphone is None or not self._bench.present:
            raise MicrophoneNotOpen
        blocks: list[npt.NDArray[np.int16]] = []

        def keep(block: AudioBlock) -> None:
            if len(blocks) < _BLOCKS:
                blocks.append(block.samples)

        detach = microphone.attach(keep)
        try:
            end_ns = self._clock.monotonic_ns() + round((RECORDED_S + _PATIENCE_S) * 1e9)
            while len(blocks) < _BLOCKS:
                if self._clock.monotonic_ns() >= end_ns or not self._bench.present:
                    raise MicrophoneNotOpen
                on_left((_BLOCKS - len(blocks)) / 100)
                await self._clock.sleep(_POLL_S)
        finally:
            detach()
        return _mono(blocks)


def _mono(blocks: list[npt.NDArray[np.int16]]) -> npt.NDArray[np.int16]:
    sound = np.empty(len(blocks) * BLOCK_SAMPLES, np.int16)
    for number, block in enumerate(blocks):
        sound[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES] = block.mean(axis=1)
    return sound
