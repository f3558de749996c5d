"""The adapters behind the ports, in one place: what a test replaces and nobody else makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from client_api.clock import Clock, SystemClock
from client_api.secret import SecretStore
from desktop.app.profile import Profile
from desktop.app.settings import Settings
from desktop.call.ports import RoomGateway
from desktop.viewmodels.pictures import PictureMailbox
from preflight.devices.ports import DeviceCatalogue
from preflight.parts import PreflightParts


class OwnedRoom(RoomGateway, Protocol):
    """A room gateway with the two calls of its owner."""

    async def prepare(self) -> None:
        """Start what is slow to start, ahead of the join. Optional, repeatable."""

    async def aclose(self) -> None:
        """Leave and free everything. The process may end half a second later."""


def system_parts(
    catalogue: DeviceCatalogue, clock: Clock, service_url: str, folder: Path
) -> PreflightParts:
    """Return what a preflight stands on in the real world, with a window."""
    from desktop.media.screen_look import ScreenLook
    from preflight.system.probe import system_probe
    from preflight.system.qt_hotplug import QtHotplug
    from preflight.system.qt_network import QtNetworkHints

    return PreflightParts(
        catalogue=catalogue,
        system=system_probe(),
        clock=clock,
        service_url=service_url,
        folder=folder,
        hotplug=QtHotplug(),
        network_hints=QtNetworkHints(),
        screen_eye=ScreenLook(),
    )


@dataclass(frozen=True, slots=True)
class Adapters:
    """What the program stands on.

    Attributes:
        room: makes the way into rooms; pictures of the other side's camera and screen go into
            the two mailboxes.
        catalogue: finds and makes devices for the settings' choices.
        parts: what a preflight stands on beside the devices, for a service and a folder.
    """

    clock: Clock
    secrets: SecretStore
    room: Callable[[Clock, PictureMailbox, PictureMailbox], OwnedRoom]
    catalogue: Callable[[Settings], DeviceCatalogue]
    parts: Callable[[DeviceCatalogue, Clock, str, Path], PreflightParts] = system_parts


def real_adapters(profile: Profile, *, time_code: bool = False) -> Adapters:
    """Return the adapters of the real world; the heavy libraries load when they are used.

    Args:
        time_code: let demo sources write their capture time into the picture.
    """
    from desktop.app.keyring_store import KeyringStore

    return Adapters(
        clock=SystemClock(),
        secrets=KeyringStore(profile.keyring_service),
        room=_livekit_room,
        catalogue=lambda settings: _system_catalogue(settings, time_code=time_code),
    )


def _livekit_room(clock: Clock, camera: PictureMailbox, screen: PictureMailbox) -> OwnedRoom:
    from desktop.media.livekit_room import LiveKitRoom

    return LiveKitRoom(clock=clock, camera_pictures=camera, screen_pictures=screen)


def _system_catalogue(settings: Settings, *, time_code: bool) -> DeviceCatalogue:
    from preflight.devices.catalogue import SystemCatalogue

    return SystemCatalogue(
        camera_choice=settings.camera,
        microphone_choice=settings.microphone,
        speaker_choice=settings.speaker,
        time_code=time_code,
    )
