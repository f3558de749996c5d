"""The preflight page as data: its page state, and what it needs of the running preflight.

The commands behind it live in ``preflight_page.py``. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

from client_api.wire import PreflightVerdict, ReadinessState, Role
from desktop.viewmodels.command import Command
from desktop.viewmodels.trouble import Trouble
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo
from preflight.model import CheckedAgain, CheckResult, CheckState, Group, RunProgress

QUIET_DBFS = -60.0
"""Below this line the other side hears nothing useful; the meter marks it."""

SPEAKING_DBFS = -40.0
"""A voice at a usual distance is above this; below it the page asks to say something."""


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

    def of(self, role: DeviceRole) -> DeviceChoice:
        """Return the choice of one role."""
        match role:
            case DeviceRole.CAMERA:
                return self.camera
            case DeviceRole.MICROPHONE:
                return self.microphone
            case DeviceRole.SPEAKER:
                return self.speaker


class PreflightDesk(Protocol):
    """The running preflight, as this page needs it. Nothing here blocks the calling thread."""

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin by itself; ``on_change`` is called on this thread after every change."""

    @property
    def devices(self) -> DeviceChoices: ...

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; its group is checked again. A new wish replaces an older one."""

    def retry(self, group: Group) -> None:
        """Check one group again now."""

    def settings_of(self, group: Group) -> Command | None:
        """Return what opens the system's page that gives access to a group's device.

        None where the system has no such page.
        """

    def level_dbfs(self) -> float | None:
        """Return the newest RMS level of the microphone; None while it gives no sound."""

    async def play_beeps(self, count: int) -> None:
        """Play ``count`` beeps on the chosen speaker and return when they are over."""

    async def passed_report(self) -> PreflightVerdict:
        """Hand in the report of the passing run, or renew it; a fresh one is returned as it is.

        Raises:
            ClientError: the service refused it or cannot be reached.
        """


class ReadinessDesk(Protocol):
    """Where we say how far we are; `ServiceApi` is one."""

    async def __call__(self, state: ReadinessState) -> ReadinessState | None:
        """Tell the service; returns how far the other side is, if the answer said it."""


class JoinHint(Enum):
    """Why Join is (not) possible; the view has words for each."""

    CHECKING = "checking"
    FIX_ISSUES = "fix_issues"
    SENDING_REPORT = "sending_report"
    REPORT_REFUSED = "report_refused"
    READY = "ready"
    JOINING = "joining"
    NOT_OFFERED = "not_offered"


class JoinRefused(Enum):
    """Why a join led back to the checks."""

    MISSING = "missing"
    """The service knows no report of ours for this session."""
    STALE = "stale"
    """The report was too old."""
    FAILED = "failed"
    """The report does not pass, as the service judges it."""
    REPORT = "report"
    """The service wants a fresh report, and gives a reason that we do not know."""
    SYNTHETIC = "synthetic"
    """The service takes no made-up camera or microphone."""


Again: TypeAlias = CheckedAgain | JoinRefused


class SpeakerTest(Enum):
    """Where the question *how many beeps?* stands."""

    IDLE = "idle"
    PLAYING = "playing"
    ASKING = "asking"
    HEARD = "heard"
    WRONG = "wrong"
    NOT_HEARD = "not_heard"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: a gating one, or another one that has something to advise.

    Attributes:
        speaks: the result whose words stand for the group: the first failed one, else the
            first warned one, gating ones before advisory ones; None while nothing is wrong.
        results: all checks of the group, in the catalogue's order.
        retry: check again; None where nothing is wrong.
        choose_other: go to the next device of this kind; None where there is no other.
        open_settings: open the system's privacy page; None unless access is switched off and
            the system has such a page.
    """

    group: Group
    state: CheckState
    speaks: CheckResult | None = None
    results: tuple[CheckResult, ...] = ()
    retry: Command | None = None
    choose_other: Command | None = None
    open_settings: Command | None = None


@dataclass(frozen=True, slots=True)
class LevelState:
    """The microphone as the meter shows it; None while there is no sound at all."""

    rms_dbfs: float | None = None
    peak_dbfs: float | None = None

    @property
    def quiet(self) -> bool:
        """True while nobody could hear this."""
        return self.rms_dbfs is None or self.rms_dbfs < QUIET_DBFS

    @property
    def speaking(self) -> bool:
        """True once the level is that of a voice, held for as long as the peak stands."""
        return self.peak_dbfs is not None and self.peak_dbfs >= SPEAKING_DBFS


@dataclass(frozen=True, slots=True)
class PreflightPageState:
    """The page at one moment.

    Attributes:
        counterpart_name: None for a preflight without a session (diagnostics).
        fraction: share of the gating checks that are final, 0..1.
        checks: every single check, for the folded list.
        again: why something is being checked again; None while nothing is, or it was asked for.
        trouble: why the report was not taken; only with ``JoinHint.REPORT_REFUSED``.
        join: press it; None while it would not succeed.
        resend: hand the report in again; None unless that failed.
    """

    counterpart_name: str | None
    counterpart_role: Role | None
    counterpart_readiness: ReadinessState
    vehicle_title: str
    fraction: float
    finished: bool
    groups: tuple[GroupRow, ...]
    again: Again | None
    checks: tuple[CheckResult, ...]
    unfolded: bool
    devices: DeviceChoices
    speaker_test: SpeakerTest
    short_code: str | None
    hint: JoinHint
    trouble: Trouble | None
    join: Command | None
    resend: Command | None
    leave: Command | None
    play_beeps: Command | None
    answer_beeps: Callable[[int], object] | None

    @property
    def passed_count(self) -> int:
        """How many single checks passed."""
        return sum(check.state is CheckState.PASSED for check in self.checks)

    @property
    def judged_count(self) -> int:
        """How many single checks there are, less those that could not be judged: no fault."""
        unjudged = (CheckState.UNKNOWN, CheckState.SKIPPED)
        return sum(check.gating or check.state not in unjudged for check in self.checks)

    @property
    def heading_state(self) -> CheckState:
        """RUNNING, PASSED or FAILED for the whole set-up."""
        states = [row.state for row in self.groups]
        if any(state is CheckState.FAILED for state in states):
            return CheckState.FAILED
        if states and all(state.lets_pass for state in states):
            return CheckState.PASSED
        return CheckState.RUNNING
