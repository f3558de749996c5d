"""The one open microphone that the microphone checks share, with its analysis windows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from client_api.clock import Clock
from preflight.analysis.channels import Channels, channels
from preflight.analysis.clipping_window import ClippingWindow
from preflight.analysis.sound_ring import SoundRing
from preflight.analysis.sound_window import SoundWindow
from preflight.checks.device_bench import Bench, DeviceAccess
from preflight.checks.microphone.switches import Switches
from preflight.devices.frames import AudioBlock, DeviceId
from preflight.devices.one_channel import OneChannel
from preflight.devices.ports import Detach, DeviceCatalogue, MicrophoneSource
from preflight.offload import Offload
from preflight.system.ports import InputLevel, SystemProbe

GONE_AFTER_MS = 1000.0
OPEN_WITHIN_S = 5.9
"""Just before the deadline of its own check, which tells that it does not open."""
MUTED_BELOW_PERCENT = 5


class MicrophoneBench(Bench[MicrophoneSource]):
    """Opens the wanted microphone and keeps its figures until the handover.

    Attributes:
        window: levels, silence and completeness; what every check may look at.
        ring: the last 3 s of sound as they are; copied out and analysed beside the loop.
        clipping: cut peaks, counted as they come.
        switches: what the system says of mute, volume and default.
    """

    _channels: Channels | None

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
            request=partial(system.request_permission, "microphone"),
            holder=system.microphone_holder,
            gone_after_ms=GONE_AFTER_MS,
            open_within_s=OPEN_WITHIN_S,
            remembers=lambda: not catalogue.microphone_is_set,
        )
        super().__init__(access, clock, offload, wanted=wanted)
        self._system = system
        self._first_default: dict[DeviceId, bool] = {}
        self._channels: Channels | None = None
        self._new_window()

    @property
    def flowing(self) -> bool:
        return self.window.blocks > 0

    def silent_ms(self) -> float | None:
        return self.window.missing_ms(self.clock.monotonic_ns())

    async def muted(self) -> bool:
        """Say whether the system has muted it or turned it down to nothing."""
        level = await self.switches.read()
        return level is not None and is_muted(level)

    @property
    def was_default(self) -> bool | None:
        """Whether the system used this microphone by default when it was first asked in this run.

        It outlives a reopening: a sound server takes the streams along to its new default, and
        they are brought back.
        """
        info = self.info
        return None if info is None else self._first_default.get(info.id)

    async def compare_channels(self) -> Channels | None:
        """Compare the channels over the last 3 s; None where there is no sound yet."""
        sound = self.ring.sound()
        if len(sound) == 0:
            return None
        self._channels = await self.offload(lambda: channels(sound))
        return self._channels

    async def for_call(self) -> MicrophoneSource | None:
        """Return the microphone as the call shall use it: the good channel alone, or all of it.

        It is the same open device; None where there is none.
        """
        source = self.source
        if source is None or source.channels < 2:
            return source
        found = self._channels or await self.compare_channels()
        only = None if found is None else found.only_use
        return source if only is None else OneChannel(source, only)

    @contextmanager
    def leaving_out(self) -> Iterator[None]:
        """Count nothing of what is heard in this block as voice or noise: we make it ourselves."""
        window = self.window
        window.leave_out(True)
        try:
            yield
        finally:
            window.leave_out(False)

    def _new_window(self) -> None:
        self.window = SoundWindow()
        self.ring = SoundRing()
        self.clipping = ClippingWindow()
        self.switches = Switches(self._switches, self.clock, self._tasks)
        self._channels = None

    async def _switches(self) -> InputLevel | None:
        info = self.info
        if info is None or info.kind.synthetic:
            return None
        level = await self.offload(lambda: self._system.microphone_level(info.id))
        if level is not None and level.default is not None:
            self._first_default.setdefault(info.id, level.default)
        return level

    def _attach(self, source: MicrophoneSource) -> Sequence[Detach]:
        ring = self.ring

        def keep(block: AudioBlock) -> None:
            ring.tap(block, source.overflows)

        return [source.attach(tap) for tap in (self.window.tap, keep, self.clipping.tap)]


def is_muted(level: InputLevel) -> bool:
    """Say whether these switches let nothing through."""
    volume = level.volume_percent
    return level.muted or (volume is not None and volume < MUTED_BELOW_PERCENT)
