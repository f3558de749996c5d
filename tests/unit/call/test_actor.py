"""The actor with a room, a service and a clock that obey the test."""

from __future__ import annotations

import pytest

from client_api.errors import ErrorCode
from client_api.wire import (
    ReadinessState,
    SessionEndReason,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    Ended,
    EndProgress,
    EndReason,
    InCall,
    Leaving,
    Rejoining,
    session_of,
)
from tests.fakes.call_stage import Stage
from tests.fakes.calls import MECHANIC, setup
from tests.fakes.clock import settle
from tests.fakes.service import refusal


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
