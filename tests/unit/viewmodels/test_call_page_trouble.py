"""The call page says whose side a trouble is on, and how good the line is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from client_api.records import QualitySample
from desktop.call.events import UndoEndRequested
from desktop.call.states import (
    EndProgress,
    InCall,
    MediaHealth,
    Peer,
    Rejoining,
    RejoinStage,
)
from desktop.viewmodels.call_state import (
    EndRefused,
    EndWaits,
    LinkQuality,
    OwnNetworkWeak,
    OwnReconnecting,
    PeerLost,
    PeerStalled,
)
from tests.fakes.call_page import PRESENT, CallStage, make_talk
from tests.fakes.wire_samples import sample_clock


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


@pytest.fixture
def stage() -> CallStage:
    return CallStage()


def test_a_lost_peer_counts_down_to_the_service_s_moment(stage: CallStage) -> None:
    stage.run_clock(1000)
    pauses_at = stage.clock.now() + timedelta(seconds=6.2)
    gone = replace(PRESENT, in_room=False, pauses_at=pauses_at, absence_left_seconds=599.5)

    state = stage.show(InCall(make_talk(gone)))

    assert state.band == PeerLost(clock_stops_in_s=7, absence_left_s=600)
    assert stage.pass_time(6).band == PeerLost(clock_stops_in_s=1, absence_left_s=600)
    assert stage.pass_time(60).band == PeerLost(clock_stops_in_s=0, absence_left_s=600)


def test_before_the_service_says_the_moment_ten_seconds_are_an_estimate(stage: CallStage) -> None:
    stage.run_clock(1000)

    state = stage.show(InCall(make_talk(replace(PRESENT, in_room=False))))

    assert state.band == PeerLost(clock_stops_in_s=10, absence_left_s=None)
    assert stage.pass_time(4).band == PeerLost(clock_stops_in_s=6, absence_left_s=None)


def test_a_clock_that_stands_is_not_counted_down(stage: CallStage) -> None:
    stage.paid.apply(sample_clock("clock_paused"))

    state = stage.show(InCall(make_talk(replace(PRESENT, is_absent=True))))

    assert state.band == PeerLost(clock_stops_in_s=None, absence_left_s=None)


def test_the_last_picture_has_the_time_it_came(stage: CallStage) -> None:
    came = stage.clock.now() - timedelta(seconds=5)
    stalled = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=5000)

    state = stage.show(InCall(make_talk(stalled)))

    assert state.stalled_at == came
    assert state.band == PeerStalled(5)
    stage.clock.move(3)
    assert stage.show(InCall(make_talk(replace(stalled, media_age_ms=8000)))).stalled_at == came
    assert stage.show(InCall(make_talk())).stalled_at is None


def test_our_own_break_is_not_blamed_on_the_other_side(stage: CallStage) -> None:
    gone = replace(PRESENT, in_room=False)

    state = stage.show(Rejoining(make_talk(gone), RejoinStage.WAITING, tries=2))

    assert state.band == OwnReconnecting(2)
    assert state.stalled_at is not None


def test_a_weak_network_of_ours_is_said_as_ours(stage: CallStage) -> None:
    stalled = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=5000)

    assert stage.show(InCall(make_talk(stalled, own_network_ok=False))).band == OwnNetworkWeak()
    assert stage.show(InCall(make_talk(own_network_ok=False))).band == OwnNetworkWeak()
    assert stage.show(InCall(make_talk())).band is None


def test_an_end_that_waits_can_be_undone(stage: CallStage) -> None:
    band = stage.show(Rejoining(make_talk(end=EndProgress.QUEUED), RejoinStage.WAITING)).band

    assert isinstance(band, EndWaits)
    band.undo()
    assert stage.sent == [UndoEndRequested()]


def test_a_refused_end_is_said_and_can_be_pressed_again(stage: CallStage) -> None:
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
    stage: CallStage, measured: QualitySample | None, quality: LinkQuality | None
) -> None:
    assert stage.show(InCall(make_talk(quality=measured))).quality is quality


def test_a_stalled_peer_is_poor_whatever_was_measured_and_a_camera_off_is_not(
    stage: CallStage,
) -> None:
    unstable = replace(PRESENT, health=MediaHealth.UNSTABLE)
    assert stage.show(InCall(make_talk(unstable, quality=sample()))).quality is LinkQuality.POOR
    dark = replace(PRESENT, camera_on=False)
    assert stage.show(InCall(make_talk(dark, quality=sample(fps=0)))).quality is LinkQuality.GOOD


def test_quality_is_shown_only_while_both_are_there(stage: CallStage) -> None:
    assert stage.show(InCall(make_talk(Peer(), quality=sample()))).quality is None


def test_a_side_that_went_silent_shows_when_the_clock_would_stop(stage: CallStage) -> None:
    """A killed client is only booked absent after 20 s; until then the page estimates."""
    stage.run_clock(1500)
    silent = replace(PRESENT, health=MediaHealth.LOST, media_age_ms=6200)

    first = stage.show(InCall(make_talk(silent))).band
    later = stage.show(InCall(make_talk(replace(silent, media_age_ms=10_500)))).band

    assert first == PeerStalled(6, clock_stops_in_s=4)
    assert later == PeerStalled(10, clock_stops_in_s=None)
