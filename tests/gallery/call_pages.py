"""The call in every state that a person may meet, from constant page states."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from client_api.records import Message
from client_api.wire import ClientMessageId, Role, SessionId, Severity
from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import (
    BothJoined,
    CallPageState,
    CallPhase,
    ClockFace,
    ClockTone,
    DeviceRefused,
    EndWaits,
    LinkQuality,
    MediaToggle,
    OwnDeviceStopped,
    OwnReconnecting,
    PanelTab,
    PeerLost,
    RefusedChoice,
    RemotePicture,
    TimeLeft,
)
from desktop.viewmodels.chat_panel import ChatPanel
from desktop.viewmodels.notes_panel import NotesPanel, SaveState, finding
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from desktop.views.call_view import CallView
from desktop.views.theme import ThemeMode
from preflight.devices.frames import DeviceId
from preflight.devices.ports import OpenFault
from tests.fakes.clock import FakeClock
from tests.fakes.wire_samples import mechanic_session, sample_clock, sample_session
from tests.gallery import preflight_pages
from tests.gallery.registry import NARROW, WIDE, GalleryPage
from tests.gallery.scenes import engine_bay, person, workshop

Change = Callable[[CallPageState], CallPageState]
SMALL = (720, 560)
BOTH = (ThemeMode.LIGHT, ThemeMode.DARK)


class _StillClock:
    """A paid clock that stands where the page state says."""

    session_clock = sample_clock()

    def server_now(self) -> datetime | None:
        return None

    def remaining_seconds(self) -> float | None:
        return None


class _StillDevices:
    """Devices nobody changes."""

    devices: DeviceChoices = preflight_pages.DEVICES
    refused = None

    def choose(self, role: DeviceRole, choice: DeviceId) -> None: ...
    def dismiss(self) -> None: ...
    def look(self) -> None: ...


class _NoNotes:
    """A notes desk that is never asked, since no task runs in the gallery."""

    async def read(self) -> Any: ...
    async def write(self, draft: object, *, version: int) -> Any: ...


def _drop(coro: Coroutine[Any, Any, object], /, *, name: str) -> Any:
    coro.close()


def _nothing() -> None:
    """A command that does nothing; the gallery presses none."""


def _chat(clock: FakeClock, *, mine: Role, full: bool) -> ChatPanel:
    panel = ChatPanel(my_role=mine, queue=lambda *_: None, clock=clock)
    if not full:
        return panel
    said = (
        (Role.CUSTOMER, "Can you hear the squeal?"),
        (Role.MECHANIC, "Yes. Hold the camera to the belt on the left, please."),
        (Role.CUSTOMER, "Like this? The label says 6PK1750."),
        (Role.MECHANIC, "Perfect. That is the part number, I write it down."),
    )
    panel.on_messages(
        Message(
            id=number,
            client_id=ClientMessageId(f"m{number}"),
            session_id=SessionId("s"),
            author=author,
            text=text,
            sent_at=clock.now() + timedelta(minutes=number),
        )
        for number, (author, text) in enumerate(said, 1)
    )
    panel.send("I show it again from below.")
    panel.send("And one more")
    lines = panel.state.value.lines
    panel.on_refused(lines[-1].client_id)
    return panel


def _notes(clock: FakeClock, *, full: bool) -> NotesPanel:
    panel = NotesPanel(desk=_NoNotes(), clock=clock, spawn=_drop)
    if full:
        panel.put_finding(
            None,
            finding(
                "Alternator belt worn",
                "Cracks on the inner ribs, squeal on cold start.",
                Severity.SOON,
                12000,
                18000,
            ),
        )
        panel.put_finding(
            None,
            finding(
                "Oil seep at valve cover",
                "Dry at the back. Check again in 5,000 km.",
                Severity.WATCH,
                None,
                None,
            ),
        )
        saved = replace(panel.state.value, save=SaveState.SAVED, saved_at=clock.now())
        panel.state.set(saved)
    return panel


def live(state: CallPageState) -> CallPageState:
    """A call in which all is well."""
    on = MediaToggle(wished_on=True, is_on=True, failed=False, toggle=_nothing)
    return replace(
        state,
        phase=CallPhase.LIVE,
        remote=RemotePicture.LIVE,
        quality=LinkQuality.GOOD,
        clock=ClockFace(
            24 * 60 + 18, 35 * 60 + 42, running=True, started=True, tone=ClockTone.CALM
        ),
        microphone=on,
        camera=on,
        end=_nothing,
        leave=None,
    )


def make_view(
    change: Change = lambda state: state, *, mechanic: bool = True, full: bool = True
) -> CallView:
    """Return the page in a changed state of a live call."""
    clock = FakeClock()
    remote, screen, own = (PictureMailbox() for _ in range(3))
    role = Role.MECHANIC if mechanic else Role.CUSTOMER
    page = CallPage(
        session=mechanic_session() if mechanic else sample_session(),
        send=lambda _: None,
        paid_clock=_StillClock(),
        clock=clock,
        devices=_StillDevices(),
        remote=remote,
        screen=screen,
        own=own,
        chat=_chat(clock, mine=role, full=full),
        notes=_notes(clock, full=full) if mechanic else None,
    )
    state = change(live(page.state.value))
    page.state.set(state)
    # Nobody may compute another state while the picture is taken.
    page.tick = _nothing  # type: ignore[method-assign]  # a constant page has no clock
    if state.remote in (RemotePicture.LIVE, RemotePicture.STALLED):
        remote.put(engine_bay() if mechanic else person())
    if state.shows_screen:
        screen.put(engine_bay())
    own.put(workshop() if mechanic else engine_bay())
    return CallView(page)


def connecting() -> QWidget:
    return make_view(
        lambda state: replace(
            state,
            phase=CallPhase.CONNECTING,
            remote=RemotePicture.CONNECTING,
            quality=None,
            clock=None,
            panel=None,
            end=None,
            leave=_nothing,
            microphone=replace(state.microphone, toggle=None),
            camera=replace(state.camera, toggle=None),
        ),
        mechanic=False,
        full=False,
    )


def awaiting() -> QWidget:
    return make_view(
        lambda state: replace(
            state,
            phase=CallPhase.AWAITING,
            remote=RemotePicture.AWAITED,
            quality=None,
            clock=ClockFace(3600, 0, running=False, started=False, tone=ClockTone.CALM),
        ),
        full=False,
    )


def live_notes() -> QWidget:
    return make_view(lambda state: replace(state, panel=PanelTab.NOTES, unread=2))


def both_joined() -> QWidget:
    return make_view(
        lambda state: replace(
            state,
            notice=BothJoined(),
            clock=ClockFace(3600, 0, running=True, started=True, tone=ClockTone.CALM),
        ),
        mechanic=False,
        full=False,
    )


def chat_open() -> QWidget:
    return make_view(lambda state: replace(state, panel=PanelTab.CHAT, unread=0), mechanic=False)


def vehicle_open() -> QWidget:
    return make_view(lambda state: replace(state, panel=PanelTab.VEHICLE))


def _stalled(state: CallPageState) -> CallPageState:
    """The last picture stands there with its time, and nobody knows how good the line is."""
    return replace(
        state,
        remote=RemotePicture.STALLED,
        stalled_at=datetime(2026, 11, 22, 12, 6, 31).astimezone(),
        quality=None,
    )


def peer_lost() -> QWidget:
    return make_view(
        lambda state: replace(
            _stalled(state),
            band=PeerLost(clock_stops_in_s=6, absence_left_s=594),
            panel=None,
        )
    )


def own_reconnecting() -> QWidget:
    return make_view(
        lambda state: replace(
            _stalled(state),
            phase=CallPhase.REJOINING,
            band=OwnReconnecting(tries=1),
        ),
        mechanic=False,
    )


def end_waits() -> QWidget:
    return make_view(
        lambda state: replace(
            _stalled(state),
            phase=CallPhase.REJOINING,
            band=EndWaits(_nothing),
            end=None,
        )
    )


def device_refused() -> QWidget:
    choice = RefusedChoice(
        DeviceRole.CAMERA, "HD Pro Webcam C920", "Integrated Camera", OpenFault.BUSY
    )
    return make_view(lambda state: replace(state, band=DeviceRefused(choice, _nothing)))


def speaker_stopped() -> QWidget:
    band = OwnDeviceStopped(DeviceRole.SPEAKER, "Built-in Audio Analog Stereo")
    return make_view(lambda state: replace(state, band=band), mechanic=False)


def shared_screen() -> QWidget:
    return make_view(lambda state: replace(state, shows_screen=True, panel=None), mechanic=False)


def five_minutes() -> QWidget:
    return make_view(
        lambda state: replace(
            state,
            notice=TimeLeft(300),
            clock=ClockFace(299, 3301, running=True, started=True, tone=ClockTone.SOON),
        ),
        mechanic=False,
    )


def last_minute_muted() -> QWidget:
    off = MediaToggle(wished_on=False, is_on=False, failed=False, toggle=_nothing)
    return make_view(
        lambda state: replace(
            state,
            notice=TimeLeft(60),
            quality=LinkQuality.POOR,
            microphone=off,
            camera=off,
            remote=RemotePicture.CAMERA_OFF,
            clock=ClockFace(58, 3542, running=True, started=True, tone=ClockTone.LAST),
        )
    )


def picture_full() -> QWidget:
    return make_view(lambda state: replace(state, panel=None, quality=LinkQuality.FAIR))


# The call is dark in the light look too; one page shows that.
DARK = (ThemeMode.DARK,)

CALL_PAGES: tuple[GalleryPage, ...] = (
    GalleryPage("call-connecting", connecting, modes=DARK),
    GalleryPage("call-awaiting", awaiting, modes=DARK),
    GalleryPage("call-live-notes", live_notes, modes=(*BOTH, ThemeMode.CONTRAST)),
    GalleryPage("call-both-joined", both_joined, modes=DARK),
    GalleryPage("call-chat", chat_open, modes=DARK),
    GalleryPage("call-vehicle", vehicle_open, modes=DARK),
    GalleryPage("call-peer-lost", peer_lost, modes=DARK),
    GalleryPage("call-own-reconnecting", own_reconnecting, modes=DARK),
    GalleryPage("call-end-waits", end_waits, modes=DARK),
    GalleryPage("call-device-refused", device_refused, modes=DARK, sizes=(WIDE, SMALL)),
    GalleryPage("call-speaker-stopped", speaker_stopped, modes=DARK, sizes=(WIDE, SMALL)),
    GalleryPage("call-shared-screen", shared_screen, modes=DARK, sizes=(WIDE, SMALL)),
    GalleryPage("call-five-minutes", five_minutes, modes=DARK),
    GalleryPage("call-last-minute-muted", last_minute_muted, modes=DARK),
    GalleryPage("call-picture", picture_full, modes=DARK, sizes=(WIDE, NARROW, SMALL)),
)
