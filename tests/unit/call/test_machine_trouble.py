"""The call's rules: drops, rejoins, and what is sent after them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_api.errors import ErrorCode, ReportFault
from client_api.stream_events import ClockChanged
from client_api.wire import ClockState
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call import moves
from desktop.call.machine import step
from desktop.call.setup import MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    EndReason,
    InCall,
    Leaving,
    Rejoining,
    RejoinStage,
)
from desktop.call.talk_rules import MOST_REOPENS
from tests.fakes.call_walks import FIRST, SECOND, SETUP, kinds, walk
from tests.fakes.calls import (
    MECHANIC,
    NOW,
    OTHER_MEDIA,
    clock,
    talk_running,
    ticket,
)

REFUSED = ev.ServiceFault.REFUSED


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


def test_a_return_without_a_fresh_report_says_what_was_wrong_with_it() -> None:
    stale = ev.Failure(REFUSED, ErrorCode.PREFLIGHT_REQUIRED, ReportFault.STALE)

    state, _ = walk(
        Rejoining(talk_running(), RejoinStage.ASKING),
        ev.TicketFailed(FIRST, stale),
        ev.RoomLeft(FIRST),
    )

    assert isinstance(state, Ended)
    assert (state.reason, state.report_fault) == (EndReason.PREFLIGHT_NEEDED, ReportFault.STALE)


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
    state, effects = step(InCall(talk_running()), ev.MediaSwitched(OTHER_MEDIA))

    assert effects == (fx.UseMedia(FIRST, OTHER_MEDIA),)
    assert step(state, ev.MediaResumed(FIRST))[1] == (), "once is enough"


@pytest.mark.parametrize(
    ("stage", "back"),
    [
        (RejoinStage.REPAIRING, ev.RoomReconnected(FIRST, (MECHANIC,))),
        (RejoinStage.OPENING, ev.RoomJoined(FIRST, (MECHANIC,), 200.0)),
    ],
)
def test_devices_changed_while_the_room_comes_back_feed_it_once_it_is_there(
    stage: RejoinStage, back: ev.CallEvent
) -> None:
    """The room was opened with the devices of before, which are closed by then."""
    _, effects = walk(Rejoining(talk_running(), stage), ev.MediaSwitched(OTHER_MEDIA), back)

    assert fx.UseMedia(FIRST, OTHER_MEDIA) in effects


def test_a_room_opened_with_the_devices_in_use_is_not_told_them_twice() -> None:
    state, _ = walk(
        Rejoining(talk_running(), RejoinStage.ASKING),
        ev.MediaSwitched(OTHER_MEDIA),
        ev.TicketFetched(FIRST, ticket(FIRST)),
    )

    _, effects = step(state, ev.RoomJoined(FIRST, (MECHANIC,), 200.0))

    assert not [effect for effect in effects if isinstance(effect, fx.UseMedia)]


@pytest.mark.parametrize("fault", list(ev.OwnFault))
def test_what_fails_is_kept_with_its_reason_until_it_is_sent_again(fault: ev.OwnFault) -> None:
    state, _ = walk(
        InCall(talk_running()),
        ev.OwnMediaFailed(FIRST, ev.TrackKind.MICROPHONE, "", fault),
        ev.OwnMediaFailed(FIRST, ev.TrackKind.CAMERA, "", fault),
    )
    assert isinstance(state, InCall)
    own = state.talk.own
    assert (own.microphone_fault, own.camera_fault) == (fault, fault)
    assert (own.microphone_on, own.camera_on) == (False, False)

    state, _ = walk(
        state,
        ev.OwnMediaChanged(FIRST, ev.TrackKind.MICROPHONE, True),
        ev.OwnMediaChanged(FIRST, ev.TrackKind.CAMERA, True),
    )

    assert isinstance(state, InCall)
    assert (state.talk.own.microphone_fault, state.talk.own.camera_fault) == (None, None)


STREAM_REFUSED = ev.SessionStreamFailed(ev.Failure(ev.ServiceFault.REFUSED, ErrorCode.AUTH_EXPIRED))
ANSWERED = ev.ClockRead(FIRST, clock())
REOPEN = fx.OpenStream(SETUP.session)


def test_a_refused_stream_is_opened_again_with_the_next_answered_poll_and_once() -> None:
    failed = ev.ClockFailed(FIRST, ev.Failure(ev.ServiceFault.UNREACHABLE))

    state, effects = walk(InCall(talk_running()), STREAM_REFUSED, failed)
    assert REOPEN not in effects
    state, effects = walk(state, ANSWERED)
    assert effects.count(REOPEN) == 1
    _, effects = walk(state, ANSWERED, ANSWERED)

    assert REOPEN not in effects


def test_a_stream_that_is_refused_again_and_again_is_given_up() -> None:
    _, effects = walk(InCall(talk_running()), *(STREAM_REFUSED, ANSWERED) * (MOST_REOPENS + 5))

    assert effects.count(REOPEN) == MOST_REOPENS


def test_a_stream_that_brought_something_may_be_refused_anew() -> None:
    tired, _ = walk(InCall(talk_running()), *(STREAM_REFUSED, ANSWERED) * MOST_REOPENS)
    arrived = ev.SessionEventArrived(ClockChanged(NOW, clock()))

    _, effects = walk(tired, arrived, STREAM_REFUSED, ANSWERED)

    assert effects.count(REOPEN) == 1


def test_a_session_that_is_over_is_not_listened_to_again() -> None:
    _, effects = walk(
        InCall(talk_running()), STREAM_REFUSED, ev.ClockRead(FIRST, clock(ClockState.ENDED, 9))
    )

    assert REOPEN not in effects


def test_a_loudspeaker_that_stops_and_plays_again_is_known() -> None:
    stopped, _ = step(InCall(talk_running()), ev.SpeakerChanged(FIRST, False))
    assert isinstance(stopped, InCall)
    assert stopped.talk.own.speaker_failed

    playing, _ = step(stopped, ev.SpeakerChanged(FIRST, True))

    assert isinstance(playing, InCall)
    assert not playing.talk.own.speaker_failed
