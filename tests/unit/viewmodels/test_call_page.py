"""The call page shows the call and the service's clock."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from client_api.server_clock import epoch_ns
from client_api.wire import Role
from desktop.call.effects import AnnounceBothJoined, AnnounceTimeLeft
from desktop.call.events import (
    CameraWished,
    EndRequested,
    LeaveRequested,
    MicrophoneWished,
    OwnFault,
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
    OwnMedia,
    Peer,
    Rejoining,
    RejoinStage,
)
from desktop.viewmodels.call_page import BOTH_JOINED_S, CallPage
from desktop.viewmodels.call_state import (
    BothJoined,
    CallPhase,
    ClockTone,
    PanelTab,
    RemotePicture,
    TimeLeft,
)
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from preflight.devices.frames import DeviceId
from tests.fakes.call_page import PRESENT, CallStage, make_talk
from tests.fakes.wire_samples import sample_clock, sample_session


@pytest.fixture
def stage() -> CallStage:
    return CallStage()


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
    stage: CallStage, call: CallState, phase: CallPhase, remote: RemotePicture
) -> None:
    state = stage.show(call)

    assert (state.phase, state.remote) == (phase, remote)


def test_controls_follow_only_while_there_is_a_call(stage: CallStage) -> None:
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


def test_the_wish_and_what_is_really_sent_are_both_shown(stage: CallStage) -> None:
    wishes = MediaWishes(microphone_on=False, camera_on=True)
    own = OwnMedia(microphone_on=True, camera_on=False, camera_fault=OwnFault.NOT_SENT)

    state = stage.show(InCall(make_talk(wishes=wishes, own=own)))

    assert (state.microphone.wished_on, state.microphone.is_on) == (False, True)
    assert (state.camera.wished_on, state.camera.failed) == (True, True)
    assert state.microphone.toggle is not None
    state.microphone.toggle()
    assert stage.sent == [MicrophoneWished(True)]


@pytest.mark.parametrize("progress", [EndProgress.SENDING, EndProgress.QUEUED])
def test_an_end_on_its_way_cannot_be_pressed_again(stage: CallStage, progress: EndProgress) -> None:
    assert stage.show(InCall(make_talk(end=progress))).end is None


def test_the_clock_is_the_service_s_and_rounds_up(stage: CallStage) -> None:
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
    stage: CallStage, remaining: int, tone: ClockTone
) -> None:
    stage.run_clock(remaining)

    face = stage.pass_time(0).clock

    assert face is not None
    assert face.tone is tone


def test_a_clock_that_did_not_start_stands_and_is_calm(stage: CallStage) -> None:
    stage.paid.apply(sample_clock("clock_not_started", remaining_seconds=30.0))

    face = stage.pass_time(5).clock

    assert face is not None
    assert (face.remaining_seconds, face.started, face.tone) == (30, False, ClockTone.CALM)


def test_both_joined_is_said_for_a_few_seconds(stage: CallStage) -> None:
    stage.page.on_announcement(AnnounceBothJoined())
    assert stage.now().notice == BothJoined()

    assert stage.pass_time(BOTH_JOINED_S - 0.1).notice == BothJoined()
    assert stage.pass_time(0.2).notice is None


def test_a_warning_replaces_what_was_said_before(stage: CallStage) -> None:
    stage.page.on_announcement(AnnounceBothJoined())

    stage.page.on_announcement(AnnounceTimeLeft(300, remaining_seconds=299.8))

    assert stage.now().notice == TimeLeft(300)


def test_a_warning_after_a_rejoin_says_what_is_really_left(stage: CallStage) -> None:
    stage.page.on_announcement(AnnounceTimeLeft(300, remaining_seconds=140.2))

    assert stage.now().notice == TimeLeft(141)


def test_a_mechanic_begins_with_the_notes_and_a_customer_with_the_picture() -> None:
    mechanic, customer = CallStage(Role.MECHANIC), CallStage(Role.CUSTOMER)

    assert mechanic.now().panel is PanelTab.NOTES
    assert mechanic.now().tabs == (PanelTab.NOTES, PanelTab.CHAT, PanelTab.VEHICLE)
    assert customer.now().panel is None
    assert PanelTab.NOTES not in customer.now().tabs
    customer.page.open_panel(PanelTab.NOTES)
    assert customer.now().panel is None
    assert customer.now().counterpart_role is Role.MECHANIC
    assert mechanic.now().first_name == "Sam"


def test_reading_the_chat_clears_what_was_unread(stage: CallStage) -> None:
    stage.say("hello")
    assert stage.now().unread == 1

    stage.page.toggle_panel(PanelTab.CHAT)
    assert (stage.now().unread, stage.now().panel) == (0, PanelTab.CHAT)
    stage.page.toggle_panel(PanelTab.CHAT)

    assert stage.now().panel is None


def test_a_full_picture_hides_the_panel_and_gives_it_back(stage: CallStage) -> None:
    stage.page.toggle_picture_full()
    assert (stage.now().picture_full, stage.now().panel) == (True, None)

    stage.page.toggle_picture_full()
    assert (stage.now().picture_full, stage.now().panel) == (False, PanelTab.NOTES)
    stage.page.toggle_picture_full()
    stage.page.open_panel(PanelTab.CHAT)

    assert (stage.now().picture_full, stage.now().panel) == (False, PanelTab.CHAT)


def test_another_microphone_is_taken_without_leaving(stage: CallStage) -> None:
    stage.page.choose_device(DeviceRole.MICROPHONE, DeviceId("headset"))

    assert stage.devices.chosen == [(DeviceRole.MICROPHONE, DeviceId("headset"))]
    assert stage.now().devices.microphone.chosen == DeviceId("headset")
    stage.devices.devices = DeviceChoices()
    stage.page.on_devices_changed()
    assert stage.now().devices == DeviceChoices()


def test_the_end_closes_the_chat_and_names_its_reason(stage: CallStage) -> None:
    state = stage.show(Ended(EndReason.SESSION_ENDED, make_talk()))

    assert state.ended is EndReason.SESSION_ENDED
    assert stage.chat.state.value.send is None


def test_a_session_without_a_counterpart_has_no_name_to_show() -> None:
    stage = CallStage()
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


def test_a_closed_page_hears_the_chat_no_more(stage: CallStage) -> None:
    stage.page.close()

    stage.say("hello")

    assert stage.now().unread == 0


def test_a_local_clock_that_is_changed_moves_nothing(stage: CallStage) -> None:
    stage.run_clock(600)
    stage.pass_time(0)
    before = stage.now().clock

    stage.clock.set_wall_clock(datetime(2030, 1, 1, tzinfo=UTC))

    assert stage.pass_time(0).clock == before
    assert epoch_ns(stage.clock.now()) > 0
