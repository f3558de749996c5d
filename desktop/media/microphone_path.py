"""From the microphone to the room: bounded buffer, echo canceller and friends, audio source.

The tap runs on the microphone's pump thread and only queues; everything else runs on the media
loop. Sound goes on in pieces of 20 ms: it is what Opus packs anyway, and it halves the price of a
hand-over to the SDK (measured: 7.6 % of a core at 10 ms, 4.1 % at 20 ms).
"""

import asyncio
import logging
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from livekit import rtc

from desktop.media.audio_level import SILENCE_DBFS, rms_dbfs
from desktop.media.sdk_log import redact
from preflight.devices.audio_fifo import BLOCK_MS, AudioFifo
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock

_log = logging.getLogger(__name__)

_BLOCKS_PER_PIECE = 2
_PIECE_MS = _BLOCKS_PER_PIECE * BLOCK_MS
_MOST_PIECES = 4
"""Pieces in one hand-over after a delay: the SDK takes one at a time, and catching up piece by
piece loses sound on a crowded machine. Four fit the source's queue of 100 ms."""
_MOST_MS = 200
_CAPTURE_TIMEOUT_S = 2.0

TakeFarEnd = Callable[[], list[npt.NDArray[np.int16]]]


class BlockFrame:
    """An SDK frame over memory of ours that numpy writes: nothing is allocated per block."""

    def __init__(self, sample_count: int) -> None:
        memory = bytearray(sample_count * 2)
        self.frame = rtc.AudioFrame(memory, SAMPLE_RATE_HZ, 1, sample_count)
        self.samples: npt.NDArray[np.int16] = np.frombuffer(memory, np.int16)


class MicrophonePath:
    """Feeds one ``AudioSource`` from whichever microphone is attached; lives on one loop.

    Muted, nothing of the microphone reaches the SDK, while the meter goes on: it can say that
    somebody talks into a muted microphone.
    """

    def __init__(
        self,
        source: rtc.AudioSource,
        take_far_end: TakeFarEnd,
        loop: asyncio.AbstractEventLoop,
        processing: rtc.AudioProcessingModule | None,
    ) -> None:
        self.muted = False
        self._source = source
        self._take_far_end = take_far_end
        self._loop = loop
        self._processing = processing
        self._waiting = AudioFifo(_MOST_MS)
        self._wake = asyncio.Event()
        self._wake_sent = False
        self._stopped = False
        self._near = BlockFrame(BLOCK_SAMPLES)
        self._far = BlockFrame(BLOCK_SAMPLES)
        self._pieces = [
            BlockFrame(BLOCK_SAMPLES * _BLOCKS_PER_PIECE * (1 + index))
            for index in range(_MOST_PIECES)
        ]
        self._captured = 0
        self._level_dbfs = SILENCE_DBFS
        self._is_failing = False

    @property
    def level_dbfs(self) -> float:
        """Level of the newest 10 ms as the device gave them, before any processing."""
        return self._level_dbfs

    @property
    def overruns(self) -> int:
        """Blocks dropped because the loop was late."""
        return self._waiting.overruns

    @property
    def captured(self) -> int:
        """Blocks handed to the SDK."""
        return self._captured

    def tap(self, block: AudioBlock) -> None:
        """Take one block, on the microphone's thread."""
        self._waiting.push(block)
        # One wake-up for a whole piece. Set before the call and cleared before the loop looks,
        # so a block that comes in between is never left lying.
        if self._waiting.level_ms >= _PIECE_MS and not self._wake_sent:
            self._wake_sent = True
            try:
                self._loop.call_soon_threadsafe(self._wake.set)
            except RuntimeError:
                # The loop was closed while the device still ran: there is nobody to wake.
                self._wake_sent = False

    def stop(self) -> None:
        """Let ``run`` end by itself, on the loop. Never cancel it: the SDK reads our memory
        until a pending capture has ended."""
        self._stopped = True
        self._wake.set()

    async def run(self) -> None:
        """Process and send until ``stop()``."""
        while not self._stopped:
            await self._wake.wait()
            self._wake.clear()
            self._wake_sent = False
            while (blocks := self._take_blocks()) is not None:
                await self._pass_on(blocks)

    async def _pass_on(self, blocks: list[npt.NDArray[np.int16]]) -> None:
        self._level_dbfs = rms_dbfs(blocks[-1])
        try:
            piece = self._process(blocks)
            if not self.muted:
                await self._send(piece, len(blocks))
        except Exception as error:
            # Twenty milliseconds are lost, not the microphone: a path that ended here would leave
            # a person unheard whose meter moves. Told once until sound goes through again.
            if not self._is_failing:
                _log.error("sound was not passed on: %s", redact(f"{type(error).__name__} {error}"))
            self._is_failing = True
        else:
            self._is_failing = False

    def _take_blocks(self) -> list[npt.NDArray[np.int16]] | None:
        pieces = min(_MOST_PIECES, self._waiting.level_ms // _PIECE_MS)
        if self._stopped or pieces == 0:
            return None
        blocks = [self._waiting.pop() for _ in range(pieces * _BLOCKS_PER_PIECE)]
        return [mono_of(each) for each in blocks if each is not None]

    def _process(self, blocks: list[npt.NDArray[np.int16]]) -> rtc.AudioFrame:
        piece = self._pieces[len(blocks) // _BLOCKS_PER_PIECE - 1]
        if self._processing is not None:
            for far in self._take_far_end():
                self._far.samples[:] = far
                self._processing.process_reverse_stream(self._far.frame)
        for index, block in enumerate(blocks):
            samples = block
            if self._processing is not None:
                samples = self._near.samples
                samples[:] = block
                self._processing.process_stream(self._near.frame)
            start = index * BLOCK_SAMPLES
            piece.samples[start : start + BLOCK_SAMPLES] = samples
        return piece.frame

    async def _send(self, frame: rtc.AudioFrame, blocks: int) -> None:
        # One pending capture at a time, or the SDK answers InvalidState; this coroutine is the
        # only caller. The SDK reads the memory until the capture ends, so the next piece waits.
        try:
            async with asyncio.timeout(_CAPTURE_TIMEOUT_S):
                await self._source.capture_frame(frame)
        except TimeoutError:
            _log.warning("the audio source took nothing for %.0f s", _CAPTURE_TIMEOUT_S)
            return
        self._captured += blocks


def mono_of(block: AudioBlock) -> npt.NDArray[np.int16]:
    """The block's samples as one channel, shape (480,)."""
    samples = block.samples
    if samples.shape[1] == 1:
        return samples[:, 0]
    mixed: npt.NDArray[np.int16] = samples.mean(axis=1).astype(np.int16)
    return mixed
