"""The actor when something around it goes wrong, and what it passes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from client_api.errors import ErrorCode
from client_api.stream_events import MessageArrived, SessionEvent
from client_api.tasks import spawn
from client_api.wire import (
    ReadinessState,
    Role,
    SessionEndReason,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.actor import QUEUE_LENGTH
from desktop.call.samples import A_BATCH
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    InCall,
)
from tests.conftest import ExpectedLogs
from tests.fakes.call_stage import BrokenRoom, Stage, StickyRoom, StubbornRoom
from tests.fakes.calls import MECHANIC, quality_sample, setup
from tests.fakes.clock import settle
from tests.fakes.service import refusal, unreachable


async def test_chat_and_notes_pass_through_to_whoever_listens(stage: Stage) -> None:
    heard: list[SessionEvent] = []
    forget = stage.actor.on_session_event(heard.append)
    await stage.join()

    await stage.outbox.message(stage.session, "Can you hear the squeal?")
    await settle()
    forget()
    await stage.outbox.message(stage.session, "And now?")
    await settle()

    texts = [event.message.text for event in heard if isinstance(event, MessageArrived)]
    assert texts == ["Can you hear the squeal?"]


async def test_quality_is_gathered_and_a_batch_sent_with_the_poll(stage: Stage) -> None:
    await stage.join()
    polled = stage.service.calls.count("clock")
    _measure(stage, A_BATCH - 1)
    await stage.clock.advance(5.5)
    early = len(stage.service.samples)
    _measure(stage, 1)

    await stage.clock.advance(5.0)

    assert early == 0
    assert len(stage.service.samples) == A_BATCH
    assert stage.service.calls.count("clock") == polled + 2


async def test_the_last_samples_of_a_call_are_kept_when_it_is_left(stage: Stage) -> None:
    await stage.join()
    _measure(stage, 4)
    await stage.clock.advance(5.5)

    stage.actor.post(ev.LeaveRequested())
    await settle()

    assert len(stage.service.samples) == 4


def _measure(stage: Stage, number: int) -> None:
    for _ in range(number):
        stage.room.emit(ev.QualityMeasured(setup().attempt(1), quality_sample()))


async def test_the_services_time_is_known_before_the_room_is_open(stage: Stage) -> None:
    """The paid clock may begin to run in the same instant, and both sides show it."""
    stage.service.hold("session_token")

    await stage.join()

    assert stage.actor.server_clock.offset is not None
    stage.expect(FetchingToken)


async def test_a_service_that_does_not_tell_its_time_keeps_nobody_out(stage: Stage) -> None:
    stage.service.fail_next("clock", refusal(ErrorCode.SERVER_UNAVAILABLE, 503))

    await stage.join()

    assert stage.expect(InCall).talk.service_ok


async def test_a_stream_that_is_refused_does_not_end_the_call(stage: Stage) -> None:
    await stage.join()

    stage.service.cut_streams(refusal(ErrorCode.SESSION_NOT_PARTICIPANT, 403))
    await settle()

    stage.expect(InCall)
    assert not stage.expect(InCall).talk.service_ok


async def test_a_refused_stream_is_read_again_once_the_service_answers_again(stage: Stage) -> None:
    """A sign-in renewed a moment too late must not cost the rest of the call its events."""
    heard: list[SessionEvent] = []
    stage.actor.on_session_event(heard.append)
    await stage.run()
    stage.service.cut_streams(refusal(ErrorCode.AUTH_EXPIRED, 401))
    await settle()
    assert stage.service.open_streams == 0

    await stage.clock.advance(5.5)
    await stage.outbox.message(stage.session, "And now?")
    await settle()

    assert stage.service.open_streams == 1
    assert [event.message.text for event in heard if isinstance(event, MessageArrived)] == [
        "And now?"
    ]
    ticks = [state for state in stage.states if isinstance(state, InCall)]
    assert ticks[-1].talk.service_ok


async def test_a_new_call_of_the_same_session_hears_it_while_the_old_one_ends(
    stage: Stage,
) -> None:
    await stage.run()
    again = [ev.JoinRequested(setup())]

    def join_again(state: CallState) -> None:
        if isinstance(state, Ended) and again:
            stage.actor.post(again.pop())

    stage.actor.subscribe(join_again)
    stage.actor.post(ev.LeaveRequested())
    await stage.clock.advance(0.5)

    stage.expect(InCall)
    assert stage.service.open_streams == 1


async def test_readiness_that_cannot_be_told_is_no_fault(stage: Stage) -> None:
    stage.service.fail_next("put_readiness", unreachable())

    await stage.join()

    stage.expect(InCall)


async def test_tracks_and_devices_reach_the_room(stage: Stage) -> None:
    await stage.join()
    other = LocalMedia(None, None, None)

    stage.actor.post(ev.MicrophoneWished(False))
    stage.actor.post(ev.CameraWished(False))
    stage.actor.post(ev.ScreenShareWished(True))
    stage.actor.post(ev.MediaSwitched(other))
    await settle()

    assert stage.room.sending == {
        ev.TrackKind.CAMERA: False,
        ev.TrackKind.MICROPHONE: False,
        ev.TrackKind.SCREEN: True,
    }
    assert stage.room.media is other


async def test_a_service_that_is_away_ends_the_first_try_in_words(stage: Stage) -> None:
    stage.service.is_down = True

    await stage.join()

    stage.expect(Ended)
    assert stage.expect(Ended).reason is EndReason.SERVICE_UNREACHABLE


async def test_a_bug_in_an_effect_ends_the_call_and_is_logged(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("the effect")
    stage = Stage(room=BrokenRoom())
    stage.actor.start()

    await stage.join()
    await stage.clock.advance(0.1)

    assert stage.expect(Ended).reason is EndReason.FAULT
    await stage.actor.close()


async def test_events_that_chase_each_other_are_cut(expected_logs: ExpectedLogs) -> None:
    """Muting would go on for ever, as fast as the machine can."""
    expected_logs.allow("chase each other")
    stage = Stage(room=StubbornRoom())
    stage.actor.start()
    await stage.join(MediaWishes(microphone_on=False))

    stage.room.emit(ev.OwnMediaChanged(setup().attempt(1), ev.TrackKind.MICROPHONE, True))
    for _ in range(20):
        await settle()

    assert stage.expect(Ended).reason is EndReason.FAULT
    await stage.actor.close()


async def test_a_flood_drops_what_the_next_one_replaces_and_keeps_the_wishes() -> None:
    stage = Stage()
    for _ in range(QUEUE_LENGTH * 2):
        stage.actor.post(ev.ClockTicked(1.0))
    stage.actor.post(ev.JoinRequested(setup()))

    stage.actor.start()
    await settle()

    # Twice as many ticks as the queue holds: without dropping, the wish would be lost or warn.
    assert stage.expect(InCall).talk.setup == setup()
    await stage.actor.close()


async def test_a_queue_that_is_full_of_wishes_says_what_it_drops(
    expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.allow("queue is full")
    stage = Stage()

    for _ in range(QUEUE_LENGTH + 1):
        stage.actor.post(ev.LeaveRequested())

    assert [record.getMessage() for record in caplog.records] == [
        "the call's queue is full; dropped LeaveRequested"
    ]
    await stage.actor.close()


async def test_an_end_of_another_session_concerns_nobody_here(stage: Stage) -> None:
    await stage.run()
    other = setup().session[:-1] + "9"

    await stage.outbox.end(
        type(setup().session)(other),
        SessionEndReason.ENDED_BY_CUSTOMER,
        pressed_at=stage.clock.now(),
        attempt=None,
    )
    await stage.clock.advance(0.1)

    stage.expect(InCall)
    assert stage.expect(InCall).talk.end is EndProgress.NONE


async def test_closing_leaves_the_room_and_every_task() -> None:
    stage = Stage()
    stage.outbox.start()
    stage.actor.start()
    await stage.run()

    await stage.actor.close()
    await stage.outbox.close()

    assert stage.room.joined is None
    assert stage.service.open_streams == 0


async def test_a_mechanic_meets_the_customer_the_same_way() -> None:
    stage = Stage()
    stage.service.role = Role.MECHANIC
    stage.actor.start()
    stage.room.peers.append("customer-1")

    stage.actor.post(ev.JoinRequested(setup(Role.MECHANIC)))
    await stage.clock.advance(0.1)

    assert stage.told == [fx.AnnounceBothJoined()]
    await stage.actor.close()


async def test_a_wait_for_the_way_in_can_be_cancelled(stage: Stage) -> None:
    stage.service.hold("session_token")
    await stage.join()
    stage.expect(FetchingToken)

    stage.actor.post(ev.LeaveRequested())
    await settle()
    stage.service.release("session_token")
    await settle()

    stage.expect(Ended)
    assert "join" not in stage.room.calls


async def test_a_room_that_does_not_let_go_holds_nobody_up_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop.call.actor.JOIN_GRACE_S", 0.01)
    stage = Stage(room=StickyRoom())
    stage.actor.start()
    await stage.join()

    await stage.actor.close()

    assert isinstance(stage.state, InCall)


async def test_a_join_still_running_at_the_end_is_waited_for_and_not_cancelled() -> None:
    stage = Stage()
    stage.room.is_held = True
    stage.actor.start()
    await stage.join()

    closing = spawn(stage.actor.close(), name="close")
    await settle()
    stage.room.release()
    await closing

    assert stage.room.joined is None


async def test_a_changed_wall_clock_moves_neither_the_count_nor_the_warnings(stage: Stage) -> None:
    await stage.run()
    before = stage.actor.server_clock.remaining_seconds()

    stage.clock.set_wall_clock(stage.clock.now() + timedelta(hours=3))
    await stage.clock.advance(0.5)

    after = stage.actor.server_clock.remaining_seconds()
    assert before is not None
    assert after == pytest.approx(before - 0.5, abs=0.1)
    assert stage.told == [fx.AnnounceBothJoined()]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ev.DisconnectReason.PARTICIPANT_REMOVED, ReadinessState.ABSENT),
        (ev.DisconnectReason.ROOM_CLOSED, ReadinessState.ABSENT),
        (ev.DisconnectReason.DUPLICATE_IDENTITY, ReadinessState.IN_CALL),
    ],
)
async def test_who_was_put_out_of_the_room_is_shown_as_gone_unless_another_device_is_in(
    stage: Stage, reason: ev.DisconnectReason, told: ReadinessState
) -> None:
    await stage.run()

    stage.room.drop(reason)
    await stage.clock.advance(0.1)

    assert stage.service.sessions_[stage.session].readiness.customer.state is told


async def test_leaving_without_an_end_tells_the_other_sides_dashboard(stage: Stage) -> None:
    await stage.run()

    stage.actor.post(ev.LeaveRequested())
    await stage.clock.advance(0.1)

    readiness = stage.service.sessions_[stage.session].readiness
    assert readiness.customer.state is ReadinessState.ABSENT
    assert stage.service.sessions_[stage.session].status is SessionStatus.LIVE


async def test_a_listener_that_fails_keeps_nothing_from_the_call(
    stage: Stage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("a listener of the call's state failed")

    def fail(state: CallState) -> None:
        if isinstance(state, InCall):
            raise ZeroDivisionError

    stage.actor.subscribe(fail)
    await stage.join()
    stage.actor.post(ev.LeaveRequested())
    await stage.clock.advance(10)

    assert isinstance(stage.state, Ended)


async def test_a_turn_that_fails_ends_the_call_in_words(
    stage: Stage, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("could not be dealt with")
    await stage.join()

    def fail(event: ev.CallEvent) -> None:
        if isinstance(event, ev.PeerJoined):
            raise ZeroDivisionError

    monkeypatch.setattr(stage.actor, "_take_note", fail)
    stage.room.peer_comes(MECHANIC)
    await stage.clock.advance(30)

    ended = stage.expect(Ended)
    assert ended.reason is EndReason.FAULT
