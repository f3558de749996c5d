"""What a preflight is built from, and the devices it tells of. Tests put fakes here."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from client_api.clock import Clock
from preflight.devices.frames import CameraMode, DeviceInfo
from preflight.devices.ports import DeviceCatalogue
from preflight.memory.network_identity import network_identity
from preflight.offload import Offload, on_daemon_thread
from preflight.probe.media_probe import MediaProbe, ProcessMediaProbe
from preflight.probe.network_probe import NetworkProbe, ProcessProbe
from preflight.system.machine_here import local_machine
from preflight.system.machine_ports import LocalMachine
from preflight.system.network_here import local_network
from preflight.system.network_place import NetworkPlace, network_place
from preflight.system.network_ports import LocalNetwork, NetworkHints
from preflight.system.ports import HotplugHint, SystemProbe
from preflight.system.screen_here import screen_rights
from preflight.system.screen_ports import ScreenEye, ScreenRights
from preflight.system.sound_here import output_facts
from preflight.system.sound_ports import OutputFacts
from preflight.system.surroundings import Surroundings, read_surroundings


@dataclass(frozen=True, slots=True)
class DeviceLists:
    """What there is to choose from, and what is in use."""

    cameras: tuple[DeviceInfo, ...] = ()
    microphones: tuple[DeviceInfo, ...] = ()
    speakers: tuple[DeviceInfo, ...] = ()
    camera: DeviceInfo | None = None
    microphone: DeviceInfo | None = None
    speaker: DeviceInfo | None = None
    camera_mode: CameraMode | None = None

    @property
    def in_use(self) -> dict[str, DeviceInfo | None]:
        """What is in use, by role."""
        return {
            "camera": self.camera,
            "microphone": self.microphone,
            "speaker": self.speaker,
        }

    @property
    def available(self) -> dict[str, tuple[DeviceInfo, ...]]:
        """What there is to choose from, by role."""
        return {
            "camera": self.cameras,
            "microphone": self.microphones,
            "speaker": self.speakers,
        }


@dataclass(frozen=True, slots=True)
class PreflightParts:
    """What a preflight is built from; tests put fakes here.

    Attributes:
        service_url: address of the service, e.g. ``https://api.example.org``.
        folder: for the local report and what the machine remembers; None keeps nothing.
        hotplug: says that devices may have changed; None: they are looked for again anyway.
        network_hints: a desktop's network service; None where there is no desktop.
        screen_eye: looks at the main screen once; None where there is no window.
    """

    catalogue: DeviceCatalogue
    system: SystemProbe
    clock: Clock
    service_url: str
    folder: Path | None = None
    hotplug: HotplugHint | None = None
    make_probe: Callable[[], NetworkProbe] = ProcessProbe
    make_media_probe: Callable[[], MediaProbe] = ProcessMediaProbe
    identity: Callable[[], str] = network_identity
    surroundings: Callable[[], Surroundings] = read_surroundings
    local_network: LocalNetwork = field(default_factory=local_network)
    network_hints: NetworkHints | None = None
    machine: LocalMachine = field(default_factory=local_machine)
    network_place: Callable[[], NetworkPlace] = network_place
    outputs: OutputFacts = field(default_factory=output_facts)
    screen: ScreenRights = field(default_factory=screen_rights)
    screen_eye: ScreenEye | None = None
    offload: Offload = on_daemon_thread

    def knowing(self, *names: str) -> "PreflightParts":
        """Return the same parts with people whose names are taken out of what leaves here."""
        read = self.surroundings

        def surroundings() -> Surroundings:
            found = read()
            return replace(found, names=(*found.names, *names))

        return replace(self, surroundings=surroundings)
