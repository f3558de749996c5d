"""What the preflight page needs of the running preflight, and the devices it speaks of.

The program implements it over the `preflight` facade (`desktop/app/running_desk.py`). Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from client_api.wire import PreflightVerdict
from desktop.viewmodels.command import Command
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo
from preflight.model import Group, Measured, RunProgress
from preflight.running.trial import DeviceTrial
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.recommendation import Recommendation


class DeviceRole(Enum):
    """What a chosen device is for."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """The devices of one role, and which of them is in use (None: none yet)."""

    devices: tuple[DeviceInfo, ...] = ()
    chosen: DeviceId | None = None


@dataclass(frozen=True, slots=True)
class DeviceChoices:
    """What there is to choose from now."""

    camera: DeviceChoice = DeviceChoice()
    microphone: DeviceChoice = DeviceChoice()
    speaker: DeviceChoice = DeviceChoice()
    camera_mode: CameraMode | None = None

    @property
    def found(self) -> dict[str, tuple[DeviceInfo, ...]]:
        """What there is, by role."""
        return {role.value: self.of(role).devices for role in DeviceRole}

    @property
    def used(self) -> dict[str, DeviceId | None]:
        """What is in use, by role."""
        return {role.value: self.of(role).chosen for role in DeviceRole}

    def of(self, role: DeviceRole) -> DeviceChoice:
        """Return the choice of one role."""
        match role:
            case DeviceRole.CAMERA:
                return self.camera
            case DeviceRole.MICROPHONE:
                return self.microphone
            case DeviceRole.SPEAKER:
                return self.speaker


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A device that was plugged in while the page was open, and is not in use.

    Attributes:
        trial: the short look at it; None for a loudspeaker, and before it began.
    """

    role: DeviceRole
    device: DeviceInfo
    trial: DeviceTrial | None = None


@dataclass(frozen=True, slots=True)
class NewcomerOffer:
    """What came and may be used; a headset is a microphone and a loudspeaker.

    Attributes:
        use: all of them.
        use_one: of several of a kind only one can be used; None where there are none such.
    """

    newcomers: tuple[Newcomer, ...]
    use: Command
    decline: Command
    use_one: Callable[[Newcomer], None] | None = None


class PreflightDesk(Protocol):
    """The running preflight, as this page needs it. Nothing here blocks the calling thread."""

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin by itself; ``on_change`` is called on this thread after every change."""

    @property
    def devices(self) -> DeviceChoices: ...

    @property
    def elapsed_ms(self) -> float:
        """How long the run has gone on, as `CheckResult.as_of_ms` counts."""
        ...

    @property
    def limits(self) -> Recommendation:
        """What would be sent as it stands: what our line carries, and theirs receives."""
        ...

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; its group is checked again. A new wish replaces an older one."""

    def try_out(self, role: DeviceRole, device: DeviceInfo) -> None:
        """Look for a moment at a device that is not in use; a loudspeaker is left alone."""

    def trial_of(self, role: DeviceRole, device: DeviceId) -> DeviceTrial | None:
        """Return how that look stands; None where there was none."""

    def retry(self, group: Group) -> None:
        """Check one group again now."""

    def settings_of(self, page: SettingsPage) -> Command | None:
        """Return what opens a page of the system; None where it has no such page."""

    def level_dbfs(self) -> float | None:
        """Return the newest RMS level of the microphone; None while it gives no sound."""

    def again(self, code: str) -> None:
        """Measure one check again now, with those that are measured beside it."""

    def answer_check(self, code: str, measured: Measured) -> None:
        """Take what the person said to a check that only they can judge."""

    async def play_beeps(self, count: int) -> None:
        """Play ``count`` beeps on the chosen speaker and return when they are over."""

    async def replay_voice(self, on_left: Callable[[float | None], None]) -> None:
        """Record 5 s of the microphone, play them, and return then; nothing of them is kept.

        Args:
            on_left: told the seconds still to be recorded, and None when they are played.
        """

    def turn_camera(self) -> None:
        """Turn the camera's picture a quarter further, for everybody."""

    def mirror_camera(self) -> None:
        """Change left and right of the camera's picture over, for everybody."""

    def confirm_orientation(self) -> None:
        """Take the camera's picture as it is now for upright."""

    async def passed_report(self) -> PreflightVerdict:
        """Hand in the report of the passing run, or renew it; a fresh one is returned as it is.

        Raises:
            ClientError: the service refused it or cannot be reached.
        """
