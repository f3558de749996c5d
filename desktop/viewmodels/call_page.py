"""What the call page shows of a call's state, and how a click becomes a wish.

It is told the call's states and announcements, looks at the paid clock a few times a second
(``tick``), and hands wishes to the actor. It decides nothing about the call itself. Pure.
"""

import math
from dataclasses import dataclass

from client_api.clock import Clock
from client_api.records import QualitySample
from client_api.wire import ClockState, Role, Session
from desktop.call.effects import AnnounceBothJoined, Announcement
from desktop.call.events import (
    CameraWished,
    EndRequested,
    LeaveRequested,
    MicrophoneWished,
    UndoEndRequested,
)
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
    MediaHealth,
    Rejoining,
    Talk,
)
from desktop.viewmodels.call_bands import CallBands
from desktop.viewmodels.call_state import (
    BothJoined,
    CallDevices,
    CallPageState,
    CallPhase,
    ClockFace,
    ClockTone,
    LinkQuality,
    MediaToggle,
    Notice,
    PaidClock,
    PanelTab,
    RemotePicture,
    SendEvent,
    TimeLeft,
)
from desktop.viewmodels.chat_panel import ChatPanel
from desktop.viewmodels.notes_panel import NotesPanel
from desktop.viewmodels.observable import Observable, Scope
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.frames import DeviceId

BOTH_JOINED_S = 6.0
TIME_LEFT_S = 12.0
LATE_WARNING_S = 5.0
"""A warning that comes later than this (after a rejoin) says what is really left."""

FAIR_RTT_MS, POOR_RTT_MS = 200.0, 400.0
FAIR_LOSS_PERCENT, POOR_LOSS_PERCENT = 2.0, 6.0
FAIR_FPS, POOR_FPS = 20.0, 10.0


@dataclass(frozen=True, slots=True)
class _Said:
    notice: Notice
    until_ns: int


class CallPage:
    """Turns call states into page states. The owner calls ``tick`` about four times a second.

    Always true: a control is a command exactly while the call could follow it; the clock shown
    is the service's; nothing here moves by the local wall clock.
    """

    def __init__(
        self,
        *,
        session: Session,
        send: SendEvent,
        paid_clock: PaidClock,
        clock: Clock,
        devices: CallDevices,
        remote: PictureMailbox,
        screen: PictureMailbox,
        own: PictureMailbox,
        chat: ChatPanel,
        notes: NotesPanel | None = None,
    ) -> None:
        """Make the page of one session.

        Args:
            remote: the other side's camera, for the view.
            screen: the other side's screen, while it is shared (from a browser).
            own: one's own camera, for the self view.
            notes: the notes panel; only a mechanic has one during the call.
        """
        self.remote = remote
        self.screen = screen
        self.own = own
        self.chat = chat
        self.notes = notes
        self._session = session
        self._send = send
        self._paid_clock = paid_clock
        self._clock = clock
        self._devices = devices
        self._call: CallState = Idle()
        self._said: _Said | None = None
        self._panel: PanelTab | None = PanelTab.NOTES if notes is not None else None
        self._full = False
        self._bands = CallBands(
            paid_clock, clock, devices, undo_end=self._undo_end, dismiss=self._dismiss
        )
        self._scope = Scope()
        chat.set_in_sight(False)
        self.state: Observable[CallPageState] = Observable(self._make_state())
        self._scope.watch(chat.state, lambda _: self._publish())

    @property
    def currency(self) -> str:
        """The session's currency, for what a repair may cost."""
        return self._session.currency

    # --- what the call says -------------------------------------------------------------------

    def on_call_state(self, call: CallState) -> None:
        """Show another state of the call."""
        self._call = call
        talk = _talk_of(call)
        self._bands.note(talk.peer if talk else None, own_break=isinstance(call, Rejoining))
        if isinstance(call, Ended):
            self.chat.close()
        self._publish()

    def on_announcement(self, said: Announcement) -> None:
        """Say something for a few seconds; the newer replaces the older."""
        if isinstance(said, AnnounceBothJoined):
            self._say(BothJoined(), BOTH_JOINED_S)
        else:
            late = said.threshold_seconds - said.remaining_seconds > LATE_WARNING_S
            left = math.ceil(said.remaining_seconds) if late else said.threshold_seconds
            self._say(TimeLeft(left), TIME_LEFT_S)

    def on_devices_changed(self) -> None:
        """Look at the devices again."""
        self._publish()

    def tick(self) -> None:
        """Look at the clocks: the paid time, countdowns, and how long a notice stands."""
        if self._said is not None and self._clock.monotonic_ns() >= self._said.until_ns:
            self._said = None
        self._publish()

    def close(self) -> None:
        """End the page's own subscriptions."""
        self._scope.close()

    # --- what the person does -----------------------------------------------------------------

    def open_panel(self, tab: PanelTab | None) -> None:
        """Open a tab of the side panel; None folds the panel away."""
        if tab is not None and tab not in self._tabs():
            return
        self._panel = tab
        if tab is not None:
            self._full = False
        self.chat.set_in_sight(tab is PanelTab.CHAT)
        self._publish()

    def toggle_panel(self, tab: PanelTab) -> None:
        """Open a tab, or fold the panel away when that tab is open."""
        self.open_panel(None if self._panel is tab else tab)

    def toggle_picture_full(self) -> None:
        """Give the picture everything, or go back to how it was."""
        self._full = not self._full
        self.chat.set_in_sight(not self._full and self._panel is PanelTab.CHAT)
        self._publish()

    def choose_device(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device without leaving the call."""
        self._devices.choose(role, choice)
        self._publish()

    def look_for_devices(self) -> None:
        """See what can be chosen now: somebody opens the list."""
        self._devices.look()

    def _dismiss(self) -> None:
        self._devices.dismiss()
        self._publish()

    def _toggle_microphone(self) -> None:
        talk = _talk_of(self._call)
        if talk is not None:
            self._send(MicrophoneWished(not talk.wishes.microphone_on))

    def _toggle_camera(self) -> None:
        talk = _talk_of(self._call)
        if talk is not None:
            self._send(CameraWished(not talk.wishes.camera_on))

    def _end(self) -> None:
        self._send(EndRequested())

    def _undo_end(self) -> None:
        self._send(UndoEndRequested())

    def _leave(self) -> None:
        self._send(LeaveRequested())

    # --- the state ----------------------------------------------------------------------------

    def _say(self, notice: Notice, seconds: float) -> None:
        self._said = _Said(notice, self._clock.monotonic_ns() + round(seconds * 1e9))
        self._publish()

    def _tabs(self) -> tuple[PanelTab, ...]:
        shared = (PanelTab.CHAT, PanelTab.VEHICLE)
        return (PanelTab.NOTES, *shared) if self.notes is not None else shared

    def _publish(self) -> None:
        self.state.set(self._make_state())

    def _make_state(self) -> CallPageState:
        session, call = self._session, self._call
        talk = _talk_of(call)
        phase = _phase(call, talk)
        counterpart = session.counterpart
        in_call = isinstance(call, InCall | Rejoining)
        may_end = (
            in_call and talk is not None and talk.end in (EndProgress.NONE, EndProgress.FAILED)
        )
        return CallPageState(
            phase=phase,
            counterpart_name=counterpart.name if counterpart else "",
            counterpart_role=_other_role(session),
            vehicle=session.vehicle,
            concern=session.concern,
            quality=_quality(talk) if phase is CallPhase.LIVE else None,
            remote=_remote(phase, talk),
            shows_screen=talk is not None and in_call and talk.peer.screen_on,
            stalled_at=self._bands.stalled_at,
            clock=self._clock_face(),
            band=self._bands.band(call, talk),
            notice=self._said.notice if self._said else None,
            microphone=self._microphone(talk, in_call=in_call),
            camera=self._camera(talk, in_call=in_call),
            devices=self._devices.devices,
            panel=None if self._full else self._panel,
            tabs=self._tabs(),
            unread=self.chat.state.value.unread,
            picture_full=self._full,
            end=self._end if may_end else None,
            leave=self._leave if phase is CallPhase.CONNECTING else None,
            ended=call.reason if isinstance(call, Ended) else None,
        )

    def _microphone(self, talk: Talk | None, *, in_call: bool) -> MediaToggle:
        return MediaToggle(
            wished_on=talk.wishes.microphone_on if talk else True,
            is_on=talk.own.microphone_on if talk else None,
            failed=talk is not None and talk.own.microphone_fault is not None,
            toggle=self._toggle_microphone if in_call else None,
        )

    def _camera(self, talk: Talk | None, *, in_call: bool) -> MediaToggle:
        return MediaToggle(
            wished_on=talk.wishes.camera_on if talk else True,
            is_on=talk.own.camera_on if talk else None,
            failed=talk is not None and talk.own.camera_fault is not None,
            toggle=self._toggle_camera if in_call else None,
        )

    def _clock_face(self) -> ClockFace | None:
        current = self._paid_clock.session_clock
        remaining = self._paid_clock.remaining_seconds()
        if current is None or remaining is None:
            return None
        # A clock that says 5:00 has five minutes left, not four minutes and something.
        seconds = math.ceil(remaining)
        started = current.state is not ClockState.NOT_STARTED
        warnings = sorted(current.warnings)
        tone = ClockTone.CALM
        if started and warnings and seconds <= warnings[-1]:
            tone = ClockTone.LAST if seconds <= warnings[0] else ClockTone.SOON
        running = current.state is ClockState.RUNNING
        paid = max(0, current.total_seconds - seconds)
        return ClockFace(seconds, paid, running=running, started=started, tone=tone)


def _talk_of(call: CallState) -> Talk | None:
    return None if isinstance(call, Idle) else call.talk


def _other_role(session: Session) -> Role:
    return Role.CUSTOMER if session.my_role is Role.MECHANIC else Role.MECHANIC


def _phase(call: CallState, talk: Talk | None) -> CallPhase:
    match call:
        case Idle() | FetchingToken() | Joining():
            return CallPhase.CONNECTING
        case InCall():
            return CallPhase.LIVE if talk and talk.peer.was_seen else CallPhase.AWAITING
        case Rejoining():
            return CallPhase.REJOINING
        case Leaving():
            return CallPhase.LEAVING
        case Ended():
            return CallPhase.ENDED


def _remote(phase: CallPhase, talk: Talk | None) -> RemotePicture:
    if talk is None or phase is CallPhase.CONNECTING:
        return RemotePicture.CONNECTING
    peer = talk.peer
    if not peer.was_seen:
        return RemotePicture.AWAITED
    lost = not peer.in_room or peer.is_absent or peer.health is MediaHealth.LOST
    if lost or phase is CallPhase.REJOINING:
        return RemotePicture.STALLED
    return RemotePicture.LIVE if peer.camera_on else RemotePicture.CAMERA_OFF


def _quality(talk: Talk | None) -> LinkQuality | None:
    """Judge the newest second by its worst figure; figures the SDK did not give say nothing."""
    if talk is None or talk.quality is None:
        return None
    sample: QualitySample = talk.quality
    losses = [
        each for each in (sample.loss_up_percent, sample.loss_down_percent) if each is not None
    ]
    judged: list[LinkQuality] = []
    if sample.rtt_ms is not None:
        judged.append(_at_most(sample.rtt_ms, FAIR_RTT_MS, POOR_RTT_MS))
    if losses:
        judged.append(_at_most(max(losses), FAIR_LOSS_PERCENT, POOR_LOSS_PERCENT))
    if sample.fps_received is not None and talk.peer.camera_on:
        judged.append(_at_most(-sample.fps_received, -FAIR_FPS, -POOR_FPS))
    if talk.peer.health is not MediaHealth.GOOD:
        judged.append(LinkQuality.POOR)
    order = [LinkQuality.GOOD, LinkQuality.FAIR, LinkQuality.POOR]
    return max(judged, key=order.index) if judged else None


def _at_most(value: float, fair: float, poor: float) -> LinkQuality:
    if value < fair:
        return LinkQuality.GOOD
    return LinkQuality.FAIR if value < poor else LinkQuality.POOR
