"""One preflight on the screen: begun by itself, told to the other side, and handed over to a call.

Made when the page opens, closed when it goes; after ``handover`` the devices are the call's. What
the page sees of the running checks is `running_desk`.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeGuard

from PySide6.QtGui import QGuiApplication

from client_api.diagnostics import send_diagnostic
from client_api.errors import ClientError, ErrorCode, ReportFault
from client_api.stream_events import ReadinessChanged, SessionEnded
from client_api.tasks import Tasks
from client_api.wire import (
    PreflightTrigger,
    ReportId,
    Session,
    SessionId,
    SessionStatus,
)
from desktop.app.entry import Entry, TheirSide
from desktop.app.readiness_teller import ReadinessTeller
from desktop.app.running_desk import RunningDesk, not_handed_over
from desktop.app.support_desk import SupportDesk
from desktop.call.setup import MediaWishes
from desktop.call.states import CallState, Ended, EndReason, session_of
from desktop.viewmodels.pictures import PictureMailbox, VideoPicture, picture_of_camera_frame
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.support_panel import SupportPanel
from desktop.views.parcel_dialog import ask_parcel
from desktop.views.questions import ask_diagnosis_path
from preflight.checks.account.bench import AccountBench
from preflight.devices.frames import CameraFrame, DeviceId
from preflight.devices.ports import ProvenDevices
from preflight.model import RunProgress
from preflight.preflight import Preflight, PreflightNotPassed

if TYPE_CHECKING:
    from desktop.app.program import Program

_log = logging.getLogger(__name__)

SEEN_WITHIN_NS = 2_000_000_000
"""A picture older than this shows what the camera saw, and not what it sees."""


class PreflightRun:
    """The preflight before one session, or on its own for a diagnosis (``session`` None)."""

    def __init__(
        self,
        program: "Program",
        session: Session | None,
        *,
        on_join: Callable[[Entry], None],
        on_leave: Callable[[], None],
        on_turned_away: Callable[[ErrorCode], None],
    ) -> None:
        """Make the run; ``on_turned_away`` is told why the service lets nobody join any more."""
        self._program = program
        self._session = session
        self._on_join = on_join
        self._on_turned_away = on_turned_away
        self._tasks = Tasks()
        self._preview = PictureMailbox()
        self._detach: Callable[[], None] = lambda: None
        self._desk = RunningDesk(
            self._tasks,
            service_url=program.transport.base_url,
            their_rung=lambda: None if self._their is None else self._their.rung,
            on_chosen=self._on_chosen,
            on_progress=self._on_progress,
        )
        self._their = None if session is None else TheirSide(session)
        self._teller = None if session is None else self._make_teller(session)
        self._picture: VideoPicture | None = None
        self._runs: list[Preflight] = []
        self.page = PreflightPage(
            session=session,
            desk=self._desk,
            preview=self._preview,
            spawn=self._tasks.spawn,
            on_join=self._join,
            on_leave=on_leave,
            tell_readiness=None if self._teller is None else self._teller.tell,
            support=self._make_support(),
        )

    def open(self) -> None:
        """Begin by itself, once earlier runs let go of their devices."""
        self._tasks.spawn(self._open(), name="open the preflight")

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Idempotent."""
        self.page.close()
        self._detach()
        self._picture = None
        await self._tasks.close()
        await asyncio.gather(self._say_goodbye(), self._close_devices())

    async def _say_goodbye(self) -> None:
        if self._teller is not None:
            await self._teller.close()

    async def _close_devices(self) -> None:
        for run in self._runs:
            await run.close()

    async def _open(self) -> None:
        account, begins = self._make_account(), False
        try:
            # The service is asked while the devices' libraries load: it takes no time of its own.
            turned_away, _ = await asyncio.gather(account.turned_away(), self._until_free())
            if turned_away is None:
                wishes = await self._wishes_of_return()
                begins = wishes is None or not await self._return(wishes)
        finally:
            if not begins:
                await account.close()
        if turned_away is not None:
            self._on_turned_away(turned_away)
        elif begins:
            self._begin(account)

    def _begin(self, account: AccountBench) -> None:
        self._look_through(self._make(account))
        last_call = self._last_call
        if self._session is not None and is_refused_report(last_call, self._session.id):
            fault = last_call.report_fault or ReportFault.UNKNOWN
            account.report_refused = fault.value
            self.page.say_join_was_refused(last_call.code, last_call.report_fault)
        self.page.start()
        if self._session is not None:
            self._tasks.spawn(self._follow(self._session), name="the other side's readiness")

    @property
    def _last_call(self) -> CallState:
        return self._program.call_parts().actor.state

    def _look_through(self, run: Preflight) -> None:
        """Show this run from now on; it is closed with us at the latest."""
        self._runs.append(run)
        self._desk.run = run
        self._detach = run.preview(self._show)

    def _make_support(self) -> SupportPanel:
        program = self._program

        async def send(report: Mapping[str, Any]) -> str:
            clock = program.adapters.clock
            return (await send_diagnostic(program.transport.base_url, clock, report)).code

        return SupportPanel(
            SupportDesk(lambda: self._running, program.profile.logs, self.seen_now, send),
            ask_path=lambda kind, name: ask_diagnosis_path(program.window, kind, name),
            ask_parcel=lambda preview: ask_parcel(program.window, preview),
            copy=QGuiApplication.clipboard().setText,
            spawn=self._tasks.spawn,
        )

    def seen_now(self) -> VideoPicture | None:
        """Return what the camera of a diagnosis sees now; None while it gives nothing."""
        picture = self._picture
        if picture is None:
            return None
        age_ns = self._program.adapters.clock.monotonic_ns() - picture.captured_ns
        return picture if age_ns <= SEEN_WITHIN_NS else None

    async def _until_free(self) -> None:
        await self._program.until_warm()
        await self._program.wait_for_leftovers()

    def _make_account(self) -> AccountBench:
        program = self._program
        return AccountBench(
            program.api if program.shell.me is not None else None,
            None if self._session is None else self._session.id,
            program.adapters.clock,
        )

    async def _wishes_of_return(self) -> MediaWishes | None:
        """Return what to send where a short look will do: we were in the running session just now.

        The service decides as well: it lets nobody in without a report who was not in before.
        """
        session = self._session
        if session is None or session.status is not SessionStatus.LIVE:
            return None
        if is_refused_report(self._last_call, session.id):
            return None
        return await self._program.last_call.wishes_in(session.id)

    async def _return(self, wishes: MediaWishes) -> bool:
        """Take a short look and go back into the call by itself; False leaves all as it was.

        Nobody presses anything, so nobody comes back with more on than they left with.
        """
        quick = self._make(quick=True)
        self._look_through(quick)
        self.page.start()
        proven = await self._short_look(quick)
        self._detach()
        if proven is not None:
            self._on_join(self._entry(None, proven, wishes))
            return True
        # Closing takes a while, in which the page must not command what is being closed.
        self._desk.run = None
        self.page.say_return_failed()
        await quick.close()
        return False

    async def _short_look(self, quick: Preflight) -> ProvenDevices | None:
        try:
            return await quick.handover() if await quick.stands() else None
        except PreflightNotPassed:
            _log.info("no quick return: the checks do not pass")
        except Exception:
            # The whole preflight finds out what it is, and has words for it.
            _log.exception("the short look failed")
        return None

    def _make(self, account: AccountBench | None = None, *, quick: bool = False) -> Preflight:
        program, session = self._program, self._session
        adapters, catalogue = program.adapters, program.call_parts().catalogue
        parts = adapters.parts(
            catalogue, adapters.clock, program.transport.base_url, program.profile.reports
        )
        me, other = program.shell.me, None if session is None else session.counterpart
        parts = parts.knowing(*(one.name for one in (me, other) if one is not None))
        return Preflight(
            parts,
            api=program.api if program.shell.me is not None and not quick else None,
            session=None if session is None else session.id,
            trigger=PreflightTrigger.JOIN if session is not None else PreflightTrigger.SUPPORT,
            role=None if session is None else session.my_role.value,
            account=account,
            booked_minutes=None
            if session is None
            else math.ceil(session.clock.remaining_seconds / 60),
            quick=quick,
        )

    @property
    def _running(self) -> Preflight:
        # The page offers no command before it was started, which is after this was made.
        assert self._desk.run is not None
        return self._desk.run

    def _show(self, frame: CameraFrame) -> None:
        picture = picture_of_camera_frame(frame)
        if self._session is None:
            # For somebody who adds it to a bundle. One picture, and none once the page is gone.
            self._picture = picture
        self._preview.put(picture)

    async def _follow(self, session: Session) -> None:
        their = self._their
        assert their is not None
        try:
            async with aclosing(self._program.api.session_events(session.id)) as happenings:
                async for event in happenings:
                    match event:
                        case ReadinessChanged() if their.hear(event):
                            self.page.on_counterpart_readiness(their.state)
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
            self.page.on_join_failed(not_handed_over(error.blocking))
            return
        except Exception:
            # A page that says it opens the call for ever helps nobody: the checks can run again.
            _log.exception("the devices could not be handed over")
            self.page.on_join_failed(not_handed_over())
            return
        self._detach()
        wishes = MediaWishes(camera_on=self.page.begins_with_picture)
        self._on_join(self._entry(report, proven, wishes))

    def _entry(self, report: ReportId | None, proven: ProvenDevices, wishes: MediaWishes) -> Entry:
        assert self._their is not None
        assert self._teller is not None
        self._teller.hand_over()
        return Entry(report, proven, wishes, self._their)

    def _make_teller(self, session: Session) -> ReadinessTeller:
        their = self._their
        assert their is not None
        return ReadinessTeller(
            self._program.api,
            session.id,
            self._program.adapters.clock,
            rung=lambda: None if self._desk.run is None else self._desk.run.receives,
            their=their,
            on_answer=lambda: self.page.on_counterpart_readiness(their.state),
        )

    def _on_progress(self, progress: RunProgress) -> None:
        # Measured once, by the trial call; before that there is nothing to tell.
        if self._teller is not None and progress.finished:
            self._teller.look()

    def _on_chosen(self, role: DeviceRole, choice: DeviceId) -> None:
        if role is DeviceRole.CAMERA:
            self._picture = None
        if role is DeviceRole.SPEAKER:
            self._program.chosen_speaker = choice


def is_refused_report(last_call: CallState, session: SessionId) -> TypeGuard[Ended]:
    """Say whether the last call was this session's and the service refused its report."""
    return (
        isinstance(last_call, Ended)
        and last_call.reason is EndReason.PREFLIGHT_NEEDED
        and session_of(last_call) == session
    )
