"""The one open microphone that the microphone checks share, with its analysis window."""

from client_api.clock import Clock
from preflight.analysis.sound_window import SoundWindow
from preflight.checks.bench import NOT_OPENED, Bench
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import (
    Detach,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    SourceState,
    SourceStatus,
)
from preflight.offload import Offload
from preflight.system.ports import SystemProbe

GONE_AFTER_MS = 1000.0
MUTED_BELOW_PERCENT = 5


class MicrophoneBench(Bench):
    """Opens the wanted microphone and keeps its figures until the handover."""

    def __init__(
        self,
        catalogue: DeviceCatalogue,
        clock: Clock,
        system: SystemProbe,
        offload: Offload,
        *,
        wanted: DeviceId | None = None,
        known: DeviceInfo | None = None,
    ) -> None:
        super().__init__("microphone", system.microphone_permission, clock, offload, known=known)
        self.wanted = wanted
        self.window = SoundWindow()
        self.source: MicrophoneSource | None = None
        self._catalogue = catalogue
        self._system = system
        self._detach: Detach | None = None

    @property
    def status(self) -> SourceStatus:
        return NOT_OPENED if self.source is None else self.source.status

    @property
    def flowing(self) -> bool:
        return self.window.blocks > 0

    @property
    def info(self) -> DeviceInfo | None:
        """The microphone in use."""
        return None if self.source is None else self.source.info

    @property
    def present(self) -> bool:
        """Whether sound (or silence) has come within the last second."""
        missing_ms = self.window.missing_ms(self.clock.monotonic_ns())
        running = self.status.state is SourceState.RUNNING
        return running and missing_ms is not None and missing_ms < GONE_AFTER_MS

    async def prepare(self) -> None:
        old = self.source
        stuck = old is not None and old.status.state is SourceState.OPENING
        if stuck and old is not None and self.wanted in (None, old.info.id):
            # A driver that hangs is not asked twice: we go on waiting for the first answer.
            self.found = _with(await self.offload(self._catalogue.microphones), old.info)
            return
        self.release()
        self.source = None
        if old is not None:
            await self.offload(old.close)
        self.window = SoundWindow()
        microphones = await self.offload(self._catalogue.microphones)
        try:
            source = await self.offload(lambda: self._catalogue.microphone(self.wanted))
        except DeviceNotFound:
            self.found = microphones if self.wanted is None else ()
            return
        self.found = _with(microphones, source.info)
        self._detach = source.attach(self.window.tap)
        self.source = source
        source.open()

    async def muted(self) -> bool:
        """Say whether the system has muted it or turned it down to nothing."""
        info = self.info
        if info is None or info.kind.synthetic:
            return False
        level = await self.offload(lambda: self._system.microphone_level(info.id))
        if level is None:
            return False
        volume = level.volume_percent
        return level.muted or (volume is not None and volume < MUTED_BELOW_PERCENT)

    async def look_again(self) -> None:
        """Refresh what there is to choose from; the open microphone is left alone."""
        microphones = await self.offload(self._catalogue.microphones)
        if self.found is not None:
            self.found = _with(microphones, self.info)

    def release(self) -> None:
        """Take the analysis off; the microphone stays open."""
        if self._detach is not None:
            self._detach()
            self._detach = None

    async def close(self) -> None:
        """Stop preparing, take the analysis off and close the microphone."""
        await self.finish()
        self.release()
        source, self.source = self.source, None
        if source is not None:
            await self.offload(source.close)


def _with(
    microphones: tuple[DeviceInfo, ...], open_one: DeviceInfo | None
) -> tuple[DeviceInfo, ...]:
    """A made source (clip, pattern, tone) is not always listed, but it is there."""
    if open_one is None or any(found.id == open_one.id for found in microphones):
        return microphones
    return (*microphones, open_one)
