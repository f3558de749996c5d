"""Gives a demo client a camera in trouble, and lets a test change what is wrong with it."""

from dataclasses import replace
from enum import Enum

from desktop.app.adapters import Adapters
from desktop.app.settings import Settings
from preflight.devices.ports import DeviceCatalogue


class CameraTrouble(Enum):
    """What is wrong with the only camera."""

    NONE = "none"
    ABSENT = "absent"
    """It is not there; one that runs is lost."""
    BUSY = "busy"
    """Another program holds it: it is listed, and the next open is refused."""


class TroubleSwitch:
    """Wraps the adapters of one client.

    Attributes:
        adapters: those to run the client on.
        now: what is wrong with the camera; any thread may read it.
    """

    def __init__(self, adapters: Adapters, trouble: CameraTrouble) -> None:
        self.now = trouble
        self._wrapped = adapters
        self.adapters = replace(adapters, catalogue=self._make)

    def _make(self, settings: Settings) -> DeviceCatalogue:
        # It loads the media libraries, which the program does beside its first page.
        from desktop.app.demo.troubled_camera import TroubledCatalogue

        return TroubledCatalogue(self._wrapped.catalogue(settings), lambda: self.now)
