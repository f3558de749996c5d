"""The one open camera that the camera checks share, with its analysis window."""

from client_api.clock import Clock
from preflight.analysis.picture_window import PictureWindow
from preflight.checks.bench import NOT_OPENED, Bench
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import (
    CameraSource,
    Detach,
    DeviceCatalogue,
    DeviceNotFound,
    FrameTap,
    SourceState,
    SourceStatus,
)
from preflight.offload import Offload
from preflight.system.ports import SystemProbe

GONE_AFTER_MS = 2000.0


class CameraBench(Bench):
    """Opens the wanted camera and keeps its figures until the handover."""

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
        super().__init__("camera", system.camera_permission, clock, offload, known=known)
        self.wanted = wanted
        self.window = PictureWindow()
        self.source: CameraSource | None = None
        self._catalogue = catalogue
        self._detach: Detach | None = None
        self._previews: dict[int, FrameTap] = {}
        self._preview_detaches: dict[int, Detach] = {}
        self._preview_count = 0

    @property
    def status(self) -> SourceStatus:
        return NOT_OPENED if self.source is None else self.source.status

    @property
    def flowing(self) -> bool:
        return self.window.frames > 0

    @property
    def info(self) -> DeviceInfo | None:
        """The camera in use."""
        return None if self.source is None else self.source.info

    @property
    def present(self) -> bool:
        """Whether pictures have come within the last 2 s."""
        silent_ms = self.window.silent_ms(self.clock.monotonic_ns())
        running = self.status.state is SourceState.RUNNING
        return running and silent_ms is not None and silent_ms < GONE_AFTER_MS

    async def prepare(self) -> None:
        old = self.source
        stuck = old is not None and old.status.state is SourceState.OPENING
        if stuck and old is not None and self.wanted in (None, old.info.id):
            # A driver that hangs is not asked twice: we go on waiting for the first answer.
            self.found = _with(await self.offload(self._catalogue.cameras), old.info)
            return
        self.release()
        self.source = None
        if old is not None:
            await self.offload(old.close)
        self.window = PictureWindow()
        cameras = await self.offload(self._catalogue.cameras)
        try:
            source = await self.offload(lambda: self._catalogue.camera(self.wanted))
        except DeviceNotFound:
            self.found = cameras if self.wanted is None else ()
            return
        self.found = _with(cameras, source.info)
        self._detach = source.attach(self.window.tap)
        self._preview_detaches = {
            number: source.attach(tap) for number, tap in self._previews.items()
        }
        self.source = source
        source.open()

    def preview(self, tap: FrameTap) -> Detach:
        """Call ``tap`` with the frames of whichever camera is open, until it is taken off."""
        self._preview_count += 1
        number = self._preview_count
        self._previews[number] = tap
        if self.source is not None:
            self._preview_detaches[number] = self.source.attach(tap)

        def detach() -> None:
            self._previews.pop(number, None)
            taken_off = self._preview_detaches.pop(number, None)
            if taken_off is not None:
                taken_off()

        return detach

    async def look_again(self) -> None:
        """Refresh what there is to choose from; the open camera is left alone."""
        cameras = await self.offload(self._catalogue.cameras)
        if self.found is not None:
            self.found = _with(cameras, self.info)

    def release(self) -> None:
        """Take the analysis off; the camera stays open."""
        if self._detach is not None:
            self._detach()
            self._detach = None

    async def close(self) -> None:
        """Stop preparing, take the analysis off and close the camera."""
        await self.finish()
        self.release()
        source, self.source = self.source, None
        if source is not None:
            await self.offload(source.close)


def _with(cameras: tuple[DeviceInfo, ...], open_one: DeviceInfo | None) -> tuple[DeviceInfo, ...]:
    """A made source (clip, pattern, tone) is not always listed, but it is there."""
    if open_one is None or any(found.id == open_one.id for found in cameras):
        return cameras
    return (*cameras, open_one)
