"""Questions to the operating system that explain a device's fault.

Pure. Opening a device decides whether it works; what is asked here only explains why not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

from preflight.system.settings_pages import Opening, SettingsPage

Unsubscribe: TypeAlias = Callable[[], None]


class Permission(Enum):
    """May this program use the device? UNKNOWN: the system does not say; try to open."""

    GRANTED = "granted"
    DENIED = "denied"
    RESTRICTED = "restricted"
    UNDETERMINED = "undetermined"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a device open.

    Attributes:
        program: the program's name, without path and arguments; None when another user's.
        pid: its process id, where the system tells.
    """

    program: str | None
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class InputLevel:
    """How the system's own switches stand for a microphone.

    Attributes:
        default: whether programs without a choice use it; None when unknown.
        loopback: whether it hears what the computer plays; None when unknown.
    """

    muted: bool
    volume_percent: int | None
    default: bool | None = None
    loopback: bool | None = None


class SystemProbe(Protocol):
    """Permissions and holders. Where nothing else is said a method may take up to a second:
    not on the Qt thread."""

    def camera_permission(self, device: str) -> Permission: ...
    def microphone_permission(self, device: str) -> Permission: ...
    def request_permission(self, what: str) -> None:
        """Have the system ask the person about "camera" or "microphone", where it never has.

        Returns with the answer, or after 50 s without one; at once where the system does not ask.
        """
        ...

    def camera_holder(self, device: str) -> Holder | None:
        """Who else has the camera open; None: nobody, or the system does not tell."""
        ...

    def camera_driver(self, device: str) -> str | None:
        """Return what the camera's driver calls itself; None where the system does not tell."""
        ...

    def microphone_holder(self, device: str) -> Holder | None: ...
    def microphone_level(self, device: str) -> InputLevel | None: ...
    def settings_page(self, page: SettingsPage) -> Opening | None:
        """Return how a page of the system's settings is opened.

        None where the system has no such page. Answers at once.
        """
        ...


class HotplugHint(Protocol):
    """Says that devices may have changed; the device libraries then say what is true."""

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        """Call ``changed`` on the thread of the event loop, 300 ms after the last change.

        Where changes do not cease it is called a second after the first one.
        """
        ...
