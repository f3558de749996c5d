"""The call page as data: its page state and the few things it needs from around it.

The commands behind it live in ``call_page.py``; chat and notes have panels of their own. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Protocol, TypeAlias

from client_api.wire import Role, SessionClock, Vehicle
from desktop.call.events import CallEvent
from desktop.call.states import EndReason
from desktop.viewmodels.command import Command
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from preflight.devices.frames import DeviceId
from preflight.devices.ports import OpenFault

SendEvent: TypeAlias = Callable[[CallEvent], None]
"""Hands a wish to the call's actor; returns at once."""


class PaidClock(Protocol):
    """The paid time as the service counts it; `client_api.server_clock.ServerClock` is one."""

    @property
    def session_clock(self) -> SessionClock | None: ...
    def server_now(self) -> datetime | None: ...
    def remaining_seconds(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class RefusedChoice:
    """A device that was chosen in mid-call and did not start.

    Attributes:
        wanted: its name.
        kept: the name of the one that goes on; None when that one does not work either.
        fault: why, as far as the system tells.
    """

    role: DeviceRole
    wanted: str
    kept: str | None
    fault: OpenFault | None


class CallDevices(Protocol):
    """The devices in use during the call, and the way to change them while it goes on."""

    @property
    def devices(self) -> DeviceChoices: ...
    @property
    def refused(self) -> RefusedChoice | None:
        """The last choice if it failed, until it is dismissed or another one is made."""

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Switch; the last wish wins. Returns at once."""

    def dismiss(self) -> None:
        """Forget the refused choice: the person has read it."""

    def look(self) -> None:
        """Look again what there is to choose from. Returns at once."""


class CallPhase(Enum):
    """Where the call is, as far as the page tells it apart."""

    CONNECTING = "connecting"
    AWAITING = "awaiting"
    LIVE = "live"
    REJOINING = "rejoining"
    LEAVING = "leaving"
    ENDED = "ended"


class RemotePicture(Enum):
    """What stands in the place of the other side's picture."""

    CONNECTING = "connecting"
    AWAITED = "awaited"
    LIVE = "live"
    CAMERA_OFF = "camera_off"
    STALLED = "stalled"


class LinkQuality(Enum):
    """How the call arrives, in a word. There is none until it was measured."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class ClockTone(Enum):
    """How near the end is."""

    CALM = "calm"
    SOON = "soon"
    LAST = "last"


class PanelTab(Enum):
    """What the side panel shows."""

    NOTES = "notes"
    CHAT = "chat"
    VEHICLE = "vehicle"


BILLABLE_FROM_S: Final = 60
"""Paid time from which on an end costs the whole price; before it everything is given back.

product.md, "End"; the service's own number, which its setting can change.
"""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """The paid time in whole seconds; ``running`` is False before the start and in a pause."""

    remaining_seconds: int
    paid_seconds: int
    running: bool
    started: bool
    tone: ClockTone


@dataclass(frozen=True, slots=True)
class MediaToggle:
    """One's own microphone or camera.

    Attributes:
        wished_on: what the person wants; the button shows this.
        is_on: what is really sent; None while nobody knows.
        failed: it is wished but cannot be sent.
        toggle: turn the wish; None while there is no call.
    """

    wished_on: bool
    is_on: bool | None
    failed: bool
    toggle: Command | None


@dataclass(frozen=True, slots=True)
class PeerLost:
    """The other side is gone. ``clock_stops_in_s``: None once the clock stands."""

    clock_stops_in_s: int | None
    absence_left_s: int | None


@dataclass(frozen=True, slots=True)
class PeerStalled:
    """The other side is there, but neither picture nor sound comes.

    Attributes:
        clock_stops_in_s: our estimate, should they be gone: the service dates an absence back to
            the last sign of life. None while the clock stands, or once it should have stopped.
    """

    seconds: int
    clock_stops_in_s: int | None = None


@dataclass(frozen=True, slots=True)
class OwnReconnecting:
    """Our own connection broke; ``tries`` new rooms were tried so far."""

    tries: int


@dataclass(frozen=True, slots=True)
class OwnNetworkWeak:
    """Our own network lets nothing through at the moment."""


@dataclass(frozen=True, slots=True)
class EndWaits:
    """The end was pressed but could not be sent yet."""

    undo: Command


@dataclass(frozen=True, slots=True)
class EndRefused:
    """The service did not end the session; the call goes on."""


@dataclass(frozen=True, slots=True)
class DeviceRefused:
    """Another device was chosen and did not start; the person may put the words away."""

    choice: RefusedChoice
    dismiss: Command


@dataclass(frozen=True, slots=True)
class OwnDeviceStopped:
    """A device in use gives or plays nothing any more. ``name`` is None when nobody knows it."""

    role: DeviceRole
    name: str | None


@dataclass(frozen=True, slots=True)
class OwnTrackNotSent:
    """The camera or the microphone works, but what it gives is not being sent."""

    role: DeviceRole


Band: TypeAlias = (
    PeerLost
    | PeerStalled
    | OwnReconnecting
    | OwnNetworkWeak
    | EndWaits
    | EndRefused
    | DeviceRefused
    | OwnDeviceStopped
    | OwnTrackNotSent
)
"""What stands in the band on top for as long as it is so."""


@dataclass(frozen=True, slots=True)
class BothJoined:
    """*Both participants joined*."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The warning that ``seconds`` of paid time were left when it came."""

    seconds: int


Notice: TypeAlias = BothJoined | TimeLeft
"""What is said for a few seconds and then goes."""


@dataclass(frozen=True, slots=True)
class CallPageState:
    """The page at one moment.

    Attributes:
        quality: None until measured; nothing is shown then.
        shows_screen: the other side shares the screen: that is the picture now, and the camera
            is a small one.
        stalled_at: when the last picture came; only with ``RemotePicture.STALLED``.
        clock: None before the service told it.
        panel: the open tab; None while the panel is folded away.
        tabs: those this role has.
        picture_full: nothing but the picture, on the whole screen.
        end: end the session, already confirmed; None while that is not possible.
        leave: give up while it still connects; None otherwise.
        ended: why the call is over.
    """

    phase: CallPhase
    counterpart_name: str
    counterpart_role: Role
    vehicle: Vehicle
    concern: str
    quality: LinkQuality | None
    remote: RemotePicture
    shows_screen: bool
    stalled_at: datetime | None
    clock: ClockFace | None
    band: Band | None
    notice: Notice | None
    microphone: MediaToggle
    camera: MediaToggle
    devices: DeviceChoices
    panel: PanelTab | None
    tabs: tuple[PanelTab, ...]
    unread: int
    picture_full: bool
    end: Command | None
    leave: Command | None
    ended: EndReason | None

    @property
    def first_name(self) -> str:
        """The other side's first name, for sentences."""
        return self.counterpart_name.split(" ", 1)[0]
