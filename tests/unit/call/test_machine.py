"""The call's rules, one by one."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from client_api.errors import ErrorCode
from client_api.stream_events import ClockChanged, SessionEnded, StatusChanged
from client_api.wire import (
    ClockState,
    EndedSession,
    Role,
    SessionEndReason,
    SessionStatus,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call import moves
from desktop.call.machine import step
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
    Rejoining,
    RejoinStage,
)
from tests.fakes.calls import (
    CUSTOMER,
    MECHANIC,
    NO_MEDIA,
    NOW,
    clock,
    ended_session,
    session_end,
    setup,
    talk,
    talk_in_room,
    talk_running,
    ticket,
)

SETUP = setup()
FIRST = SETUP.attempt(1)
SECOND = SETUP.attempt(2)
REFUSED = ev.ServiceFault.REFUSED


def walk(state: CallState, *events: ev.CallEvent) -> tuple[CallState, list[fx.Effect]]:
    """Apply events one after the other; returns the last state and all effects."""
    done: list[fx.Effect] = []
    for event in events:
        state, effects = step(state, event)
        done += effects
    return state, done


def kinds(effects: list[fx.Effect] | tuple[fx.Effect, ...]) -> list[type[fx.Effect]]:
    return [type(effect) for effect in effects]


# --- joining -------------------------------------------------------------------------------------


def test_a_call_begins_by_asking_for_the_way_in() -> None:
    state, effects = step(Idle(), ev.JoinRequested(SETUP))

    assert isinstance(state, FetchingToken)
    assert effects == (
        fx.OpenStream(SETUP.session),
        fx.FetchTicket(SETUP.session, FIRST, SETUP.report),
    )


def test_the_way_in_leads_into_the_room_with_the_wishes_of_the_preflight() -> None:
    muted = MediaWishes(microphone_on=False)

    state, effects = walk(
        Idle(), ev.JoinRequested(setup(wishes=muted)), ev.TicketFetched(FIRST, ticket(FIRST))
    )

    assert isinstance(state, Joining)
    assert fx.JoinRoom(FIRST, ticket(FIRST), NO_MEDIA, muted) in effects


def test_an_open_room_without_the_other_side_does_not_start_the_session() -> None:
    state, effects = step(Joining(talk()), ev.RoomJoined(FIRST, (), 200.0))

    assert isinstance(state, InCall)
    assert fx.StartSession not in kinds(effects)
    assert fx.ReadClock(SETUP.session, FIRST) in effects


def test_a_mute_during_the_joining_is_told_to_the_room_once_it_is_open() -> None:
    _, effects = walk(Joining(talk()), ev.MicrophoneWished(False), ev.RoomJoined(FIRST, (), 200.0))

    assert fx.SendTrack(FIRST, ev.TrackKind.MICROPHONE, False) in effects


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ev.Failure(REFUSED, ErrorCode.AUTH_EXPIRED), EndReason.SIGN_IN_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.PREFLIGHT_REQUIRED), EndReason.PREFLIGHT_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE), EndReason.PREFLIGHT_NEEDED),
        (ev.Failure(REFUSED, ErrorCode.SESSION_ENDED), EndReason.SESSION_ENDED),
        (ev.Failure(REFUSED, ErrorCode.SFU_UNAVAILABLE), EndReason.ROOM_UNREACHABLE),
        (ev.Failure(REFUSED, ErrorCode.SESSION_NOT_PARTICIPANT), EndReason.SERVICE_REFUSED),
        (ev.Failure(ev.ServiceFault.UNREACHABLE), EndReason.SERVICE_UNREACHABLE),
        (ev.Failure(ev.ServiceFault.BROKEN), EndReason.FAULT),
    ],
)
def test_a_refused_way_in_ends_with_its_own_reason(failure: ev.Failure, reason: EndReason) -> None:
    state, effects = step(FetchingToken(talk()), ev.TicketFailed(FIRST, failure))

    assert isinstance(state, Ended)
    assert state.reason is reason
    assert state.code is failure.code
    assert effects == (fx.StopTimers(), fx.CloseStream())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ev.JoinFault.UNREACHABLE, EndReason.ROOM_UNREACHABLE),
        (ev.JoinFault.TOKEN_REFUSED, EndReason.ROOM_REFUSED),
        (ev.JoinFault.ROOM_MISSING, EndReason.ROOM_REFUSED),
    ],
)
def test_a_first_room_that_does_not_open_gets_one_more_try(
    fault: ev.JoinFault, reason: EndReason
) -> None:
    again, effects = walk(
        Joining(talk()),
        ev.RoomJoinFailed(FIRST, fault),
        ev.TimerFired(SECOND, ev.Timer.JOIN_RETRY),
        ev.TicketFetched(SECOND, ticket(SECOND)),
    )
    assert isinstance(again, Joining)
    assert fx.FetchTicket(SETUP.session, SECOND, SETUP.report) in effects

    state, _ = walk(again, ev.RoomJoinFailed(SECOND, fault), ev.RoomLeft(SECOND))

    assert isinstance(state, Ended)
    assert state.reason is reason


def test_a_room_that_takes_too_long_ends_the_try_and_is_left() -> None:
    state, effects = step(Joining(talk()), ev.TimerFired(FIRST, ev.Timer.JOIN_DEADLINE))

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.ROOM_TIMED_OUT
    assert fx.LeaveRoom(FIRST) in effects


def test_a_room_that_opens_after_the_user_left_is_closed_again() -> None:
    """Joining cannot be cancelled safely, so a late success must not bring the user back."""
    state, _ = walk(Joining(talk()), ev.LeaveRequested(), ev.RoomLeft(FIRST))
    assert isinstance(state, Ended)

    after, effects = step(state, ev.RoomJoined(FIRST, (), 200.0))

    assert after is state
    assert effects == (fx.LeaveRoom(FIRST),)


# --- starting ------------------------------------------------------------------------------------


def test_the_session_starts_once_when_both_are_seen() -> None:
    state, effects = walk(
        InCall(talk_in_room()),
        ev.PeerJoined(FIRST, MECHANIC),
        ev.PeerMediaChanged(FIRST, MECHANIC, ev.TrackKind.CAMERA, True),
        ev.StartAnswered(FIRST, clock()),
        ev.SessionEventArrived(StatusChanged(NOW, SessionStatus.LIVE)),
        ev.ClockRead(FIRST, clock()),
    )

    assert kinds(effects).count(fx.StartSession) == 1
    assert kinds(effects).count(fx.AnnounceBothJoined) == 1
    assert isinstance(state, InCall)
    assert state.talk.is_started


def test_an_own_double_or_a_stranger_does_not_start_the_session() -> None:
    _, effects = walk(
        InCall(talk_in_room()), ev.PeerJoined(FIRST, CUSTOMER), ev.PeerJoined(FIRST, "probe-a")
    )

    assert effects == []


def test_a_mechanic_waits_for_the_customer() -> None:
    _, effects = step(InCall(talk_in_room(Role.MECHANIC)), ev.PeerJoined(FIRST, CUSTOMER))

    assert fx.StartSession in kinds(effects)


def test_a_start_that_came_too_early_is_tried_again_soon() -> None:
    early = ev.Failure(REFUSED, ErrorCode.SESSION_NOT_BOTH_PRESENT)

    waiting, effects = walk(
        InCall(talk_in_room()), ev.PeerJoined(FIRST, MECHANIC), ev.StartFailed(FIRST, early)
    )
    assert fx.StartTimer(FIRST, ev.Timer.START_RETRY, 1.0) in effects

    _, again = step(waiting, ev.TimerFired(FIRST, ev.Timer.START_RETRY))

    assert kinds(again) == [fx.StartSession]


def test_a_start_that_is_refused_otherwise_is_tried_again_later() -> None:
    refused = ev.Failure(REFUSED, ErrorCode.SESSION_ILLEGAL_TRANSITION)

    _, effects = step(InCall(talk_in_room()), ev.StartFailed(FIRST, refused))

    assert effects == (fx.StartTimer(FIRST, ev.Timer.START_RETRY, 5.0),)


def test_a_start_of_a_session_that_is_over_leaves() -> None:
    over = ev.Failure(REFUSED, ErrorCode.SESSION_ENDED)

    state, _ = step(InCall(talk_in_room()), ev.StartFailed(FIRST, over))

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.SESSION_ENDED


def test_the_peer_that_left_before_the_retry_is_not_started_for() -> None:
    _, effects = walk(
        InCall(replace(talk_in_room(), start_asked=True)),
        ev.TimerFired(FIRST, ev.Timer.START_RETRY),
    )

    assert effects == []


# --- trouble -------------------------------------------------------------------------------------


def test_a_peer_that_leaves_never_ends_the_call() -> None:
    state, effects = step(InCall(talk_running()), ev.PeerLeft(FIRST, MECHANIC))

    assert isinstance(state, InCall)
    assert not state.talk.peer.in_room
    assert state.talk.peer.was_seen
    assert effects == ()


def test_the_sdk_repairs_and_all_wishes_are_said_again() -> None:
    muted = MediaWishes(microphone_on=False, screen_on=True)
    running = replace(talk_running(), wishes=muted, asked=muted)

    broken, _ = step(InCall(running), ev.RoomReconnecting(FIRST))
    state, effects = step(broken, ev.RoomReconnected(FIRST, (MECHANIC,)))

    assert isinstance(broken, Rejoining)
    assert broken.stage is RejoinStage.REPAIRING
    assert isinstance(state, InCall)
    assert effects == (
        fx.SendTrack(FIRST, ev.TrackKind.MICROPHONE, False),
        fx.SendTrack(FIRST, ev.TrackKind.CAMERA, True),
        fx.SendTrack(FIRST, ev.TrackKind.SCREEN, True),
    )


def test_a_repair_that_never_ends_is_given_up_for_a_new_room() -> None:
    broken, _ = step(InCall(talk_running()), ev.RoomReconnecting(FIRST))

    state, effects = step(broken, ev.TimerFired(FIRST, ev.Timer.REJOIN))

    assert isinstance(state, Rejoining)
    assert state.stage is RejoinStage.WAITING
    assert fx.LeaveRoom(FIRST) in effects


def test_a_lost_room_is_replaced_by_a_new_one_with_a_new_ticket() -> None:
    lost, effects = step(
        InCall(talk_running()), ev.RoomDisconnected(FIRST, ev.DisconnectReason.UNKNOWN)
    )
    assert fx.LeaveRoom(FIRST) in effects
    assert fx.StartTimer(SECOND, ev.Timer.REJOIN, 0.5, jitter=True) in effects

    state, effects_back = walk(
        lost,
        ev.TimerFired(SECOND, ev.Timer.REJOIN),
        ev.TicketFetched(SECOND, ticket(SECOND)),
        ev.RoomJoined(SECOND, (MECHANIC,), 200.0),
    )

    assert isinstance(state, InCall)
    assert state.talk.joined == SECOND
    assert state.talk.is_started
    assert fx.StartSession not in kinds(effects_back)
    assert fx.AnnounceBothJoined not in kinds(effects_back)


def test_the_waits_between_rejoins_grow_to_eight_seconds_and_no_further() -> None:
    state: CallState = Rejoining(talk_running(), RejoinStage.OPENING, 0)
    waits = []

    for number in range(1, 8):
        attempt = SETUP.attempt(number)
        state, effects = walk(
            state,
            ev.RoomJoinFailed(attempt, ev.JoinFault.UNREACHABLE),
            ev.TimerFired(SETUP.attempt(number + 1), ev.Timer.REJOIN),
            ev.TicketFetched(SETUP.attempt(number + 1), ticket(SETUP.attempt(number + 1))),
        )
        waits += [
            effect.seconds
            for effect in effects
            if isinstance(effect, fx.StartTimer) and effect.timer is ev.Timer.REJOIN
        ]

    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]


def test_a_room_that_drops_again_at_once_is_waited_for_longer() -> None:
    """Else a room that opens and breaks would be opened twice a second for ever."""
    flapping = replace(talk_running(), drops=3)

    state, effects = step(
        InCall(flapping), ev.RoomDisconnected(FIRST, ev.DisconnectReason.SIGNAL_CLOSE)
    )

    assert fx.StartTimer(SECOND, ev.Timer.REJOIN, 4.0, jitter=True) in effects
    assert isinstance(state, Rejoining)


def test_a_room_that_holds_is_forgiven_its_drops() -> None:
    flapping = replace(talk_running(), drops=3)

    state, _ = step(InCall(flapping), ev.TimerFired(FIRST, ev.Timer.CLOCK_POLL))

    assert isinstance(state, InCall)
    assert state.talk.drops == 0


def test_coming_back_is_given_up_after_a_quarter_of_an_hour() -> None:
    state, _ = step(
        Rejoining(talk_running(), RejoinStage.OPENING, moves.MAX_REJOINS - 1),
        ev.RoomJoinFailed(FIRST, ev.JoinFault.UNREACHABLE),
    )

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.CONNECTION_LOST
    assert sum(moves.REJOIN_WAITS_S) + 8 * (moves.MAX_REJOINS - 5) >= 840


@pytest.mark.parametrize(
    ("disconnect", "reason"),
    [
        (ev.DisconnectReason.DUPLICATE_IDENTITY, EndReason.OPENED_ELSEWHERE),
        (ev.DisconnectReason.PARTICIPANT_REMOVED, EndReason.REMOVED),
        (ev.DisconnectReason.ROOM_DELETED, EndReason.ROOM_CLOSED),
        (ev.DisconnectReason.ROOM_CLOSED, EndReason.ROOM_CLOSED),
        (ev.DisconnectReason.CLIENT_INITIATED, EndReason.ROOM_CLOSED),
    ],
)
def test_some_disconnects_are_final(disconnect: ev.DisconnectReason, reason: EndReason) -> None:
    state, _ = walk(
        InCall(talk_running()), ev.RoomDisconnected(FIRST, disconnect), ev.RoomLeft(FIRST)
    )

    assert isinstance(state, Ended)
    assert state.reason is reason


def test_a_session_that_ended_while_we_were_away_ends_the_return() -> None:
    over = ev.Failure(REFUSED, ErrorCode.SESSION_ENDED)

    state, _ = step(Rejoining(talk_running(), RejoinStage.ASKING), ev.TicketFailed(FIRST, over))

    assert isinstance(state, Leaving)
    assert state.reason is EndReason.SESSION_ENDED


@pytest.mark.parametrize(
    "failure",
    [
        ev.Failure(ev.ServiceFault.UNREACHABLE),
        ev.Failure(ev.ServiceFault.BROKEN),
        ev.Failure(REFUSED, ErrorCode.SFU_UNAVAILABLE),
    ],
)
def test_a_service_that_is_away_does_not_end_the_return(failure: ev.Failure) -> None:
    state, _ = step(Rejoining(talk_running(), RejoinStage.ASKING), ev.TicketFailed(FIRST, failure))

    assert isinstance(state, Rejoining)
    assert state.stage is RejoinStage.WAITING


def test_a_microphone_that_is_on_against_the_wish_is_turned_off_at_once() -> None:
    muted = MediaWishes(microphone_on=False)
    state = InCall(replace(talk_running(), wishes=muted, asked=muted))

    _, effects = step(state, ev.OwnMediaChanged(FIRST, ev.TrackKind.MICROPHONE, True))

    assert effects == (fx.SendTrack(FIRST, ev.TrackKind.MICROPHONE, False),)


def test_a_share_that_is_refused_is_not_wished_for_any_more() -> None:
    state, effects = walk(
        InCall(talk_running()),
        ev.ScreenShareWished(True),
        ev.OwnMediaFailed(FIRST, ev.TrackKind.SCREEN, "not allowed"),
    )

    assert isinstance(state, InCall)
    assert not state.talk.wishes.screen_on
    assert state.talk.own.screen_failed
    assert effects == [fx.SendTrack(FIRST, ev.TrackKind.SCREEN, True)]


def test_a_share_stopped_in_the_systems_own_bar_stays_stopped() -> None:
    state, effects = walk(
        InCall(talk_running()),
        ev.ScreenShareWished(True),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.SCREEN, True),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.SCREEN, False),
        ev.RoomReconnected(FIRST, (MECHANIC,)),
    )

    assert isinstance(state, InCall)
    assert not state.talk.wishes.screen_on
    assert effects[1:] == [
        fx.SendTrack(FIRST, ev.TrackKind.MICROPHONE, True),
        fx.SendTrack(FIRST, ev.TrackKind.CAMERA, True),
    ]


def test_other_devices_feed_the_room_that_is_open() -> None:
    _, effects = step(InCall(talk_running()), ev.MediaSwitched(NO_MEDIA))

    assert effects == (fx.UseMedia(FIRST, NO_MEDIA),)


# --- ending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (Role.CUSTOMER, SessionEndReason.ENDED_BY_CUSTOMER),
        (Role.MECHANIC, SessionEndReason.ENDED_BY_MECHANIC),
    ],
)
def test_an_end_is_sent_while_still_in_the_room(role: Role, reason: SessionEndReason) -> None:
    state, effects = step(InCall(talk_running(role)), ev.EndRequested())

    assert isinstance(state, InCall)
    assert effects == (fx.SendEnd(SETUP.session, FIRST, reason),)


def test_an_end_that_is_answered_leaves_and_then_is_over() -> None:
    leaving, effects = walk(
        InCall(talk_running()), ev.EndRequested(), ev.EndAnswered(FIRST, ended_session())
    )
    assert isinstance(leaving, Leaving)
    assert fx.LeaveRoom(FIRST) in effects

    state, _ = step(leaving, ev.RoomLeft(FIRST))

    assert state == Ended(EndReason.SESSION_ENDED, leaving.talk, session_end=ended_session().end)


def test_pressing_end_twice_is_one_end() -> None:
    _, effects = walk(InCall(talk_running()), ev.EndRequested(), ev.EndRequested())

    assert kinds(effects) == [fx.SendEnd]


def test_an_end_without_an_answer_keeps_the_two_talking_and_can_be_undone() -> None:
    queued, _ = walk(InCall(talk_running()), ev.EndRequested(), ev.EndQueued(FIRST))
    assert isinstance(queued, InCall)
    assert queued.talk.end is EndProgress.QUEUED

    state, effects = walk(queued, ev.UndoEndRequested(), ev.EndUndone(FIRST, True))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.NONE
    assert effects == [fx.UndoEnd(SETUP.session, FIRST)]


def test_an_end_that_was_on_its_way_cannot_be_undone() -> None:
    queued = InCall(replace(talk_running(), end=EndProgress.QUEUED))

    state, _ = walk(queued, ev.UndoEndRequested(), ev.EndUndone(FIRST, False))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.SENDING


def test_an_end_that_the_service_ignored_lets_the_call_go_on() -> None:
    ignored = EndedSession(SessionStatus.LIVE, None, None)

    state, _ = walk(InCall(talk_running()), ev.EndRequested(), ev.EndAnswered(FIRST, ignored))

    assert isinstance(state, InCall)
    assert state.talk.end is EndProgress.NONE


def test_a_refused_end_may_be_pressed_again() -> None:
    refused = ev.Failure(REFUSED, ErrorCode.SESSION_NOT_FOUND)

    state, effects = walk(
        InCall(talk_running()), ev.EndRequested(), ev.EndFailed(FIRST, refused), ev.EndRequested()
    )

    assert isinstance(state, InCall)
    assert kinds(effects) == [fx.SendEnd, fx.SendEnd]


def test_whoever_wants_out_is_not_brought_back_into_the_room() -> None:
    """A rejoin after the press would make the service ignore the end."""
    waiting = Rejoining(replace(talk_running(), end=EndProgress.QUEUED), RejoinStage.WAITING)

    state, effects = step(waiting, ev.TimerFired(FIRST, ev.Timer.REJOIN))

    assert state is waiting
    assert effects == (fx.StartTimer(FIRST, ev.Timer.REJOIN, 1.0),)


def test_an_end_in_a_rejoin_names_the_stay_that_really_was() -> None:
    lost, _ = step(InCall(talk_running()), ev.RoomDisconnected(FIRST, ev.DisconnectReason.UNKNOWN))

    _, effects = step(lost, ev.EndRequested())

    assert effects == (fx.SendEnd(SETUP.session, FIRST, SessionEndReason.ENDED_BY_CUSTOMER),)


def test_the_services_end_leaves_the_room_whatever_the_state() -> None:
    ended = ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.COMPLETED, session_end()))

    for state in (InCall(talk_running()), Rejoining(talk_running(), RejoinStage.WAITING)):
        after, effects = step(state, ended)

        assert isinstance(after, Leaving)
        assert after.session_end == session_end()
        assert fx.LeaveRoom in kinds(effects)


def test_the_services_end_before_the_room_ends_the_call_at_once() -> None:
    ended = ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.CANCELLED, session_end()))

    state, _ = step(FetchingToken(talk()), ended)

    assert isinstance(state, Ended)
    assert state.reason is EndReason.SESSION_ENDED


def test_a_clock_that_ended_leaves_even_if_the_event_was_missed() -> None:
    state, _ = step(InCall(talk_running()), ev.ClockRead(FIRST, clock(ClockState.ENDED, 9)))

    assert isinstance(state, Leaving)


def test_closing_the_window_ends_a_running_session_and_waits_three_seconds() -> None:
    closing, first = step(InCall(talk_running()), ev.WindowClosed())
    assert isinstance(closing, Leaving)
    assert first == (
        fx.SendEnd(SETUP.session, FIRST, SessionEndReason.WINDOW_CLOSED),
        fx.StartTimer(FIRST, ev.Timer.END_DEADLINE, 3.0),
    )

    state, effects = walk(closing, ev.TimerFired(FIRST, ev.Timer.END_DEADLINE), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.WINDOW_CLOSED
    assert fx.LeaveRoom(FIRST) in effects


def test_closing_the_window_before_the_start_only_leaves() -> None:
    """An end would cancel a session that the other side still waits for."""
    state, effects = step(InCall(talk_in_room()), ev.WindowClosed())

    assert isinstance(state, Leaving)
    assert state.waits_for is LeavingFor.ROOM_CLOSED
    assert fx.SendEnd not in kinds(effects)


def test_leaving_does_not_end_the_session() -> None:
    state, effects = walk(InCall(talk_running()), ev.LeaveRequested(), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.USER_LEFT
    assert fx.SendEnd not in kinds(effects)


def test_a_room_that_does_not_let_go_is_left_behind() -> None:
    leaving, _ = step(InCall(talk_running()), ev.LeaveRequested())

    state, _ = step(leaving, ev.TimerFired(FIRST, ev.Timer.LEAVE_DEADLINE))

    assert isinstance(state, Ended)


def test_how_the_session_ended_is_kept_even_if_it_is_told_while_leaving() -> None:
    leaving, _ = step(
        InCall(talk_running()), ev.RoomDisconnected(FIRST, ev.DisconnectReason.ROOM_DELETED)
    )

    state, _ = walk(
        leaving,
        ev.SessionEventArrived(SessionEnded(NOW, SessionStatus.COMPLETED, session_end())),
        ev.RoomLeft(FIRST),
    )

    assert isinstance(state, Ended)
    assert state.session_end == session_end()


def test_a_fault_of_ours_ends_the_call_in_words() -> None:
    state, _ = walk(InCall(talk_running()), ev.EffectCrashed("bug"), ev.RoomLeft(FIRST))

    assert isinstance(state, Ended)
    assert state.reason is EndReason.FAULT


# --- time ----------------------------------------------------------------------------------------


def test_each_warning_comes_once_and_not_early() -> None:
    seconds = [301.0, 300.1, 300.0, 299.7, 61.0, 60.0, 59.0, 0.0]

    _, effects = walk(InCall(talk_running()), *(ev.ClockTicked(left) for left in seconds))

    assert effects == [fx.AnnounceTimeLeft(300, 300.0), fx.AnnounceTimeLeft(60, 60.0)]


def test_whoever_comes_back_late_hears_the_last_warning_only() -> None:
    _, effects = walk(InCall(talk_running()), ev.ClockTicked(40.0), ev.ClockTicked(39.7))

    assert effects == [fx.AnnounceTimeLeft(60, 40.0)]


def test_time_that_is_up_is_not_warned_of() -> None:
    _, effects = walk(InCall(talk_running()), ev.ClockTicked(0.0))

    assert effects == []


def test_a_threshold_above_the_whole_session_is_no_warning() -> None:
    short = msgspec.structs.replace(clock(), total_seconds=90, warnings=(300, 60, 30))

    _, effects = walk(
        InCall(replace(talk_running(), clock=short)), ev.ClockTicked(89.0), ev.ClockTicked(59.0)
    )

    assert effects == [fx.AnnounceTimeLeft(60, 59.0)]


def test_an_extension_arms_the_warnings_again() -> None:
    grown = msgspec.structs.replace(clock(revision=4), total_seconds=4500, remaining_seconds=940.0)

    _, effects = walk(
        InCall(talk_running()),
        ev.ClockTicked(50.0),
        ev.ClockTicked(40.0),
        ev.SessionEventArrived(ClockChanged(NOW, grown)),
        ev.ClockTicked(299.0),
    )

    assert effects == [fx.AnnounceTimeLeft(60, 50.0), fx.AnnounceTimeLeft(300, 299.0)]


def test_a_paused_clock_warns_of_nothing() -> None:
    state = InCall(replace(talk_running(), clock=clock(ClockState.PAUSED)))

    _, effects = step(state, ev.ClockTicked(299.0))

    assert effects == ()


def test_an_older_clock_is_not_believed() -> None:
    state, _ = walk(
        InCall(talk_running()),
        ev.ClockRead(FIRST, clock(revision=8)),
        ev.ClockRead(FIRST, clock(ClockState.ENDED, revision=7)),
    )

    assert isinstance(state, InCall)
    assert state.talk.clock == clock(revision=8)


def test_the_poll_goes_on_and_tells_whether_the_service_answers() -> None:
    silent, effects = walk(
        InCall(talk_running()),
        ev.TimerFired(FIRST, ev.Timer.CLOCK_POLL),
        ev.ClockFailed(FIRST, ev.Failure(ev.ServiceFault.UNREACHABLE)),
    )
    assert effects == [
        fx.ReadClock(SETUP.session, FIRST),
        fx.StartTimer(FIRST, ev.Timer.CLOCK_POLL, 5.0),
    ]
    assert isinstance(silent, InCall)
    assert not silent.talk.service_ok

    state, _ = step(silent, ev.ClockRead(FIRST, clock()))

    assert isinstance(state, InCall)
    assert state.talk.service_ok
