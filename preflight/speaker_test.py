"""The chosen loudspeaker: made once, opened for the first beep, handed over as it is."""

from client_api.clock import Clock
from preflight.beeps import beeps
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import DeviceCatalogue, DeviceNotFound, SourceState, SpeakerSink
from preflight.devices.sound_player import SoundPlayer
from preflight.offload import Offload

OPEN_PATIENCE_S = 4.0
_POLL_S = 0.02
_DEAD = (SourceState.FAILED, SourceState.LOST)


class SpeakerNotOpen(Exception):
    """The loudspeaker did not start to play."""


class SpeakerTest:
    """Plays test beeps; the speaker stays open between them, so the call reopens nothing."""

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
        self._player = SoundPlayer()
        self._sink: SpeakerSink | None = None

    @property
    def info(self) -> DeviceInfo | None:
        """The loudspeaker in use; None before it was needed."""
        return None if self._sink is None else self._sink.info

    async def sink(self) -> SpeakerSink:
        """Return the chosen loudspeaker, open or not.

        Raises:
            DeviceNotFound: there is none.
        """
        if self._sink is None:
            wanted = self._wanted
            self._sink = await self._offload(lambda: self._catalogue.speaker(wanted))
        return self._sink

    async def for_call(self) -> SpeakerSink:
        """Return a loudspeaker for the call: the chosen one, or another where that is gone.

        Raises:
            DeviceNotFound: there is none at all.
        """
        sink = self._sink
        if sink is not None and sink.status.state in _DEAD:
            await self.close()
        try:
            return await self.sink()
        except DeviceNotFound:
            # Unplugged since it was chosen. Nobody is kept out of a call for that.
            self._wanted = None
            return await self.sink()

    async def choose(self, speaker: DeviceId) -> None:
        """Use another loudspeaker from now on."""
        self._wanted = speaker
        await self.close()

    async def play(self, count: int) -> None:
        """Play ``count`` beeps and return when they are over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        sink = await self.sink()
        if sink.status.state in _DEAD:
            await self.close()
            sink = await self.sink()
        if sink.status.state is SourceState.CLOSED:
            await self._offload(lambda: sink.open(self._player.pull))
        waited_s = 0.0
        while sink.status.state is not SourceState.RUNNING:
            if sink.status.state is SourceState.FAILED or waited_s > OPEN_PATIENCE_S:
                raise SpeakerNotOpen(sink.info.name)
            await self._clock.sleep(_POLL_S)
            waited_s += _POLL_S
        seconds = self._player.play(beeps(count))
        await self._clock.sleep(seconds + sink.latency_ms / 1000)

    def hand_over(self) -> SpeakerSink | None:
        """Give the loudspeaker away; this test forgets it."""
        sink, self._sink = self._sink, None
        return sink

    async def close(self) -> None:
        """Close the loudspeaker."""
        sink, self._sink = self._sink, None
        if sink is not None:
            await self._offload(sink.close)
