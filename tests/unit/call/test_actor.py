"""The actor with a room, a service and a clock that obey the test."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from client_api.errors import ErrorCode
from client_api.outbox import Outbox
from client_api.stream_events import MessageArrived, SessionEvent
from client_api.tasks import spawn
from client_api.wire import (
    AttemptId,
    ReadinessState,
    Role,
    RoomTicket,
    SessionEndReason,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.actor import QUEUE_LENGTH, ROOM_FOR_FACTS, CallActor
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    Idle,
    InCall,
    Leaving,
    Rejoining,
    session_of,
)
from tests.conftest import ExpectedLogs
from tests.fakes.calls import MECHANIC, quality_sample, setup
from tests.fakes.clock import FakeClock, settle
from tests.fakes.intent_queue import FakeIntentQueue
from tests.fakes.room import FakeRoom
from tests.fakes.service import FakeService, refusal, unreachable

S = TypeVar("S", bound=CallState)


class BrokenRoom(FakeRoom):
    """A room with a bug in it."""

    async def join(
        self, attempt: AttemptId, ticket: RoomTicket, media: LocalMedia, wishes: MediaWishes
    ) -> None:
        raise ZeroDivisionError


class StubbornRoom(FakeRoom):
    """A room that unmutes as often as it is muted."""

    async def set_microphone(self, attempt: AttemptId, is_on: bool) -> None:
        self.emit(ev.OwnMediaChanged(attempt, ev.TrackKind.MICROPHONE, True))


class StickyRoom(FakeRoom):
    """A room that takes for ever to leave."""

    async def leave(self, attempt: AttemptId) -> None:
        await asyncio.Event().wait()


@dataclass
class Stage:
    """An actor and everything around it."""

    clock: FakeClock = field(default_factory=FakeClock)
    room: FakeRoom = field(default_factory=FakeRoom)
    states: list[CallState] = field(default_factory=list)
    told: list[fx.Announcement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = FakeService(clock_=self.clock)
        self.session = self.service.add_session().id
        self.queue = FakeIntentQueue()
        rng = random.Random(7)
        self.outbox = Outbox(self.queue, self.service, self.clock, rng=rng)
        self.actor = CallActor(self.room, self.service, self.outbox, self.clock, rng=rng)
        self.actor.subscribe(self.states.append)
        self.actor.on_announcement(self.told.append)

    async def join(self, wishes: MediaWishes = MediaWishes()) -> None:  # noqa: B008 - frozen
        self.actor.post(ev.JoinRequested(setup(wishes=wishes)))
        await settle()

    async def run(self) -> None:
        """Come to a running session with both in the room."""
        self.room.peers.append(MECHANIC)
        await self.join()
        await self.clock.advance(0.5)

    @property
    def state(self) -> CallState:
        return self.actor.state

    def expect(self, kind: type[S]) -> S:
        """Return the state, which must be of this kind."""
        state = self.actor.state
        assert isinstance(state, kind)
        return state


@pytest.fixture
async def stage() -> AsyncGenerator[Stage, None]:
    stage = Stage()
    stage.outbox.start()
    stage.actor.start()
    await settle()
    yield stage
    await stage.actor.close()
    await stage.outbox.close()


async def test_a_call_comes_from_idle_into_the_room(stage: Stage) -> None:
    await stage.join()

    stage.expect(InCall)
    assert [type(state).__name__ for state in stage.states][:3] == [
        "Idle",
        "FetchingToken",
        "Joining",
    ]
    assert stage.room.sending[ev.TrackKind.MICROPHONE] is True
    assert session_of(stage.state) == stage.session
    assert stage.service.sessions_[stage.session].readiness.customer.state is (
        ReadinessState.IN_CALL
    )


async def test_both_in_the_room_start_the_session_once_and_are_told(stage: Stage) -> None:
    await stage.join()
    stage.room.peer_comes(MECHANIC)
    await stage.clock.advance(1)

    assert stage.service.calls.count("start_session") == 1
    assert stage.told == [fx.AnnounceBothJoined()]
    assert stage.service.sessions_[stage.session].status is SessionStatus.LIVE


async def test_a_start_that_is_too_early_is_repeated_until_the_service_sees_both(
    stage: Stage,
) -> None:
    stage.service.both_present = False
    await stage.run()
    await stage.clock.advance(2)
    stage.service.both_present = True

    await stage.clock.advance(1.5)

    assert stage.told == [fx.AnnounceBothJoined()]


async def test_the_clock_counts_down_by_the_services_time_and_warns_twice(stage: Stage) -> None:
    await stage.run()
    stage.clock.set_wall_clock(stage.clock.now())

    await stage.clock.advance(minutes=54.5)
    assert stage.told == [fx.AnnounceBothJoined()]
    await stage.clock.advance(minutes=5)

    remaining = stage.actor.server_clock.remaining_seconds()
    assert remaining == pytest.approx(30.0, abs=1.0)
    assert [type(told) for told in stage.told] == [
        fx.AnnounceBothJoined,
        fx.AnnounceTimeLeft,
        fx.AnnounceTimeLeft,
    ]


async def test_the_end_is_sent_from_inside_the_room_and_then_everything_is_closed(
    stage: Stage,
) -> None:
    await stage.run()

    stage.actor.post(ev.EndRequested())
    await stage.clock.advance(0.1)

    stage.expect(Ended)
    assert stage.expect(Ended).session_end is not None
    assert stage.service.ends[0][0] is SessionEndReason.ENDED_BY_CUSTOMER
    assert stage.service.ends[0][2] == setup().attempt(1)
    assert stage.room.joined is None
    assert stage.service.open_streams == 0
    assert stage.clock.sleeping == 0


async def test_an_end_pressed_while_the_service_is_away_is_queued_and_delivered_later(
    stage: Stage,
) -> None:
    await stage.run()
    stage.service.is_down = True
    stage.actor.post(ev.EndRequested())
    await stage.clock.advance(20)
    stage.expect(InCall)
    assert stage.expect(InCall).talk.end is EndProgress.QUEUED
    pressed_at = stage.clock.now()

    stage.service.is_down = False
    await stage.clock.advance(10)

    stage.expect(Ended)
    assert len(stage.service.ends) == 1
    assert stage.service.ends[0][1] < pressed_at


async def test_a_queued_end_can_be_undone(stage: Stage) -> None:
    await stage.run()
    stage.service.is_down = True
    stage.actor.post(ev.EndRequested())
    await stage.clock.advance(1)

    stage.actor.post(ev.UndoEndRequested())
    await stage.clock.advance(0.1)
    stage.service.is_down = False
    await stage.clock.advance(20)

    stage.expect(InCall)
    assert stage.expect(InCall).talk.end is EndProgress.NONE
    assert stage.service.ends == []


async def test_a_refused_end_is_told_and_the_call_goes_on(stage: Stage) -> None:
    await stage.run()
    stage.service.fail_next("end_session", refusal(ErrorCode.SESSION_NOT_FOUND, 404))

    stage.actor.post(ev.EndRequested())
    await stage.clock.advance(0.1)

    stage.expect(InCall)
    assert stage.expect(InCall).talk.end is EndProgress.FAILED


async def test_a_lost_room_comes_back_with_the_same_wishes(stage: Stage) -> None:
    stage.room.peers.append(MECHANIC)
    await stage.join(MediaWishes(microphone_on=False))
    stage.actor.post(ev.CameraWished(False))
    await settle()

    stage.room.drop()
    await settle()
    stage.expect(Rejoining)
    await stage.clock.advance(1)

    stage.expect(InCall)
    assert stage.room.sending == {
        ev.TrackKind.CAMERA: False,
        ev.TrackKind.MICROPHONE: False,
    }
    assert (ev.TrackKind.MICROPHONE, True) not in stage.room.was_sending
    assert len(set(stage.service.attempts)) == 2


async def test_coming_back_survives_a_service_and_a_server_that_are_away(stage: Stage) -> None:
    await stage.run()
    stage.service.is_down = True
    stage.room.refusals += [ev.JoinFault.UNREACHABLE] * 2
    stage.room.drop()
    await stage.clock.advance(30)
    stage.expect(Rejoining)

    stage.service.is_down = False
    await stage.clock.advance(40)

    stage.expect(InCall)
    assert stage.service.calls.count("start_session") == 1


async def test_a_slow_room_is_never_cancelled_and_left_when_it_opens_late(stage: Stage) -> None:
    stage.room.is_held = True
    await stage.join()
    await stage.clock.advance(20)
    stage.expect(Ended)
    assert stage.expect(Ended).reason is EndReason.ROOM_TIMED_OUT

    stage.room.release()
    await settle()

    assert stage.room.joined is None
    stage.expect(Ended)


async def test_the_services_end_ends_the_call(stage: Stage) -> None:
    await stage.run()

    stage.service.end_by_service(stage.session)
    await stage.clock.advance(0.1)

    stage.expect(Ended)
    end = stage.expect(Ended).session_end
    assert end is not None
    assert end.reason is SessionEndReason.TIME_UP


async def test_closing_the_window_with_a_service_away_takes_three_seconds(stage: Stage) -> None:
    await stage.run()
    stage.service.hold("end_session")

    stage.actor.post(ev.WindowClosed())
    await stage.clock.advance(2.9)
    stage.expect(Leaving)
    await stage.clock.advance(0.2)

    over = await stage.actor.wait_until_over()
    assert over.reason is EndReason.WINDOW_CLOSED
    assert [intent.kind for intent in stage.queue.intents] == ["end"]
    stage.service.release("end_session")
    await settle()


async def test_waiting_for_the_end_returns_when_it_comes(stage: Stage) -> None:
    await stage.join()
    stage.actor.post(ev.LeaveRequested())

    over = await stage.actor.wait_until_over()

    assert over.reason is EndReason.USER_LEFT


async def test_a_second_call_may_follow_at_once(stage: Stage) -> None:
    await stage.join()
    stage.actor.post(ev.LeaveRequested())
    await stage.clock.advance(0.1)

    await stage.join()
    await stage.clock.advance(0.1)

    stage.expect(InCall)
    assert stage.service.open_streams == 1


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


async def test_quality_is_gathered_and_sent_with_the_poll(stage: Stage) -> None:
    await stage.join()
    for _ in range(5):
        stage.room.emit(ev.QualityMeasured(setup().attempt(1), quality_sample()))

    await stage.clock.advance(5.5)

    assert len(stage.service.samples) == 5
    assert stage.service.calls.count("clock") == 2


async def test_a_stream_that_is_refused_does_not_end_the_call(stage: Stage) -> None:
    await stage.join()

    stage.service.cut_streams(refusal(ErrorCode.SESSION_NOT_PARTICIPANT, 403))
    await settle()

    stage.expect(InCall)
    assert not stage.expect(InCall).talk.service_ok


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


async def test_a_flood_drops_what_the_next_one_replaces_and_keeps_the_wishes(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("queue is full")
    stage = Stage()

    for _ in range(QUEUE_LENGTH):
        stage.actor.post(ev.ClockTicked(1.0))
    for _ in range(QUEUE_LENGTH - ROOM_FOR_FACTS + 1):
        stage.actor.post(ev.LeaveRequested())

    stage.actor.start()
    await settle()
    stage.expect(Idle)
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
