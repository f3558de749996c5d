"""Which of OpenCV's back ends open a camera, in which order, and under which name."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from preflight.devices.frames import DeviceId
from preflight.devices.opencv import cv2, enumerate_cameras


def is_node(device: DeviceId) -> bool:
    """True for a device node of Linux; elsewhere an id is ``INDEX@PATH``."""
    return device.startswith("/dev/")


class CameraBackends:
    """The back ends of one system; keep one per process, for it remembers what worked.

    Windows has two: DirectShow opens some cameras that Media Foundation refuses. It is tried
    after an error alone, never while the first is stuck.
    """

    def __init__(
        self,
        system: str = sys.platform,
        listed: Callable[[int], Iterable[Any]] = enumerate_cameras,
    ) -> None:
        self._order = _of_system(system)
        self._listed = listed
        self._worked: dict[DeviceId, int] = {}

    @property
    def first(self) -> int:
        """The back end that lists the cameras; ids hold its numbers."""
        return self._order[0]

    def in_order(self, device: DeviceId) -> tuple[int, ...]:
        """Return the back ends to try, the one that opened this camera last time first."""
        worked = self._worked.get(device, self.first)
        return (worked, *(each for each in self._order if each != worked))

    def opened(self, device: DeviceId, backend: int) -> None:
        """Remember what opened the camera, for as long as this program runs."""
        self._worked[device] = backend

    def target(self, device: DeviceId, backend: int) -> str | int | None:
        """Return what this back end calls the camera; None when it does not know it."""
        if is_node(device):
            return str(device)
        index, _, path = device.partition("@")
        if backend == self.first:
            return int(index)
        try:
            rows = list(self._listed(backend))
        except (OSError, NotImplementedError):
            return None
        same = [row.index for row in rows if path and _instance(row.path) == _instance(path)]
        return int(same[0]) if len(same) == 1 else None


def _of_system(system: str) -> tuple[int, ...]:
    match system:
        case "win32":
            return (cv2.CAP_MSMF, cv2.CAP_DSHOW)
        case "darwin":
            return (cv2.CAP_AVFOUNDATION,)
        case _:
            return (cv2.CAP_V4L2,)


def _instance(path: str | None) -> str:
    """The part of a device's path that both back ends share: the class behind it differs."""
    return (path or "").partition("#{")[0].casefold()
