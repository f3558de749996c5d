"""The one open camera that the camera checks share, with its analysis window."""

from collections.abc import Sequence
from functools import partial

from client_api.clock import Clock
from preflight.analysis.flicker_window import FlickerWindow
from preflight.analysis.picture_window import PictureWindow
from preflight.analysis.sharpness_window import SharpnessWindow
from preflight.checks.device_bench import Bench, DeviceAccess
from preflight.devices.frames import UPRIGHT, DeviceId, ModeWish
from preflight.devices.ports import CameraSource, Detach, DeviceCatalogue, FrameTap
from preflight.devices.stable_names import device_key
from preflight.memory.machine_file import KnownOrientation
from preflight.offload import Offload
from preflight.system.ports import SystemProbe

GONE_AFTER_MS = 2000.0
OPEN_WITHIN_S = 9.9
"""Just before the deadline of its own check, which tells that it does not open."""


class CameraBench(Bench[CameraSource]):
    """Opens the wanted camera and keeps its figures until the handover.

    Attributes:
        window: what every check may look at.
        sharpness, flicker: idle until their check begins them.
        orientations: how cameras are put upright, by `device_key`.
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
            request=partial(system.request_permission, "camera"),
            holder=system.camera_holder,
            gone_after_ms=GONE_AFTER_MS,
            open_within_s=OPEN_WITHIN_S,
            remembers=lambda: not catalogue.camera_is_set,
            stands_in=True,
        )
        super().__init__(access, clock, offload, wanted=wanted)
        self.orientations: dict[str, KnownOrientation] = {}
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

    def orientation(self) -> KnownOrientation:
        """Return how the camera in use is put upright, and when a person said that it is."""
        info = self.info
        nothing = KnownOrientation(UPRIGHT)
        return nothing if info is None else self.orientations.get(device_key(info), nothing)

    def orient(self, known: KnownOrientation) -> None:
        """Put the pictures of the camera in use upright like this, from the next one on."""
        if self.source is not None:
            self.orientations[device_key(self.source.info)] = known
            self.source.orient(known.orientation)

    def ask_mode(self, wish: ModeWish) -> None:
        """Ask the open camera for another mode; the gap that this makes is no missing picture."""
        if self.source is not None:
            self.source.ask_mode(wish)

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

    def _attach(self, source: CameraSource) -> Sequence[Detach]:
        known = self.orientations.get(device_key(source.info))
        if known is not None:
            source.orient(known.orientation)
        self._preview_detaches = {
            number: source.attach(tap) for number, tap in self._previews.items()
        }
        taps = (self.window.tap, self.sharpness.tap, self.flicker.tap)
        return [source.attach(tap) for tap in taps]
