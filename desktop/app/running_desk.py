"""The running checks as the preflight page sees them: its desk, on the `preflight` facade.

Which run that is changes while the page is open (a short look may be followed by a whole
preflight), and for a moment there is none: then there is nothing to see, and commands do nothing.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from client_api.errors import ErrorCode, Refused
from client_api.tasks import Tasks
from client_api.wire import PreflightVerdict, Problem
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from preflight.analysis.sound_window import NO_LEVEL
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.model import Group, Measured, RunProgress
from preflight.preflight import Preflight, PreflightNotPassed
from preflight.running.trial import DeviceTrial
from preflight.system.settings_pages import Opening, SettingsPage
from preflight.verdicts.recommendation import UNLIMITED, Recommendation, limited_by

_log = logging.getLogger(__name__)

_GROUPS = {DeviceRole.CAMERA: Group.CAMERA, DeviceRole.MICROPHONE: Group.MICROPHONE}

OnProgress = Callable[[RunProgress], None]


class RunningDesk:
    """Implements the page's `PreflightDesk`.

    Args:
        tasks: of whoever owns the run.
        their_rung: tells what the other side can receive; None: it is not held back.
        on_chosen: told what a person chose by hand.
        on_progress: told of every change, after the page.
        service_url: the service's address; a network that wants a login answers in its place.
    """

    def __init__(
        self,
        tasks: Tasks,
        *,
        their_rung: Callable[[], int | None],
        on_chosen: Callable[[DeviceRole, DeviceId], None],
        on_progress: OnProgress,
        service_url: str,
    ) -> None:
        self._tasks = tasks
        self._their_rung = their_rung
        self._on_chosen = on_chosen
        self._on_progress = on_progress
        self._service_url = service_url
        self.run: Preflight | None = None

    def start(self, on_change: OnProgress) -> None:
        """Begin the checks."""

        def changed(progress: RunProgress) -> None:
            on_change(progress)
            self._on_progress(progress)

        if self.run is not None:
            self.run.start(changed)

    @property
    def devices(self) -> DeviceChoices:
        """What there is to choose from now."""
        if self.run is None:
            return DeviceChoices()
        found = self.run.devices
        return DeviceChoices(
            camera=_choice(found.cameras, found.camera),
            microphone=_choice(found.microphones, found.microphone),
            speaker=_choice(found.speakers, found.speaker),
            camera_mode=found.camera_mode,
        )

    @property
    def elapsed_ms(self) -> float:
        """How long the run has gone on."""
        return 0.0 if self.run is None else self.run.elapsed_ms

    @property
    def limits(self) -> Recommendation:
        """What our line carries and theirs receives, whichever is less, as it stands."""
        own = UNLIMITED if self.run is None else self.run.limits
        return limited_by(own, self._their_rung())

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; its group is checked again."""
        run = self.run
        if run is None:
            return
        self._on_chosen(role, choice)
        match role:
            case DeviceRole.CAMERA:
                run.choose_camera(choice)
            case DeviceRole.MICROPHONE:
                run.choose_microphone(choice)
            case DeviceRole.SPEAKER:
                self._tasks.spawn(run.choose_speaker(choice), name="use the speaker")

    def try_out(self, role: DeviceRole, device: DeviceInfo) -> None:
        """Look for a moment at a camera or microphone that is not in use."""
        group = _GROUPS.get(role)
        if self.run is not None and group is not None:
            self.run.try_out(group, device)

    def trial_of(self, role: DeviceRole, device: DeviceId) -> DeviceTrial | None:
        """Return how that look stands; None where there was none."""
        group = _GROUPS.get(role)
        if self.run is None or group is None:
            return None
        return self.run.trials.get((group, device))

    def retry(self, group: Group) -> None:
        """Check one group again now."""
        if self.run is not None:
            self.run.retry(group)

    def settings_of(self, page: SettingsPage) -> Command | None:
        """Return what opens a page of the system, or the page on which a network wants a login."""
        if page is SettingsPage.LOGIN:
            # Without encryption: a login page can stand in for nothing else.
            return On(open_page, Opening(f"http://{urlsplit(self._service_url).hostname}/"))
        opening = None if self.run is None else self.run.settings_page(page)
        return None if opening is None else On(open_page, opening)

    def level_dbfs(self) -> float | None:
        """Return the microphone's level now; None while it gives no sound."""
        level = NO_LEVEL if self.run is None else self.run.level
        return None if level is NO_LEVEL else level.rms_dbfs

    def again(self, code: str) -> None:
        """Measure one check again now."""
        if self.run is not None:
            self.run.again(code)

    def answer_check(self, code: str, measured: Measured) -> None:
        """Take what the person said."""
        if self.run is not None:
            self.run.answer(code, measured)

    async def play_beeps(self, count: int) -> None:
        """Play beeps on the chosen loudspeaker."""
        if self.run is not None:
            await self.run.play_beeps(count)

    async def replay_voice(self, on_left: Callable[[float | None], None]) -> None:
        """Let the person hear themselves."""
        if self.run is not None:
            await self.run.replay_voice(on_left)

    def turn_camera(self) -> None:
        """Turn the camera's picture a quarter further."""
        if self.run is not None:
            self.run.turn_camera()

    def mirror_camera(self) -> None:
        """Change left and right of the camera's picture over."""
        if self.run is not None:
            self.run.mirror_camera()

    def confirm_orientation(self) -> None:
        """Take the picture as it is for upright."""
        if self.run is not None:
            self.run.confirm_orientation()

    async def passed_report(self) -> PreflightVerdict:
        """Hand the report in.

        Raises:
            ClientError: the service refused it, cannot be reached, or the gate fell meanwhile.
        """
        if self.run is None:
            raise not_passed()
        try:
            return await self.run.passed_report()
        except PreflightNotPassed as error:
            raise not_passed(error.blocking) from error


def open_page(opening: Opening) -> None:
    """Let the system open a page, e.g. of its own settings. A program outlives this one."""
    if opening.command:
        program, *arguments = opening.command
        opened = QProcess.startDetached(program, arguments)[0]
    else:
        opened = QDesktopServices.openUrl(QUrl(opening.link))
    if not opened:
        _log.warning("the system's settings could not be opened")


def not_handed_over(blocking: tuple[str, ...] = ()) -> Refused:
    """Return what a page is told where what passed could not be given to the call."""
    return Refused(
        Problem(
            code=ErrorCode.HANDOVER_FAILED,
            title="the devices could not be handed over",
            status=428,
            blocking=blocking,
        )
    )


def not_passed(blocking: tuple[str, ...] = ()) -> Refused:
    """Return what a page is told where the checks hold a join back."""
    return Refused(
        Problem(
            code="preflight.required",
            title="the checks do not pass",
            status=428,
            reason="failed",
            blocking=blocking,
        )
    )


def _choice(found: tuple[DeviceInfo, ...], used: DeviceInfo | None) -> DeviceChoice:
    return DeviceChoice(found, None if used is None else used.id)
