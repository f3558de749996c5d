"""What the preflight asks the operating system, as a port.

Every answer may take a while and is asked on a thread of its own; None and UNKNOWN mean that the
system does not say, which is never a fault.
"""

from enum import Enum
from typing import Protocol

from preflight.devices.frames import DeviceId


class DeviceUse(Enum):
    """What a permission is for."""

    CAMERA = "camera"
    MICROPHONE = "microphone"


class Permission(Enum):
    """What the system says about access; the words of the report."""

    GRANTED = "granted"
    DENIED = "denied"
    RESTRICTED = "restricted"
    UNDETERMINED = "undetermined"
    UNKNOWN = "unknown"

    @property
    def refused(self) -> bool:
        """True when an open device is needed to believe otherwise."""
        return self in (Permission.DENIED, Permission.RESTRICTED)


class SystemFacts(Protocol):
    """What the system tells about devices and the network."""

    def permission(self, use: DeviceUse, device: DeviceId | None) -> Permission:
        """Say whether this program may use the device."""
        ...

    def microphone_muted(self, device: DeviceId) -> bool | None:
        """Say whether the system has muted the microphone; None when it does not say."""
        ...

    def network_identity(self) -> str:
        """Name the way out of this machine; it changes with address, interface and route."""
        ...
