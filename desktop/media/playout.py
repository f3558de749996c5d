"""What the loudspeaker plays: each person's sound, buffered, mixed, kept for echo cancelling.

The loudspeaker is the clock: it pulls 10 ms at a time on its own thread. Summing at most a
handful of blocks there (about 5 µs each) costs less than waking another thread a hundred times a
second to prepare the sum, and adds no buffer. Nothing here touches a loop.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.devices.audio_fifo import BLOCK_MS
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock

Samples = npt.NDArray[np.int16]

_PRIME_BLOCKS = 3
"""Blocks that must wait before a person is played (again): 30 ms ride out thread switches."""
_MOST_PRIME_BLOCKS = 8
"""After each underrun one block more, up to 80 ms; a quiet while takes it off again."""
_MOST_BLOCKS = 16
_TRIM_WINDOW = 200
"""Pulls (2 s) over which a buffer must never fall below the trim level before it is shortened."""
_TRIM_SLACK = 2
_CALM_WINDOWS = 5
"""Windows (10 s) without an underrun after which the delay may shrink by a block."""


@dataclass(frozen=True, slots=True)
class PlayoutCounters:
    """What happened to a person's sound so far, in blocks of 10 ms.

    Attributes:
        played: blocks handed to the loudspeaker.
        underruns: pulls that found nothing although sound was flowing.
        overruns: blocks dropped because the loudspeaker did not fetch them.
        trimmed: blocks left out to keep the delay short (two clocks drift apart).
    """

    played: int = 0
    underruns: int = 0
    overruns: int = 0
    trimmed: int = 0


class PersonBuffer:
    """One person's sound between the media loop (push) and the loudspeaker (pull)."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()
        self._lock = threading.Lock()
        self._primed = False
        self._prime = _PRIME_BLOCKS
        self._calm = 0
        self._lowest = _MOST_BLOCKS
        self._pulls = 0
        self._played = 0
        self._underruns = 0
        self._overruns = 0
        self._trimmed = 0

    @property
    def counters(self) -> PlayoutCounters:
        """The counts so far."""
        return PlayoutCounters(self._played, self._underruns, self._overruns, self._trimmed)

    @property
    def depth_ms(self) -> int:
        """How much sound waits here."""
        return len(self._blocks) * BLOCK_MS

    def push(self, samples: Samples) -> None:
        """Append sound: int16, mono, a multiple of 480 samples. The array is kept, not copied."""
        with self._lock:
            for start in range(0, len(samples) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
                if len(self._blocks) >= _MOST_BLOCKS:
                    self._blocks.popleft()
                    # An unprimed or unplayed buffer has no listener to disappoint.
                    self._overruns += self._primed
                self._blocks.append(samples[start : start + BLOCK_SAMPLES])

    def pull(self) -> Samples | None:
        """The next 10 ms, or None while there is nothing to play."""
        with self._lock:
            waiting = len(self._blocks)
            if not self._primed:
                if waiting < self._prime:
                    return None
                self._primed = True
                # What piled up before the loudspeaker ran is old; begin at the set delay.
                while len(self._blocks) > self._prime:
                    self._blocks.popleft()
            elif waiting == 0:
                self._underruns += 1
                self._primed = False
                self._prime = min(_MOST_PRIME_BLOCKS, self._prime + 1)
                self._calm = 0
                return None
            self._trim(waiting)
            self._played += 1
            return self._blocks.popleft()

    def rest(self) -> None:
        """Sound stops on purpose (muted, gone): the next pull finds silence, not an underrun."""
        with self._lock:
            self._blocks.clear()
            self._primed = False

    def _trim(self, waiting: int) -> None:
        self._lowest = min(self._lowest, waiting)
        self._pulls += 1
        if self._pulls < _TRIM_WINDOW:
            return
        self._calm += 1
        if self._calm >= _CALM_WINDOWS and self._prime > _PRIME_BLOCKS:
            self._prime -= 1
            self._calm = 0
        # The lowest level of two seconds is what the buffer never needed.
        if self._lowest > self._prime - _PRIME_BLOCKS + _TRIM_SLACK and waiting > 1:
            self._blocks.popleft()
            self._trimmed += 1
        self._pulls = 0
        self._lowest = _MOST_BLOCKS


class Playout:
    """Mixes everybody's sound for one loudspeaker and keeps what was played.

    ``add`` and ``remove`` may come from any thread. ``far_end`` holds at most 200 ms: without a
    microphone nobody fetches it.
    """

    def __init__(self) -> None:
        self._people: tuple[PersonBuffer, ...] = ()
        self._lock = threading.Lock()
        self._far_end: deque[Samples] = deque(maxlen=20)
        self._silence = _frozen(np.zeros(BLOCK_SAMPLES, np.int16))

    def add(self, person: PersonBuffer) -> None:
        """Play this person too."""
        with self._lock:
            if person not in self._people:
                self._people = (*self._people, person)

    def remove(self, person: PersonBuffer) -> None:
        """Stop playing this person. Safe to call twice."""
        with self._lock:
            self._people = tuple(each for each in self._people if each is not person)

    def pull(self) -> AudioBlock | None:
        """The next 10 ms for the loudspeaker, mono; None is silence. On the device's thread."""
        mixed: Samples | None = None
        total: npt.NDArray[np.int32] | None = None
        for person in self._people:
            samples = person.pull()
            if samples is None:
                continue
            if mixed is None:
                mixed = samples
            else:
                total = mixed.astype(np.int32) if total is None else total
                total += samples
        if total is not None:
            mixed = np.clip(total, -32768, 32767).astype(np.int16)
        # The canceller needs the silent blocks too, else its delay estimate jumps.
        self._far_end.append(self._silence if mixed is None else mixed)
        if mixed is None:
            return None
        return AudioBlock(mixed.reshape(-1, 1), time.monotonic_ns())

    def take_far_end(self) -> list[Samples]:
        """What was played since the last call, oldest first, in blocks of 480 samples."""
        blocks: list[Samples] = []
        while True:
            try:
                blocks.append(self._far_end.popleft())
            except IndexError:
                return blocks


def _frozen(samples: Samples) -> Samples:
    samples.setflags(write=False)
    return samples
