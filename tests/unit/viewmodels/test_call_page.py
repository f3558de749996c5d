"""The call page shows the call, the service's clock and whose side a trouble is on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from client_api.records import QualitySample
from client_api.server_clock import epoch_ns
from client_api.wire import Role
from desktop.call.effects import AnnounceBothJoined, AnnounceTimeLeft
from desktop.call.events import (
    CameraWished,
    EndRequested,
    LeaveRequested,
    MicrophoneWished,
    OwnFault,
    UndoEndRequested,
)
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
    LeavingFor,
    MediaHealth,
    OwnMedia,
    Peer,
    Rejoining,
    RejoinStage,
)
from desktop.viewmodels.call_page import BOTH_JOINED_S, CallPage
from desktop.viewmodels.call_state import (
    BothJoined,
    CallPageState,
    CallPhase,
    ClockTone,
    EndRefused,
    EndWaits,
    LinkQuality,
    OwnNetworkWeak,
    OwnReconnecting,
    PanelTab,
    PeerLost,
    PeerStalled,
    RemotePicture,
    TimeLeft,
)
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_state import DeviceChoices, DeviceRole
from preflight.devices.frames import DeviceId
from tests.fakes.call_page import PRESENT, CallStage, make_talk
from tests.fakes.wire_samples import sample_clock, sample_session


def sample(
    *, rtt: float | None = 20.0, loss: float | None = 0.0, fps: float | None = 30.0
) -> QualitySample:
    return QualitySample(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        rtt_ms=rtt,
        loss_up_percent=loss,
        loss_down_percent=None,
        jitter_ms=None,
        up_kbps=None,
        down_kbps=None,
        fps_sent=None,
        fps_received=fps,
        width=None,
        height=None,
        freezes=0,
    )


class Stage(CallStage):
    """A call page on fakes, with no notes ever saved."""

    def show(self, call: CallState) -> CallPageState:
        self.page.on_call_state(call)
        return self.now()


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.parametrize(
    ("call", "phase", "remote"),
    [
        (Idle(), CallPhase.CONNECTING, RemotePicture.CONNECTING),
        (FetchingToken(make_talk(Peer())), CallPhase.CONNECTING, RemotePicture.CONNECTING),
        (Joining(make_talk(Peer())), CallPhase.CONNECTING, RemotePicture.CONNECTING),
        (InCall(make_talk(Peer())), CallPhase.AWAITING, RemotePicture.AWAITED),
        (InCall(make_talk()), CallPhase.LIVE, RemotePicture.LIVE),
        (
            InCall(make_talk(replace(PRESENT, camera_on=False))),
            CallPhase.LIVE,
            RemotePicture.CAMERA_OFF,
        ),
        (
            InCall(make_talk(replace(PRESENT, in_room=False))),
            CallPhase.LIVE,
            RemotePicture.STALLED,
        ),
        (
            InCall(make_talk(replace(PRESENT, is_absent=True))),
            CallPhase.LIVE,
            RemotePicture.STALLED,
        ),
        (
            Rejoining(make_talk(), RejoinStage.REPAIRING),
            CallPhase.REJOINING,
            RemotePicture.STALLED,
        ),
        (
            Leaving(make_talk(), LeavingFor.END_ANSWER, EndReason.SESSION_ENDED),
            CallPhase.LEAVING,
            RemotePicture.LIVE,
        ),
        (Ended(EndReason.SESSION_ENDED, make_talk()), CallPhase.ENDED, RemotePicture.LIVE),
        (Ended(EndReason.ROOM_UNREACHABLE), CallPhase.ENDED, RemotePicture.CONNECTING),
    ],
)
def test_each_state_of_the_call_has_its_phase_and_picture(
    stage: Stage, call: CallState, phase: CallPhase, remote: RemotePicture
) -> None:
    state = stage.show(call)

    assert (state.phase, state.remote) == (phase, remote)


def test_controls_follow_only_while_there_is_a_call(stage: Stage) -> None:
    connecting = stage.show(Joining(make_talk(Peer())))
    assert (connecting.end, connecting.microphone.toggle, connecting.camera.toggle) == (
        None,
        None,
        None,
    )
    assert connecting.leave is not None
    connecting.leave()

    live = stage.show(InCall(make_talk()))
    assert live.leave is None
    assert live.microphone.toggle is not None
    assert live.camera.toggle is not None
    assert live.end is not None
    live.microphone.toggle()
    live.camera.toggle()
    live.end()

    assert stage.sent == [
        LeaveRequested(),
        MicrophoneWished(False),
        CameraWished(False),
        EndRequested(),
    ]


def test_the_wish_and_what_is_really_sent_are_both_shown(stage: Stage) -> None:
    wishes = MediaWishes(microphone_on=False, camera_on=True)
    own = OwnMedia(microphone_on=True, camera_on=False, camera_fault=OwnFault.NOT_SENT)

    state = stage.show(InCall(make_talk(wishes=wishes, own=own)))

    assert (state.microphone.wished_on, state.microphone.is_on) == (False, True)
    assert (state.camera.wished_on, state.camera.failed) == (True, True)
    assert state.microphone.toggle is not None
    state.microphone.toggle()
    assert stage.sent == [MicrophoneWished(True)]


@pytest.mark.parametrize("progress", [EndProgress.SENDING, EndProgress.QUEUED])
def test_an_end_on_its_way_cannot_be_pressed_again(stage: Stage, progress: EndProgress) -> None:
    assert stage.show(InCall(make_talk(end=progress))).end is None


def test_the_clock_is_the_service_s_and_rounds_up(stage: Stage) -> None:
    assert stage.now().clock is None
    stage.run_clock(1458.4)

    face = stage.pass_time(0).clock
    assert face is not None
    assert (face.remaining_seconds, face.running, face.tone) == (1459, True, ClockTone.CALM)
    later = stage.pass_time(1.0).clock
    assert later is not None
    assert later.remaining_seconds == 1458


@pytest.mark.parametrize(
    ("remaining", "tone"),
    [(301, ClockTone.CALM), (300, ClockTone.SOON), (61, ClockTone.SOON), (60, ClockTone.LAST)],
)
def test_the_clock_s_tone_follows_the_warnings_of_the_service(
    stage: Stage, remaining: int, tone: ClockTone
) -> None:
    stage.run_clock(remaining)

    face = stage.pass_time(0).clock

    assert face is not None
    assert face.tone is tone


def test_a_clock_that_did_not_start_stands_and_is_calm(stage: Stage) -> None:
    stage.paid.apply(sample_clock("clock_not_started", remaining_seconds=30.0))

    face = stage.pass_time(5).clock

    assert face is not None
    assert (face.remaining_seconds, face.started, face.tone) == (30, False, ClockTone.CALM)


def test_both_joined_is_said_for_a_few_seconds(stage: Stage) -> None:
    stage.page.on_announcement(AnnounceBothJoined())
    assert stage.now().notice == BothJoined()

    assert stage.pass_time(BOTH_JOINED_S - 0.1).notice == BothJoined()
    assert stage.pass_time(0.2).notice is None


def test_a_warning_replaces_what_was_said_before(stage: Stage) -> None:
    stage.page.on_announcement(AnnounceBothJoined())

    stage.page.on_announcement(AnnounceTimeLeft(300, remaining_seconds=299.8))

    assert stage.now().notice == TimeLeft(300)


def test_a_warning_after_a_rejoin_says_what_is_really_left(stage: Stage) -> None:
    stage.page.on_announcement(AnnounceTimeLeft(300, remaining_seconds=140.2))

    assert stage.now().notice == TimeLeft(141)


def test_a_lost_peer_counts_down_to_the_service_s_moment(stage: Stage) -> None:
    stage.run_clock(1000)
    pauses_at = stage.clock.now() + timedelta(seconds=6.2)
    gone = replace(PRESENT, in_room=False, pauses_at=pauses_at, absence_left_seconds=599.5)

    state = stage.show(InCall(make_talk(gone)))

    assert state.band == PeerLost(clock_stops_in_s=7, absence_left_s=600)
    assert stage.pass_time(6).band == PeerLost(clock_stops_in_s=1, absence_left_s=600)
    assert stage.pass_time(60).band == PeerLost(clock_stops_in_s=0, absence_left_s=600)


def test_before_the_service_says_the_moment_ten_seconds_are_an_estimate(stage: Stage) -> None:
    stage.run_clock(1000)

    state = stage.show(InCall(make_talk(replace(PRESENT, in_room=False))))

    assert state.band == PeerLost(clock_stops_in_s=10, absence_left_s=None)
    assert stage.pass_time(4).band == PeerLost(clock_stops_in_s=6, absence_left_s=None)


def test_a_clock_that_stands_is_not_counted_down(stage: Stage) -> None:
    stage.paid.apply(sample_clock("clock_paused"))

    state = stage.show(InCall(make_talk(replace(PRESENT, is_absent=True))))

    assert state.band == PeerLost(clock_stops_in_s=None, absence_left_s=None)


def test_the_last_picture_has_the_time_it_came(stage: Stage) -> None:
    came = stage.clock.now() - timedelta(seconds=5)
    stalled = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=5000)

    state = stage.show(InCall(make_talk(stalled)))

    assert state.stalled_at == came
    assert state.band == PeerStalled(5)
    stage.clock.move(3)
    assert stage.show(InCall(make_talk(replace(stalled, media_age_ms=8000)))).stalled_at == came
    assert stage.show(InCall(make_talk())).stalled_at is None


def test_our_own_break_is_not_blamed_on_the_other_side(stage: Stage) -> None:
    gone = replace(PRESENT, in_room=False)

    state = stage.show(Rejoining(make_talk(gone), RejoinStage.WAITING, tries=2))

    assert state.band == OwnReconnecting(2)
    assert state.stalled_at is not None


def test_a_weak_network_of_ours_is_said_as_ours(stage: Stage) -> None:
    stalled = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=5000)

    assert stage.show(InCall(make_talk(stalled, own_network_ok=False))).band == OwnNetworkWeak()
    assert stage.show(InCall(make_talk(own_network_ok=False))).band == OwnNetworkWeak()
    assert stage.show(InCall(make_talk())).band is None


def test_an_end_that_waits_can_be_undone(stage: Stage) -> None:
    band = stage.show(Rejoining(make_talk(end=EndProgress.QUEUED), RejoinStage.WAITING)).band

    assert isinstance(band, EndWaits)
    band.undo()
    assert stage.sent == [UndoEndRequested()]


def test_a_refused_end_is_said_and_can_be_pressed_again(stage: Stage) -> None:
    state = stage.show(InCall(make_talk(end=EndProgress.FAILED)))

    assert state.band == EndRefused()
    assert state.end is not None


@pytest.mark.parametrize(
    ("measured", "quality"),
    [
        (sample(), LinkQuality.GOOD),
        (sample(rtt=250), LinkQuality.FAIR),
        (sample(rtt=500), LinkQuality.POOR),
        (sample(loss=3), LinkQuality.FAIR),
        (sample(loss=9), LinkQuality.POOR),
        (sample(fps=15), LinkQuality.FAIR),
        (sample(fps=5), LinkQuality.POOR),
        (sample(rtt=None, loss=None), LinkQuality.GOOD),
        (sample(rtt=None, loss=None, fps=None), None),
        (None, None),
    ],
)
def test_the_worst_figure_names_the_quality_and_no_figure_names_none(
    stage: Stage, measured: QualitySample | None, quality: LinkQuality | None
) -> None:
    assert stage.show(InCall(make_talk(quality=measured))).quality is quality


def test_a_stalled_peer_is_poor_whatever_was_measured_and_a_camera_off_is_not(
    stage: Stage,
) -> None:
    unstable = replace(PRESENT, health=MediaHealth.UNSTABLE)
    assert stage.show(InCall(make_talk(unstable, quality=sample()))).quality is LinkQuality.POOR
    dark = replace(PRESENT, camera_on=False)
    assert stage.show(InCall(make_talk(dark, quality=sample(fps=0)))).quality is LinkQuality.GOOD


def test_quality_is_shown_only_while_both_are_there(stage: Stage) -> None:
    assert stage.show(InCall(make_talk(Peer(), quality=sample()))).quality is None


def test_a_mechanic_begins_with_the_notes_and_a_customer_with_the_picture() -> None:
    mechanic, customer = Stage(Role.MECHANIC), Stage(Role.CUSTOMER)

    assert mechanic.now().panel is PanelTab.NOTES
    assert mechanic.now().tabs == (PanelTab.NOTES, PanelTab.CHAT, PanelTab.VEHICLE)
    assert customer.now().panel is None
    assert PanelTab.NOTES not in customer.now().tabs
    customer.page.open_panel(PanelTab.NOTES)
    assert customer.now().panel is None
    assert customer.now().counterpart_role is Role.MECHANIC
    assert mechanic.now().first_name == "Sam"


def test_reading_the_chat_clears_what_was_unread(stage: Stage) -> None:
    stage.say("hello")
    assert stage.now().unread == 1

    stage.page.toggle_panel(PanelTab.CHAT)
    assert (stage.now().unread, stage.now().panel) == (0, PanelTab.CHAT)
    stage.page.toggle_panel(PanelTab.CHAT)

    assert stage.now().panel is None


def test_a_full_picture_hides_the_panel_and_gives_it_back(stage: Stage) -> None:
    stage.page.toggle_picture_full()
    assert (stage.now().picture_full, stage.now().panel) == (True, None)

    stage.page.toggle_picture_full()
    assert (stage.now().picture_full, stage.now().panel) == (False, PanelTab.NOTES)
    stage.page.toggle_picture_full()
    stage.page.open_panel(PanelTab.CHAT)

    assert (stage.now().picture_full, stage.now().panel) == (False, PanelTab.CHAT)


def test_another_microphone_is_taken_without_leaving(stage: Stage) -> None:
    stage.page.choose_device(DeviceRole.MICROPHONE, DeviceId("headset"))

    assert stage.devices.chosen == [(DeviceRole.MICROPHONE, DeviceId("headset"))]
    assert stage.now().devices.microphone.chosen == DeviceId("headset")
    stage.devices.devices = DeviceChoices()
    stage.page.on_devices_changed()
    assert stage.now().devices == DeviceChoices()


def test_the_end_closes_the_chat_and_names_its_reason(stage: Stage) -> None:
    state = stage.show(Ended(EndReason.SESSION_ENDED, make_talk()))

    assert state.ended is EndReason.SESSION_ENDED
    assert stage.chat.state.value.send is None


def test_a_session_without_a_counterpart_has_no_name_to_show() -> None:
    stage = Stage()
    page = CallPage(
        session=sample_session(counterpart=None),
        send=stage.sent.append,
        paid_clock=stage.paid,
        clock=stage.clock,
        devices=stage.devices,
        remote=PictureMailbox(),
        screen=PictureMailbox(),
        own=PictureMailbox(),
        chat=stage.chat,
    )

    assert page.state.value.counterpart_name == ""


def test_a_closed_page_hears_the_chat_no_more(stage: Stage) -> None:
    stage.page.close()

    stage.say("hello")

    assert stage.now().unread == 0


def test_a_local_clock_that_is_changed_moves_nothing(stage: Stage) -> None:
    stage.run_clock(600)
    stage.pass_time(0)
    before = stage.now().clock

    stage.clock.set_wall_clock(datetime(2030, 1, 1, tzinfo=UTC))

    assert stage.pass_time(0).clock == before
    assert epoch_ns(stage.clock.now()) > 0


def test_a_side_that_went_silent_shows_when_the_clock_would_stop(stage: Stage) -> None:
    """A killed client is only booked absent after 20 s; until then the page estimates."""
    stage.run_clock(1500)
    silent = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=6200)

    first = stage.show(InCall(make_talk(silent))).band
    later = stage.show(InCall(make_talk(replace(silent, media_age_ms=10_500)))).band

    assert first == PeerStalled(6, clock_stops_in_s=4)
    assert later == PeerStalled(10, clock_stops_in_s=None)
