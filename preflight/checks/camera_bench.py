"""The one open camera that the camera checks share, with its analysis window."""

from client_api.clock import Clock
from preflight.analysis.flicker_window import FlickerWindow
from preflight.analysis.picture_window import PictureWindow
from preflight.analysis.sharpness_window import SharpnessWindow
from preflight.checks.bench import Bench, DeviceAccess
from preflight.devices.frames import DeviceId
from preflight.devices.ports import CameraSource, Detach, DeviceCatalogue, FrameTap
from preflight.offload import Offload
from preflight.system.ports import SystemProbe

GONE_AFTER_MS = 2000.0


class CameraBench(Bench[CameraSource]):
    """Opens the wanted camera and keeps its figures until the handover.

    Attributes:
        window: what every check may look at.
        sharpness, flicker: idle until their check begins them.
    """

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
            "camera",
            find=catalogue.cameras,
            make=catalogue.camera,
            permission=system.camera_permission,
            holder=system.camera_holder,
            gone_after_ms=GONE_AFTER_MS,
        )
        super().__init__(access, clock, offload, wanted=wanted)
        self._new_window()
        self._system = system
        self._previews: dict[int, FrameTap] = {}
        self._preview_detaches: dict[int, Detach] = {}
        self._preview_count = 0

    @property
    def flowing(self) -> bool:
        return self.window.frames > 0

    def silent_ms(self) -> float | None:
        return self.window.silent_ms(self.clock.monotonic_ns())

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

    async def driver(self) -> str | None:
        """Name the driver behind the camera; None where the system does not tell."""
        info = self.info
        if info is None or info.kind.synthetic:
            return None
        return await self.offload(lambda: self._system.camera_driver(info.id))

    def _new_window(self) -> None:
        self.window = PictureWindow()
        self.sharpness = SharpnessWindow()
        self.flicker = FlickerWindow()

    def _attach(self, source: CameraSource) -> Detach:
        self._preview_detaches = {
            number: source.attach(tap) for number, tap in self._previews.items()
        }
        # Each by itself: a tap that raises is taken off, and advice must not end the gate's.
        taps = (self.window.tap, self.sharpness.tap, self.flicker.tap)
        attached = [source.attach(tap) for tap in taps]

        def detach() -> None:
            for each in attached:
                each()

        return detach
