"""The one open microphone that the microphone checks share, with its analysis window."""

from client_api.clock import Clock
from preflight.analysis.sound_window import SoundWindow
from preflight.checks.bench import Bench, DeviceAccess
from preflight.devices.frames import DeviceId
from preflight.devices.ports import Detach, DeviceCatalogue, MicrophoneSource
from preflight.offload import Offload
from preflight.system.ports import SystemProbe

GONE_AFTER_MS = 1000.0
MUTED_BELOW_PERCENT = 5


class MicrophoneBench(Bench[MicrophoneSource]):
    """Opens the wanted microphone and keeps its figures until the handover."""

    def __init__(
        self,
        catalogue: DeviceCatalogue,
        clock: Clock,
        system: SystemProbe,
        offload: Offload,
        *,
        wanted: DeviceId | None = None,
    ) -> None:
        access = DeviceAccess(
            "microphone",
            find=catalogue.microphones,
            make=catalogue.microphone,
            permission=system.microphone_permission,
            holder=system.microphone_holder,
            gone_after_ms=GONE_AFTER_MS,
        )
        super().__init__(access, clock, offload, wanted=wanted)
        self.window = SoundWindow()
        self._system = system

    @property
    def flowing(self) -> bool:
        return self.window.blocks > 0

    def silent_ms(self) -> float | None:
        return self.window.missing_ms(self.clock.monotonic_ns())

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

    def _new_window(self) -> None:
        self.window = SoundWindow()

    def _attach(self, source: MicrophoneSource) -> Detach:
        return source.attach(self.window.tap)
