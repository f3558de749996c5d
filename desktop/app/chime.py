"""A short chime on the person's loudspeaker, made here and played beside everything else.

It goes through the speaker port that calls use, not through QSoundEffect: that loads
QtMultimedia on the Qt thread (83 ms here, 0.9 s the first time) and keeps 19 MB and FFmpeg for
two notes; PortAudio is what every preflight loads anyway.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, DeviceKind
from preflight.devices.ports import SourceState, SpeakerSink
from preflight.devices.sound_player import SoundPlayer
from preflight.offload import Offload, on_daemon_thread

_log = logging.getLogger(__name__)

PATIENCE_S: Final = 4.0
"""A loudspeaker that does not play by then stays silent."""

_POLL_S: Final = 0.02
_NOTES_HZ: Final = (659.26, 880.0)
_NOTE_S: Final = 0.22
_FADE_IN_S: Final = 0.008
_DECAY_S: Final = 0.07
_PEAK: Final = 9000.0


class Chime:
    """Rings one chime at a time; the loudspeaker is open only while it sounds.

    Args:
        speaker: makes a closed loudspeaker, the person's chosen one; may block and may raise.
        until_warm: returns when the sound libraries are loaded.
    """

    def __init__(
        self,
        speaker: Callable[[], SpeakerSink],
        *,
        until_warm: Callable[[], Awaitable[None]],
        clock: Clock,
        offload: Offload = on_daemon_thread,
    ) -> None:
        self._speaker = speaker
        self._until_warm = until_warm
        self._clock = clock
        self._offload = offload
        self._tasks = Tasks()
        self._playing: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Start the chime unless it sounds already. Returns at once and never raises."""
        if self._playing is None or self._playing.done():
            self._playing = self._tasks.spawn(self._play(), name="chime")

    def hush(self) -> None:
        """Break a chime off: what comes now needs the loudspeaker, or the quiet."""
        if self._playing is not None:
            self._playing.cancel()

    async def close(self) -> None:
        """Break a chime off and wait until the loudspeaker is free."""
        await self._tasks.close(patience_s=PATIENCE_S)

    async def _play(self) -> None:
        await self._until_warm()
        # Without a loudspeaker, or with a driver that fails, the person still sees the row.
        try:
            sink = await self._offload(self._speaker)
        except Exception as error:
            _log.info("no chime: %s", type(error).__name__)
            return
        if sink.info.kind is DeviceKind.NONE:
            return
        try:
            await self._play_on(sink)
        except Exception as error:
            _log.info("the chime broke off: %s", type(error).__name__)
        finally:
            await self._offload(sink.close)

    async def _play_on(self, sink: SpeakerSink) -> None:
        player = SoundPlayer()
        player.play(chime())
        sink.open(player.pull)
        waited_s = 0.0
        while not player.is_over and waited_s < PATIENCE_S:
            if sink.status.state in (SourceState.FAILED, SourceState.LOST):
                _log.info("no chime: %s", sink.status.fault)
                return
            await self._clock.sleep(_POLL_S)
            waited_s += _POLL_S
        await self._clock.sleep(sink.latency_ms / 1000)


def chime() -> npt.NDArray[np.int16]:
    """Return two rising notes that die away, 48 kHz mono, whole blocks of 10 ms."""
    at = np.arange(round(_NOTE_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    shape = np.minimum(1.0, at / _FADE_IN_S) * np.exp(-at / _DECAY_S)
    # The last tenth goes to zero, so that no note ends with a click.
    shape *= np.minimum(1.0, (_NOTE_S - at) / (_NOTE_S / 10))
    notes = [np.sin(2 * np.pi * hz * at) * shape for hz in _NOTES_HZ]
    samples = np.round(_PEAK * np.concatenate(notes)).astype(np.int16)
    return samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES]
