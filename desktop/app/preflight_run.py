"""One preflight on the screen: the running checks brought to the page, and the hand-over out of it.

Implements the page's `PreflightDesk` on the `preflight` facade. Made when the page opens, closed
when it goes; after ``handover`` the devices are the call's.
"""

import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeGuard

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from client_api.errors import ClientError, Refused
from client_api.stream_events import ReadinessChanged, SessionEnded
from client_api.tasks import Tasks
from client_api.wire import (
    PreflightTrigger,
    PreflightVerdict,
    Problem,
    ReadinessState,
    ReportId,
    Role,
    Session,
    SessionId,
)
from desktop.call.states import CallState, Ended, EndReason, session_of
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.pictures import PictureMailbox, picture_of_camera_frame
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import DeviceChoice, DeviceChoices, DeviceRole
from preflight.analysis.sound_window import NO_LEVEL
from preflight.devices.frames import CameraFrame, DeviceId, DeviceInfo
from preflight.devices.ports import ProvenDevices
from preflight.model import Group, RunProgress
from preflight.preflight import Preflight, PreflightNotPassed, PreflightParts
from preflight.system.probe import system_probe
from preflight.system.qt_hotplug import QtHotplug
from preflight.system.qt_network import QtNetworkHints

if TYPE_CHECKING:
    from desktop.app.program import Program

_log = logging.getLogger(__name__)


class PreflightRun:
    """The preflight before one session, or on its own for a diagnosis (``session`` None)."""

    def __init__(
        self,
        program: "Program",
        session: Session | None,
        *,
        on_join: Callable[[ReportId, ProvenDevices], None],
        on_leave: Callable[[], None],
    ) -> None:
        self._program = program
        self._session = session
        self._on_join = on_join
        self._tasks = Tasks()
        self._preview = PictureMailbox()
        self._detach: Callable[[], None] = lambda: None
        self._preflight: Preflight | None = None
        self.page = PreflightPage(
            session=session,
            desk=self,
            preview=self._preview,
            spawn=self._tasks.spawn,
            on_join=self._join,
            on_leave=on_leave,
            tell_readiness=self._tell_readiness if session is not None else None,
        )

    def open(self) -> None:
        """Begin by itself, once earlier runs let go of their devices."""
        self._tasks.spawn(self._open(), name="open the preflight")

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Idempotent."""
        self.page.close()
        self._detach()
        await self._tasks.close()
        if self._preflight is not None:
            await self._preflight.close()

    async def _open(self) -> None:
        await self._program.until_warm()
        await self._program.wait_for_leftovers()
        self._preflight = self._make()
        self._detach = self._preflight.preview(self._show)
        last_call = self._program.call_parts().actor.state
        if self._session is not None and is_refused_report(last_call, self._session.id):
            self.page.say_join_was_refused(last_call.code, last_call.report_fault)
        self.page.start()
        if self._session is not None:
            self._tasks.spawn(self._follow(self._session), name="the other side's readiness")

    def _make(self) -> Preflight:
        program, session = self._program, self._session
        parts = PreflightParts(
            catalogue=program.call_parts().catalogue,
            system=system_probe(),
            clock=program.adapters.clock,
            service_url=program.transport.base_url,
            folder=program.profile.reports,
            hotplug=QtHotplug(),
            network_hints=QtNetworkHints(),
        )
        return Preflight(
            parts,
            api=program.api if program.shell.me is not None else None,
            session=None if session is None else session.id,
            trigger=PreflightTrigger.JOIN if session is not None else PreflightTrigger.SUPPORT,
            role=None if session is None else session.my_role.value,
        )

    @property
    def _running(self) -> Preflight:
        # The page offers no command before it was started, which is after this was made.
        assert self._preflight is not None
        return self._preflight

    def _show(self, frame: CameraFrame) -> None:
        self._preview.put(picture_of_camera_frame(frame))

    async def _follow(self, session: Session) -> None:
        other = Role.CUSTOMER if session.my_role is Role.MECHANIC else Role.MECHANIC
        try:
            async with aclosing(self._program.api.session_events(session.id)) as happenings:
                async for event in happenings:
                    match event:
                        case ReadinessChanged(role=role, state=state) if role is other:
                            self.page.on_counterpart_readiness(state)
                        case SessionEnded():
                            self._program.shell.go_summary(session.id)
                            return
                        case _:
                            pass
        except ClientError as error:
            _log.info("the session's events cannot be read: %s", type(error).__name__)

    def _join(self, report: ReportId) -> None:
        self._tasks.spawn(self._hand_over(report), name="hand the devices over")

    async def _hand_over(self, report: ReportId) -> None:
        try:
            proven = await self._running.handover()
        except PreflightNotPassed as error:
            self.page.on_join_failed(_not_passed(error))
            return
        self._detach()
        self._on_join(report, proven)

    async def _tell_readiness(self, state: ReadinessState) -> ReadinessState | None:
        assert self._session is not None
        both = await self._program.api.put_readiness(self._session.id, state)
        mine = self._session.my_role
        return (both.customer if mine is Role.MECHANIC else both.mechanic).state

    # --- the page's desk ----------------------------------------------------------------------

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin the checks."""
        self._running.start(on_change)

    @property
    def devices(self) -> DeviceChoices:
        """What there is to choose from now."""
        if self._preflight is None:
            return DeviceChoices()
        found = self._preflight.devices
        return DeviceChoices(
            camera=_choice(found.cameras, found.camera),
            microphone=_choice(found.microphones, found.microphone),
            speaker=_choice(found.speakers, found.speaker),
            camera_mode=found.camera_mode,
        )

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; its group is checked again."""
        match role:
            case DeviceRole.CAMERA:
                self._running.choose_camera(choice)
            case DeviceRole.MICROPHONE:
                self._running.choose_microphone(choice)
            case DeviceRole.SPEAKER:
                self._program.chosen_speaker = choice
                self._tasks.spawn(self._running.choose_speaker(choice), name="use the speaker")

    def retry(self, group: Group) -> None:
        """Check one group again now."""
        self._running.retry(group)

    def settings_of(self, group: Group) -> Command | None:
        """Return what opens the system's privacy page for a group's device."""
        link = None if self._preflight is None else self._preflight.settings_link(group)
        return None if link is None else On(open_link, link)

    def level_dbfs(self) -> float | None:
        """Return the microphone's level now; None while it gives no sound."""
        level = NO_LEVEL if self._preflight is None else self._preflight.level
        return None if level is NO_LEVEL else level.rms_dbfs

    async def play_beeps(self, count: int) -> None:
        """Play beeps on the chosen loudspeaker."""
        await self._running.play_beeps(count)

    async def passed_report(self) -> PreflightVerdict:
        """Hand the report in.

        Raises:
            ClientError: the service refused it, cannot be reached, or the gate fell meanwhile.
        """
        try:
            return await self._running.passed_report()
        except PreflightNotPassed as error:
            raise _not_passed(error) from error


def is_refused_report(last_call: CallState, session: SessionId) -> TypeGuard[Ended]:
    """Say whether the last call was this session's and the service refused its report."""
    return (
        isinstance(last_call, Ended)
        and last_call.reason is EndReason.PREFLIGHT_NEEDED
        and session_of(last_call) == session
    )


def open_link(link: str) -> None:
    """Let the system open an address, e.g. of its own settings."""
    if not QDesktopServices.openUrl(QUrl(link)):
        _log.warning("the system's settings could not be opened")


def _choice(found: tuple[DeviceInfo, ...], used: DeviceInfo | None) -> DeviceChoice:
    return DeviceChoice(found, None if used is None else used.id)


def _not_passed(error: PreflightNotPassed) -> Refused:
    return Refused(
        Problem(
            code="preflight.required",
            title="the checks do not pass",
            status=428,
            reason="failed",
            blocking=error.blocking,
        )
    )
