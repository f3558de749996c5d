"""The preflight in every state that a person may meet, from constant page states."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from client_api.errors import UnreachableReason
from client_api.wire import ReadinessState
from desktop.viewmodels.pictures import PictureMailbox, VideoPicture
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import (
    JoinHint,
    JoinRefused,
    PreflightPageState,
    Questions,
    ReplayTest,
    SpeakerTest,
    UprightQuestion,
)
from desktop.viewmodels.support_panel import SupportPanel, SupportPanelState
from desktop.viewmodels.trouble import Trouble
from desktop.views.preflight_view import PreflightView
from desktop.views.theme import ThemeMode
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckedAgain, CheckResult, CheckState, Group, RunProgress
from preflight.verdicts.catalogue import CATALOGUE
from preflight.verdicts.remedies import WORDS
from tests.fakes.preflight_desk import FakePreflightDesk, device, progress
from tests.fakes.support_desk import FakeSupportDesk, no_answer, no_path
from tests.fakes.wire_samples import mechanic_session, sample_session
from tests.gallery.preflight_results import all_passed, checks, with_figures
from tests.gallery.scenes import covered_lens, person, person_in_the_dark

BOTH = (ThemeMode.LIGHT, ThemeMode.DARK)

Change = Callable[[PreflightPageState], PreflightPageState]


def _drop(coro: Coroutine[Any, Any, None], /, *, name: str) -> Any:
    coro.close()
    return _NoTask()


class _NoTask:
    """Stands for the task of a page that is only drawn."""

    def add_done_callback(self, _done: object) -> None: ...
    def cancel(self) -> None: ...


DEVICES = DeviceChoices(
    camera=DeviceChoice(
        (device("Integrated Camera"), device("USB Microscope")), DeviceId("integrated camera")
    ),
    microphone=DeviceChoice((device("USB Microphone"),), DeviceId("usb microphone")),
    speaker=DeviceChoice((device("Built-in Speakers"),), DeviceId("built-in speakers")),
    camera_mode=CameraMode(1280, 720, 30.0),
)


def make_view(
    run: RunProgress,
    change: Change = lambda state: state,
    *,
    level: float | None = -24.0,
    devices: DeviceChoices = DEVICES,
    picture: bool = True,
    scene: Callable[[], VideoPicture] = person,
    mechanic: bool = False,
    session: bool = True,
    settings: bool = False,
    panel: SupportPanelState | None = None,
) -> PreflightView:
    """Return the page on a fake preflight that stands at ``run``."""
    desk = FakePreflightDesk()
    desk.plug(devices)
    desk.level = level
    desk.has_settings = settings
    preview = PictureMailbox()
    own = mechanic_session() if mechanic else sample_session()
    page = PreflightPage(
        session=own if session else None,
        desk=desk,
        preview=preview,
        spawn=_drop,
        on_join=lambda _: None,
        on_leave=lambda: None,
        support=still_panel(),
    )
    page.start()
    desk.say(run)
    if page.support is not None and panel is not None:
        page.support.state.set(panel)
    page.state.set(change(page.state.value))
    if picture:
        preview.put(scene())
    view = PreflightView(page)
    view.meter.show_level(page.read_level())
    return view


def still_panel() -> SupportPanel:
    """A panel that packs and asks nothing; its state is set."""
    return SupportPanel(
        FakeSupportDesk(), ask_path=no_path, ask_parcel=no_answer, copy=str, spawn=_drop
    )


def _nothing() -> None:
    """A command that does nothing; the gallery presses none."""


def _ready(state: PreflightPageState) -> PreflightPageState:
    return replace(state, hint=JoinHint.READY, join=_nothing, short_code="7K3M-Q2XZ")


def running() -> QWidget:
    some = tuple(
        replace(each, state=CheckState.RUNNING) if each.group is not Group.CAMERA else each
        for each in checks()
    )
    return make_view(
        progress(*some, microphone=CheckState.RUNNING, network=CheckState.RUNNING, fraction=0.45),
        lambda state: replace(state, counterpart_readiness=ReadinessState.CHECKING),
        level=-52.0,
    )


def passed() -> QWidget:
    return make_view(
        all_passed(),
        lambda state: replace(
            _ready(state),
            questions=Questions(SpeakerTest.HEARD, play_beeps=_nothing, hear_yourself=_nothing),
        ),
    )


def ready() -> QWidget:
    """A whole run with nothing to tell, as a mechanic meets it on a good day."""
    return make_view(
        all_passed(),
        lambda state: replace(
            _ready(state),
            counterpart_readiness=ReadinessState.READY,
            questions=Questions(SpeakerTest.HEARD, play_beeps=_nothing, hear_yourself=_nothing),
        ),
        mechanic=True,
    )


def passed_unfolded() -> QWidget:
    results = with_figures(checks(camera__fps_low=CheckState.WARNED), "camera.fps_low", fps=18.0)
    return make_view(
        progress(*results, camera=CheckState.WARNED),
        lambda state: replace(
            _ready(state),
            unfolded=True,
            questions=Questions(
                SpeakerTest.ASKING,
                play_beeps=_nothing,
                answer_beeps=lambda _: None,
                hear_yourself=_nothing,
            ),
        ),
        mechanic=True,
    )


def camera_busy() -> QWidget:
    results = with_figures(
        checks(camera__busy=CheckState.FAILED), "camera.busy", busy=True, holder="Zoom"
    )
    return make_view(progress(*results, camera=CheckState.FAILED, fraction=1.0), picture=False)


def camera_denied() -> QWidget:
    return make_view(
        progress(*checks(camera__permission=CheckState.FAILED), camera=CheckState.FAILED),
        picture=False,
        settings=True,
    )


def no_camera() -> QWidget:
    return make_view(
        progress(*checks(camera__none=CheckState.FAILED), camera=CheckState.FAILED),
        devices=replace(DEVICES, camera=DeviceChoice(), camera_mode=None),
        picture=False,
    )


def microphone_silent() -> QWidget:
    return make_view(
        progress(*checks(mic__silent=CheckState.FAILED), microphone=CheckState.FAILED),
        level=-92.0,
    )


def network_slow() -> QWidget:
    results = with_figures(
        checks(net__rtt_high=CheckState.FAILED), "net.rtt_high", rtt_median_ms=412.0
    )
    return make_view(progress(*results, network=CheckState.FAILED))


def login_wanted() -> QWidget:
    portal = CheckResult(
        "net.captive_portal", "N09", Group.NETWORK, CheckState.FAILED, gating=False
    )
    results = (*checks(net__health=CheckState.FAILED), portal)
    return make_view(progress(*results, network=CheckState.FAILED), settings=True)


def everything_wrong() -> QWidget:
    results = checks(
        camera__black=CheckState.FAILED,
        mic__busy=CheckState.FAILED,
        net__room=CheckState.FAILED,
    )
    return make_view(
        progress(
            *results,
            camera=CheckState.FAILED,
            microphone=CheckState.FAILED,
            network=CheckState.FAILED,
        ),
        level=None,
        scene=covered_lens,
    )


def report_unreachable() -> QWidget:
    return make_view(
        progress(*checks()),
        lambda state: replace(
            state,
            hint=JoinHint.REPORT_REFUSED,
            trouble=Trouble(UnreachableReason.NO_CONNECTION),
            resend=_nothing,
        ),
    )


def checked_again() -> QWidget:
    some = tuple(
        replace(each, state=CheckState.RUNNING) if each.group is Group.NETWORK else each
        for each in checks()
    )
    return make_view(
        progress(*some, network=CheckState.RUNNING, fraction=0.75),
        lambda state: replace(state, again=CheckedAgain.NETWORK_CHANGED),
    )


def refused() -> QWidget:
    """The service wants a fresh report, so the network's checks run anew."""
    some = tuple(
        replace(each, state=CheckState.RUNNING) if each.group is Group.NETWORK else each
        for each in checks()
    )
    return make_view(
        progress(*some, network=CheckState.RUNNING, fraction=0.75),
        lambda state: replace(state, again=JoinRefused.REPORT),
    )


def synthetic() -> QWidget:
    clip = DeviceInfo(DeviceId("file:car.mp4"), "car.mp4", DeviceKind.FILE)
    tone = DeviceInfo(DeviceId("tone:660"), "Demo tone 660 Hz", DeviceKind.TONE)
    return make_view(
        progress(*checks()),
        _ready,
        devices=replace(
            DEVICES,
            camera=DeviceChoice((clip,), clip.id),
            microphone=DeviceChoice((tone,), tone.id),
        ),
    )


def _advised() -> RunProgress:
    """The gate passes, and some things could be better."""
    told = {
        "camera.low_light": CheckState.FAILED,
        "net.jitter_high": CheckState.WARNED,
        "media.uplink_low": CheckState.WARNED,
        "camera.blurred": CheckState.UNKNOWN,
    }
    advice = tuple(
        CheckResult(
            row.code, row.no, row.group, told.get(row.code, CheckState.PASSED), gating=False
        )
        for row in CATALOGUE
        if row.group is not Group.HOST and not row.gating and row.code in WORDS
    )
    return progress(*checks(), *advice)


def advised() -> QWidget:
    return make_view(_advised(), _ready, scene=person_in_the_dark)


def advised_unfolded() -> QWidget:
    return make_view(
        _advised(), lambda state: replace(_ready(state), unfolded=True), scene=person_in_the_dark
    )


_IN_THE_SYSTEM = (
    "mic.clipping",
    "speaker.headset_mode",
    "media.mic_roundtrip",
    "host.power_saver",
    "host.clock_skew",
    "host.disk",
)


def _put_right_in_the_system(*, unfolded: bool) -> QWidget:
    advice = tuple(
        CheckResult(row.code, row.no, row.group, CheckState.WARNED, gating=False)
        for row in CATALOGUE
        if row.code in _IN_THE_SYSTEM
    )
    headset = device("WH-1000XM4")
    two = DeviceChoice((headset, device("Built-in Microphone")), headset.id)
    return make_view(
        progress(*checks(), *advice),
        lambda state: replace(_ready(state), unfolded=unfolded),
        devices=replace(DEVICES, microphone=two, speaker=DeviceChoice((headset,), headset.id)),
        settings=True,
        # Distorted: as loud as it gets.
        level=-2.0,
    )


def settings() -> QWidget:
    """What the system's own pages put right, and another microphone."""
    return _put_right_in_the_system(unfolded=False)


def settings_unfolded() -> QWidget:
    return _put_right_in_the_system(unfolded=True)


def running_advice() -> QWidget:
    """The gate has passed; the loudspeaker and the trial call are still being looked at."""
    run = _advised()
    later = tuple(
        replace(check, state=CheckState.RUNNING)
        if check.group in (Group.MEDIA, Group.SPEAKER) and not check.gating
        else check
        for check in run.checks
    )
    share = sum(check.state.final for check in later) / len(later)
    still = replace(run, checks=later, fraction=share, finished=False)
    return make_view(still, _ready, scene=person_in_the_dark)


def no_hurry() -> QWidget:
    """As before, and the other side is not ready yet."""
    view = running_advice()
    assert isinstance(view, PreflightView)
    page = vars(view)["_page"]
    page.state.set(replace(page.state.value, counterpart_readiness=ReadinessState.CHECKING))
    return view


def echo() -> QWidget:
    told = {"speaker.loop": CheckState.WARNED, "speaker.not_heard": CheckState.UNKNOWN}
    advice = tuple(
        CheckResult(
            row.code, row.no, row.group, told.get(row.code, CheckState.PASSED), gating=False
        )
        for row in CATALOGUE
        if row.group is Group.SPEAKER
    )
    return make_view(
        progress(*checks(), *advice), lambda state: replace(_ready(state), unfolded=True)
    )


def recording() -> QWidget:
    return make_view(
        progress(*checks()),
        lambda state: replace(
            _ready(state), questions=Questions(replay=ReplayTest.RECORDING, replay_left_s=3)
        ),
    )


def heard_yourself() -> QWidget:
    return make_view(
        progress(*checks()),
        lambda state: replace(
            _ready(state),
            questions=Questions(
                replay=ReplayTest.ASKING,
                play_beeps=_nothing,
                hear_yourself=_nothing,
                answer_replay=lambda _: None,
            ),
        ),
    )


def upright() -> QWidget:
    return make_view(
        progress(*checks()),
        lambda state: replace(
            _ready(state),
            questions=Questions(
                play_beeps=_nothing,
                hear_yourself=_nothing,
                upright=UprightQuestion(_nothing, _nothing, _nothing),
            ),
        ),
    )


def sound_only() -> QWidget:
    slow = CheckResult(
        "media.uplink_low",
        "P01",
        Group.MEDIA,
        CheckState.FAILED,
        measured={"uplink_kbps": 420.0},
        gating=False,
    )
    return make_view(progress(*checks(), slow), _ready)
