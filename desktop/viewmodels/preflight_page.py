"""What a person can do on the preflight page, and what follows from it.

It watches a running preflight, hands its report in as soon as the gate passes, tells the other
side how far we are, and offers *Join session* exactly while that can succeed. It owns no device
and measures nothing. Pure.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from client_api.errors import ClientError, ErrorCode, ReportFault
from client_api.wire import ReadinessState, ReportId, Role, Session
from desktop.viewmodels.held_level import HeldLevel
from desktop.viewmodels.newcomers import Newcomers, has_several_of_a_kind
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import (
    DeviceChoices,
    DeviceRole,
    Newcomer,
    NewcomerOffer,
    PreflightDesk,
)
from desktop.viewmodels.preflight_hand_in import HandIn
from desktop.viewmodels.preflight_questions import PersonQuestions
from desktop.viewmodels.preflight_rows import RowCommands, fixes, group_rows, reused_ages_s
from desktop.viewmodels.preflight_state import (
    Again,
    JoinHint,
    JoinRefused,
    LevelState,
    PreflightPageState,
    SoundOnly,
)
from desktop.viewmodels.sound_choice import SoundChoice
from desktop.viewmodels.support_panel import SupportPanel
from desktop.viewmodels.trouble import trouble_of
from preflight.devices.departures import Departures
from preflight.devices.frames import DeviceId
from preflight.model import CheckState, GateDecision, Group, RunProgress
from preflight.support.verdict import Verdict, judge_scope, spoken_numbers

_log = logging.getLogger(__name__)

_REFUSED_FOR: Final = {
    ReportFault.MISSING: JoinRefused.MISSING,
    ReportFault.STALE: JoinRefused.STALE,
    ReportFault.FAILED: JoinRefused.FAILED,
    ReportFault.UNKNOWN: JoinRefused.REPORT,
}


def _nothing_checked() -> RunProgress:
    groups = dict.fromkeys(Group, CheckState.PENDING)
    return RunProgress(
        checks=(),
        gate=GateDecision(passed=False, decided=False, groups=groups, blocking=()),
        fraction=0.0,
        finished=False,
    )


class PreflightPage:
    """Turns a running preflight into page states, and clicks into its commands.

    Always true: ``state.value.join`` is a command only while the gate passes *and* the service
    took the report of these very devices.
    """

    def __init__(
        self,
        *,
        session: Session | None,
        desk: PreflightDesk,
        preview: PictureMailbox,
        spawn: Spawn,
        on_join: Callable[[ReportId], None],
        on_leave: Callable[[], None],
        tell_readiness: Callable[[ReadinessState], None] | None = None,
        pick_beeps: Callable[[], int] | None = None,
        support: SupportPanel | None = None,
    ) -> None:
        """Make the page; nothing starts before ``start``.

        Args:
            preview: where the camera's pictures arrive, for the view.
            on_join: leave this page with the accepted report and take the devices over.
            tell_readiness: lets the other side know how far we are; saying the same again is free.
            support: saves and sends a diagnosis; with a session while something holds it back.
            pick_beeps: 1 to 3; random where not given, so that a blind "yes" cannot pass.
        """
        self.preview = preview
        self.support = support
        self._session = session
        self._desk = desk
        self._tasks = PageTasks(spawn)
        self._on_join = on_join
        self._on_leave = on_leave
        self._tell_readiness = tell_readiness
        self._questions = PersonQuestions(desk, self._tasks, self._publish, pick_beeps)
        self._progress = _nothing_checked()
        self._hand_in = HandIn(
            desk,
            self._tasks,
            wanted=session is not None,
            on_change=self._publish,
            on_accepted=self._tell_ready,
        )
        self._join_refused: JoinRefused | None = None
        self._joining = False
        self._left = False
        self._counterpart = ReadinessState.UNKNOWN
        if session is not None:
            role = session.counterpart.role if session.counterpart else None
            sides = {
                Role.CUSTOMER: session.readiness.customer,
                Role.MECHANIC: session.readiness.mechanic,
            }
            if role in sides:
                self._counterpart = sides[role].state
        self._unfolded = False
        self._sound = SoundChoice(self._publish)
        self._level = HeldLevel()
        self._newcomers = Newcomers()
        self._departures = Departures()
        self._came: tuple[Newcomer, ...] = ()
        self.state: Observable[PreflightPageState] = Observable(self._make_state())

    # --- what the program says ----------------------------------------------------------------

    def start(self) -> None:
        """Begin the preflight; the page needs no click for it."""
        self._desk.start(self._on_progress)
        self._tell(ReadinessState.CHECKING)
        self._publish()

    def say_join_was_refused(
        self, code: ErrorCode | None, fault: ReportFault | None = None
    ) -> None:
        """The service refused the last join for its report: say why the checks run again."""
        if code is ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE:
            self._join_refused = JoinRefused.SYNTHETIC
        else:
            self._join_refused = _REFUSED_FOR[fault or ReportFault.UNKNOWN]
        self._publish()

    def say_return_failed(self) -> None:
        """A short look will not do: show that everything is checked, from the beginning."""
        self._join_refused = JoinRefused.RETURN
        self._progress = _nothing_checked()
        self._publish()

    def close(self) -> None:
        """Publish and spawn nothing any more; the owner closes the preflight itself."""
        self._left = True
        self._tasks.close()
        if self.support is not None:
            self.support.close()

    def on_counterpart_readiness(self, state: ReadinessState) -> None:
        """Take the other side's progress, from an event of the service."""
        self._counterpart = state
        self._publish()

    def on_join_failed(self, error: ClientError) -> None:
        """Come back from a join that the service refused; the report is handed in again."""
        self._joining = False
        self._hand_in.fail(error)
        self._publish()

    def read_level(self) -> LevelState:
        """Return the microphone's level now with its held peak; meant for 20 calls a second."""
        return self._level.read(self._desk.level_dbfs())

    # --- what the person does -----------------------------------------------------------------

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device. A report about the old one does not count any more."""
        if self._left or choice == self._desk.devices.of(role).chosen:
            return
        if role is DeviceRole.SPEAKER:
            self._questions.forget_speaker()
        else:
            self._questions.forget_voice()
            self._hand_in.forget_verdict()
        self._desk.choose(role, choice)
        self._publish()

    def retry(self, group: Group) -> None:
        """Check a group again."""
        self._desk.retry(group)

    @property
    def begins_with_picture(self) -> bool:
        """Whether the call is to begin with the camera on: unless sound alone was chosen."""
        return not self._sound.starts_without_picture(self._desk.limits)

    def toggle_checks(self) -> None:
        """Unfold or fold the list of single checks."""
        self._unfolded = not self._unfolded
        self._publish()

    def _join(self) -> None:
        self._joining = True
        self._publish()
        self._tasks.start(self._renew_and_join(), name="preflight join")

    def _leave(self) -> None:
        self.close()
        self._on_leave()

    def _use_newcomers(self) -> None:
        for newcomer in self._came:
            self._use_newcomer(newcomer)

    def _use_newcomer(self, newcomer: Newcomer) -> None:
        self.choose(newcomer.role, newcomer.device.id)

    def _decline_newcomers(self) -> None:
        self._newcomers.dismiss()
        self._publish()

    def _choose(self, wish: tuple[DeviceRole, DeviceId]) -> None:
        self.choose(*wish)

    # --- what follows ---------------------------------------------------------------------------

    def _on_progress(self, progress: RunProgress) -> None:
        if self._left:
            return
        self._progress = progress
        if progress.gate.decided and not self._is_made_up():
            self._join_refused = None
        passed = progress.gate.passed
        self._hand_in.follow(gate_passes=passed)
        # Joining renews an old report, for which the network is checked again: the other side
        # need not see us fall back for that.
        if self._joining:
            pass
        elif progress.gate.decided and not passed:
            self._tell(ReadinessState.FIXING)
        elif not passed:
            self._tell(ReadinessState.CHECKING)
        elif self._hand_in.accepted:
            self._tell_ready()
        self._publish()

    async def _renew_and_join(self) -> None:
        try:
            report = await self._hand_in.renew()
        except ClientError as error:
            self.on_join_failed(error)
            return
        if self._left:
            return
        if report is None:
            self._joining = False
            self._publish()
            return
        self._on_join(report)

    def _is_made_up(self) -> bool:
        """Say whether what the service refused as made up is still in use."""
        if self._join_refused is not JoinRefused.SYNTHETIC:
            return False
        devices = self._desk.devices
        used = [
            device
            for choice in (devices.camera, devices.microphone)
            for device in choice.devices
            if device.id == choice.chosen
        ]
        return any(device.kind.synthetic for device in used)

    def _tell_ready(self) -> None:
        made_up = self._is_made_up()
        self._tell(ReadinessState.FIXING if made_up else ReadinessState.READY)

    def _tell(self, state: ReadinessState) -> None:
        if self._tell_readiness is not None and not self._left:
            self._tell_readiness(state)

    # --- the state ------------------------------------------------------------------------------

    def _publish(self) -> None:
        if self._left:
            return
        self.state.set(self._make_state())
        if self.support is not None:
            verdict = self._diagnosis() or self._stuck()
            numbers = () if verdict is None else spoken_numbers(verdict)
            self.support.show_run(numbers, ready=verdict is not None)

    def _make_state(self) -> PreflightPageState:
        session, progress = self._session, self._progress
        devices = self._desk.devices
        hint = self._hint()
        commands = RowCommands(self.retry, self._desk.again, self._choose, self._desk.settings_of)
        verdict, refused = self._hand_in.verdict, self._hand_in.refused
        return PreflightPageState(
            counterpart_name=_counterpart_name(session),
            counterpart_role=_counterpart_role(session),
            counterpart_readiness=self._counterpart,
            vehicle_title=_vehicle_title(session),
            fraction=progress.fraction,
            finished=progress.finished,
            groups=group_rows(progress, devices, commands),
            fixes=fixes(progress, devices, commands),
            again=self._again(),
            checks=progress.checks,
            unfolded=self._unfolded,
            devices=devices,
            short_code=verdict.short_code if verdict is not None else None,
            hint=hint,
            trouble=trouble_of(refused) if refused is not None else None,
            join=self._join if hint is JoinHint.READY else None,
            resend=self._hand_in.again if hint is JoinHint.REPORT_REFUSED else None,
            leave=self._leave,
            questions=self._questions.state(progress),
            sound_only=self._offer_of_sound(),
            check_again=self._desk.again,
            diagnosis=self._diagnosis(),
            offers_support=self._session is None or self._stuck() is not None,
            newcomers=self._offer_of_newcomers(devices),
            gone=self._departures.see(devices.found, devices.used),
            no_picture_comes=session is not None and self._desk.limits.receives == 0,
            reused_s=reused_ages_s(progress.checks, self._desk.elapsed_ms),
        )

    def _offer_of_newcomers(self, devices: DeviceChoices) -> NewcomerOffer | None:
        """Name what was plugged in, and have each tried once, when it came."""
        came = self._newcomers.see(devices)
        for newcomer in came:
            if newcomer not in self._came:
                self._desk.try_out(newcomer.role, newcomer.device)
        self._came = came
        if not came:
            return None
        shown = tuple(
            replace(each, trial=self._desk.trial_of(each.role, each.device.id)) for each in came
        )
        one = self._use_newcomer if has_several_of_a_kind(came) else None
        return NewcomerOffer(shown, self._use_newcomers, self._decline_newcomers, one)

    def _diagnosis(self) -> Verdict | None:
        if self._session is not None or self._progress.fraction < 1.0:
            return None
        return judge_scope(self._progress, None)

    def _stuck(self) -> Verdict | None:
        """Return what holds a session back: who cannot join must be able to ask for help."""
        gate = self._progress.gate
        if self._session is None or gate.passed or not gate.decided:
            return None
        return judge_scope(self._progress, None)

    def _offer_of_sound(self) -> SoundOnly | None:
        if self._session is None or not self._progress.gate.passed:
            return None
        return self._sound.offer(self._desk.limits)

    def _again(self) -> Again | None:
        return self._progress.again or self._join_refused

    def _hint(self) -> JoinHint:
        gate = self._progress.gate
        if self._session is None:
            return JoinHint.NOT_OFFERED
        if self._joining:
            return JoinHint.JOINING
        if not gate.passed:
            failed = any(state is CheckState.FAILED for state in gate.groups.values())
            return JoinHint.FIX_ISSUES if failed or gate.decided else JoinHint.CHECKING
        hand_in = self._hand_in
        if self._is_made_up():
            return JoinHint.FIX_ISSUES
        if hand_in.accepted:
            return JoinHint.READY
        refused = hand_in.refused is not None or hand_in.verdict is not None
        sending = hand_in.sending or not refused
        return JoinHint.SENDING_REPORT if sending else JoinHint.REPORT_REFUSED


def _counterpart_name(session: Session | None) -> str | None:
    return session.counterpart.name if session and session.counterpart else None


def _counterpart_role(session: Session | None) -> Role | None:
    return session.counterpart.role if session and session.counterpart else None


def _vehicle_title(session: Session | None) -> str:
    if session is None:
        return ""
    vehicle = session.vehicle
    return f"{vehicle.year} {vehicle.make} {vehicle.model}"
