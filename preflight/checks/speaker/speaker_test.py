"""The chosen loudspeaker: made once, opened when it is first needed, handed over as it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from preflight.checks.speaker.beeps import beeps
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.ports import (
    DeviceCatalogue,
    DeviceNotFound,
    SourceState,
    SourceStatus,
    SpeakerSink,
)
from preflight.devices.sound_player import SoundPlayer
from preflight.offload import Offload

OPEN_PATIENCE_S = 4.0
_POLL_S = 0.02
_DEAD = (SourceState.FAILED, SourceState.LOST)


class SpeakerNotOpen(Exception):
    """The loudspeaker did not start to play; ``status`` says how it stands."""

    def __init__(self, name: str, status: SourceStatus) -> None:
        super().__init__(name)
        self.status = status


class SpeakerTest:
    """Plays test sounds; the speaker stays open between them, so the call reopens nothing.

    Where an open loudspeaker keeps new devices from being listed (no sound server) it rests, that
    is closed, when nobody plays.

    Attributes:
        player: what the open speaker pulls from.
    """

    def __init__(
        self,
        catalogue: DeviceCatalogue,
        clock: Clock,
        offload: Offload,
        wanted: DeviceId | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._offload = offload
        self._wanted = wanted
        self.player = SoundPlayer(clock.monotonic_ns)
        self._sink: SpeakerSink | None = None
        self._resting: DeviceInfo | None = None
        self._given = False
        self._one_at_a_time = asyncio.Lock()

    @property
    def info(self) -> DeviceInfo | None:
        """The loudspeaker in use; None before it was needed."""
        return self._resting if self._sink is None else self._sink.info

    @property
    def wanted(self) -> DeviceId | None:
        """What the person chose; None: whatever comes first."""
        return self._wanted

    @property
    def status(self) -> SourceStatus:
        """How it stands; CLOSED where there is none."""
        return SourceStatus(SourceState.CLOSED) if self._sink is None else self._sink.status

    @property
    def busy(self) -> bool:
        """Whether somebody has it to themselves."""
        return self._one_at_a_time.locked()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Have the loudspeaker to oneself: whoever else wants to play waits."""
        async with self._one_at_a_time:
            yield
            await self._rest()

    async def sink(self) -> SpeakerSink:
        """Return the chosen loudspeaker, open or not.

        Raises:
            DeviceNotFound: there is none.
        """
        if self._sink is None:
            wanted = self._wanted
            self._sink = await self._offload(lambda: self._catalogue.speaker(wanted))
            self._resting = None
        return self._sink

    async def for_call(self) -> SpeakerSink:
        """Return a loudspeaker for the call: the chosen one, else another one, else silence.

        Nobody is kept out of a call for a loudspeaker; that there is none is told beside it.
        """
        self._given = True
        sink = self._sink
        if sink is not None and sink.status.state in _DEAD:
            await self.close()
        try:
            return await self.sink()
        except DeviceNotFound:
            # Unplugged since it was chosen.
            self._wanted = None
        try:
            return await self.sink()
        except DeviceNotFound:
            # Named in the settings, and not there either.
            self._sink = NullSpeaker()
            return self._sink

    async def choose(self, speaker: DeviceId | None) -> None:
        """Use another loudspeaker from now on; None: whichever comes first."""
        self._wanted = speaker
        await self.close()

    async def play(self, count: int) -> None:
        """Play ``count`` beeps and return when they are over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await self.play_sound(beeps(count))

    async def play_sound(self, samples: npt.NDArray[np.int16]) -> None:
        """Play a sound (int16, mono, 48 kHz, whole blocks of 10 ms); return when it is over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        async with self.alone():
            await self.play_alone(samples)

    async def play_alone(self, samples: npt.NDArray[np.int16]) -> None:
        """Play a sound as `play_sound` does, for who has the loudspeaker `alone`."""
        sink = await self.opened()
        seconds = self.player.play(samples)
        await self._clock.sleep(seconds + sink.latency_ms / 1000)

    async def opened(self, *, within_s: float = OPEN_PATIENCE_S) -> SpeakerSink:
        """Return the chosen loudspeaker, open; one that died is made anew.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it did not start within the time.
        """
        sink = await self.sink()
        if sink.status.state in _DEAD:
            await self.close()
            sink = await self.sink()
        if sink.status.state is SourceState.CLOSED:
            await self._offload(lambda: sink.open(self.player.pull))
        waited_s = 0.0
        while sink.status.state is not SourceState.RUNNING:
            if sink.status.state is SourceState.FAILED or waited_s > within_s:
                raise SpeakerNotOpen(sink.info.name, sink.status)
            await self._clock.sleep(_POLL_S)
            waited_s += _POLL_S
        return sink

    async def took(self, samples: npt.NDArray[np.int16], *, within_s: float) -> bool:
        """Play a sound and say whether the loudspeaker took all of it within the time.

        Only for who has the loudspeaker `alone`, and open.
        """
        self.player.play(samples)
        waited_s = 0.0
        while not self.player.is_over and waited_s < within_s:
            await self._clock.sleep(_POLL_S)
            waited_s += _POLL_S
        return self.player.is_over

    def hand_over(self) -> SpeakerSink | None:
        """Give the loudspeaker away; this test forgets it."""
        sink, self._sink = self._sink, None
        return sink

    async def _rest(self) -> None:
        if self._sink is not None and self._sink.info.freezes_list and not self._given:
            info = self._sink.info
            await self.close()
            self._resting = info

    async def close(self) -> None:
        """Close the loudspeaker."""
        sink, self._sink, self._resting = self._sink, None, None
        if sink is not None:
            await self._offload(sink.close)
