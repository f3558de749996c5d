"""The words of the call page: bands, notices, and what stands in place of a picture."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from client_api.wire import Role
from desktop.viewmodels.call_bands import ABSENCE_CAP_S, PAUSE_AFTER_S
from desktop.viewmodels.call_state import (
    BILLABLE_FROM_S,
    BothJoined,
    CallPageState,
    ClockFace,
    DeviceRefused,
    EndRefused,
    EndWaits,
    LinkQuality,
    Notice,
    OwnDeviceStopped,
    OwnNetworkWeak,
    OwnReconnecting,
    OwnTrackNotSent,
    PeerLost,
    PeerStalled,
    RefusedChoice,
    RemotePicture,
    TimeLeft,
)
from desktop.viewmodels.command import Command
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.views.phrases import Phrases
from desktop.views.theme import Tone
from desktop.views.video_view import Caption
from preflight.devices.ports import OpenFault

_DEVICE_ICONS = {
    DeviceRole.CAMERA: "camera-off",
    DeviceRole.MICROPHONE: "microphone-off",
    DeviceRole.SPEAKER: "speaker-off",
}

_MOST_NAME_CHARS = 36


@dataclass(frozen=True, slots=True)
class BandWords:
    """A band: what happened, whose side it is on, what to do, and at most one button.

    Attributes:
        message: the button opens the chat, which the page does itself.
        choose: the button opens the list of these devices, which the page does itself.
    """

    strong: str
    plain: str
    tone: Tone = Tone.WARN
    icon_name: str = "warning"
    action: str = ""
    command: Command | None = None
    message: bool = False
    choose: DeviceRole | None = None


class CallWords(QObject):
    """Finds the words for a page state. A QObject, because lupdate finds plurals in ``tr``."""

    def band(self, state: CallPageState) -> BandWords | None:
        """Return the band of a state, or None."""
        name = state.first_name
        match state.band:
            case None:
                return None
            case PeerLost(clock_stops_in_s=seconds):
                return BandWords(
                    self.tr("{name}’s connection dropped.").format(name=name),
                    self._waiting(name, seconds, started=bool(state.clock and state.clock.started)),
                    action=self.tr("Send a message"),
                    message=True,
                )
            case PeerStalled(seconds=seconds, clock_stops_in_s=stops_in):
                stalled = self.tr("Nothing has come from {name} for {seconds} s.")
                back = self.tr("Yours is fine. It will come back by itself.")
                return BandWords(
                    stalled.format(name=name, seconds=seconds),
                    back if stops_in is None else self._waiting(name, stops_in, started=True),
                )
            case OwnReconnecting():
                return BandWords(
                    self.tr("Your connection dropped."),
                    self._coming_back(state.clock),
                    icon_name="offline",
                )
            case OwnNetworkWeak():
                return BandWords(
                    self.tr("Your network is weak."),
                    self.tr("Move closer to the Wi-Fi router, or plug in a cable."),
                    icon_name="network",
                )
            case EndWaits(undo=undo):
                return BandWords(
                    self.tr("You ended the session."),
                    self.tr("You are offline, so it ends as soon as you are back."),
                    icon_name="clock",
                    action=self.tr("Undo end"),
                    command=undo,
                )
            case EndRefused():
                return BandWords(
                    self.tr("The session could not be ended."),
                    self.tr("The call goes on. Press End again in a moment."),
                    tone=Tone.BAD,
                    icon_name="cross-circle",
                )
            case DeviceRefused(choice=choice, dismiss=dismiss):
                return BandWords(
                    self.tr("{device} could not be used.").format(device=_short(choice.wanted)),
                    self._after_refusal(choice),
                    icon_name=_DEVICE_ICONS[choice.role],
                    action=self.tr("Dismiss"),
                    command=dismiss,
                )

            case OwnDeviceStopped(role=role, name=device):
                return self._own_trouble(role, name, self._stopped(role, device))
            case OwnTrackNotSent(role=role):
                return self._own_trouble(role, name, self._not_sent(role))

    def _own_trouble(self, role: DeviceRole, name: str, plain: str) -> BandWords:
        strong, action = {
            DeviceRole.MICROPHONE: (
                self.tr("{name} cannot hear you."),
                self.tr("Choose a microphone"),
            ),
            DeviceRole.CAMERA: (self.tr("{name} cannot see you."), self.tr("Choose a camera")),
            DeviceRole.SPEAKER: (
                self.tr("You cannot hear {name}."),
                self.tr("Choose a loudspeaker"),
            ),
        }[role]
        return BandWords(
            strong.format(name=name),
            plain,
            tone=Tone.BAD,
            icon_name=_DEVICE_ICONS[role],
            action=action,
            choose=role,
        )

    def _stopped(self, role: DeviceRole, device: str | None) -> str:
        words, nameless = {
            DeviceRole.MICROPHONE: (
                self.tr("{device} gives no sound. Check its cable, or choose another one."),
                self.tr("Your microphone"),
            ),
            DeviceRole.CAMERA: (
                self.tr("{device} gives no picture. Check its cable, or choose another one."),
                self.tr("Your camera"),
            ),
            DeviceRole.SPEAKER: (
                self.tr("{device} plays nothing. Check its cable, or choose another one."),
                self.tr("Your loudspeaker"),
            ),
        }[role]
        return words.format(device=_short(device or nameless))

    def _not_sent(self, role: DeviceRole) -> str:
        if role is DeviceRole.CAMERA:
            return self.tr(
                "Your camera works, but its picture is not being sent. "
                "Choose it again to try once more."
            )
        return self.tr(
            "Your microphone works, but its sound is not being sent. "
            "Choose it again to try once more."
        )

    def _after_refusal(self, choice: RefusedChoice) -> str:
        match choice.fault:
            case OpenFault.BUSY:
                remedy = self.tr("Close the program that is using it, then choose it again.")
            case OpenFault.DENIED:
                remedy = self.tr("Allow it in the system’s settings, then choose it again.")
            case OpenFault.NOT_FOUND | OpenFault.UNPLUGGED:
                remedy = self.tr("Plug it in, then choose it again.")
            case OpenFault.REFUSED | OpenFault.NO_DATA | None:
                remedy = self.tr("Plug it in anew and choose it again, or choose another one.")
        if choice.kept is None:
            return remedy
        return f"{self.tr('You still use {device}.').format(device=_short(choice.kept))} {remedy}"

    def _coming_back(self, clock: ClockFace | None) -> str:
        if clock is None or not clock.started:
            return self.tr("We are bringing you back. No paid time passes.")
        if clock.running:
            words = self.tr(
                "We are bringing you back. Paid time stops {seconds} s after the drop; "
                "the session waits for {minutes} minutes in all."
            )
        else:
            words = self.tr(
                "We are bringing you back. Paid time is stopped; "
                "the session waits for {minutes} minutes in all."
            )
        return words.format(seconds=round(PAUSE_AFTER_S), minutes=round(ABSENCE_CAP_S / 60))

    def end_question(self, state: CallPageState) -> str:
        """Return what an end would do, and what it would cost whom."""
        ends = self.tr("It ends for {name} too, and cannot be continued.")
        return f"{ends.format(name=state.first_name)} {self.end_costs(state)}".strip()

    def end_costs(self, state: CallPageState) -> str:
        """Return what an end of this call now would cost whom; empty where nothing is lost."""
        clock = state.clock
        by_customer = state.counterpart_role is Role.MECHANIC
        name = state.first_name
        if clock is None:
            return ""
        if not clock.started:
            words = (
                self.tr("You get everything back.")
                if by_customer
                else self.tr("{name} gets everything back, and you are not paid.")
            )
            return words.format(name=name)
        if clock.paid_seconds < BILLABLE_FROM_S:
            # True as well when it is pressed later than it was read.
            words = (
                self.tr(
                    "In the first {seconds} seconds you get everything back; "
                    "after them the unused time is not refunded."
                )
                if by_customer
                else self.tr(
                    "In the first {seconds} seconds {name} gets everything back, "
                    "and you are not paid."
                )
            )
            return words.format(seconds=BILLABLE_FROM_S, name=name)
        minutes = clock.remaining_seconds // 60
        if minutes == 0:
            return ""
        words = (
            self.tr("The unused time is not refunded: {time}.")
            if by_customer
            else self.tr("{name} does not get the unused time refunded: {time}.")
        )
        return words.format(name=name, time=Phrases().minutes(minutes))

    def _waiting(self, name: str, seconds: int | None, *, started: bool) -> str:
        if not started:
            words = self.tr("Yours is fine. Waiting for {name} to come back.")
            return words.format(name=name)
        if seconds:
            words = self.tr(
                "Yours is fine. Waiting for {name} to come back; the clock stops in {seconds} s."
            )
            return words.format(name=name, seconds=seconds)
        words = self.tr("Yours is fine. Waiting for {name} to come back; the clock is stopped.")
        return words.format(name=name)

    def notice(self, notice: Notice) -> tuple[str, Tone, str]:
        """Return the words, the tone and the icon of a short notice."""
        match notice:
            case BothJoined():
                return self.tr("Both participants joined"), Tone.OK, "users"
            case TimeLeft(seconds=seconds):
                if seconds > 90:
                    left = Phrases().minutes(round(seconds / 60))
                    words = self.tr("{time} left").format(time=left)
                else:
                    words = self.tr("{seconds} seconds left").format(seconds=seconds)
                return words, Tone.ACCENT, "clock"

    def caption(self, state: CallPageState) -> Caption | None:
        """Return what stands over or instead of the picture; None while it is live."""
        name = state.first_name
        match state.remote:
            case RemotePicture.CONNECTING:
                return Caption(
                    self.tr("Connecting"),
                    self.tr("Opening the call with {name}.").format(name=name),
                )
            case RemotePicture.AWAITED:
                return Caption(
                    self.tr("Waiting for {name}").format(name=name),
                    self.tr("The clock starts when you are both here."),
                )
            case RemotePicture.STALLED:
                title = self.tr("No picture at the moment")
                if state.stalled_at is not None:
                    time = state.stalled_at.astimezone().strftime("%H:%M:%S")
                    title = self.tr("Last picture, {time}").format(time=time)
                return Caption(title, self.tr("It will come back by itself."))
            case RemotePicture.CAMERA_OFF | RemotePicture.LIVE:
                return None

    def role(self, role: Role) -> str:
        """Return the word for the other side's role."""
        return self.tr("mechanic") if role is Role.MECHANIC else self.tr("customer")

    def quality(self, quality: LinkQuality) -> tuple[str, Tone]:
        """Return the word for a quality and its tone."""
        match quality:
            case LinkQuality.GOOD:
                return self.tr("Good"), Tone.OK
            case LinkQuality.FAIR:
                return self.tr("Fair"), Tone.WARN
            case LinkQuality.POOR:
                return self.tr("Poor"), Tone.BAD


def _short(name: str) -> str:
    """Cut a device's long name in the middle: a mark at its end says more than what is between."""
    if len(name) <= _MOST_NAME_CHARS:
        return name
    half = (_MOST_NAME_CHARS - 1) // 2
    return f"{name[:half].rstrip()}…{name[-half:].lstrip()}"
