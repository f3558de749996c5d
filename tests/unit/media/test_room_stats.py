"""One second of statistics, made from the SDK's own messages."""

from datetime import UTC, datetime

import pytest
from livekit import rtc
from livekit.rtc._proto import stats_pb2

from desktop.media.room_stats import Totals, quality_sample, read_totals

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def transport(ice_state: int) -> stats_pb2.RtcStats:
    report = stats_pb2.RtcStats()
    report.transport.transport.ice_state = ice_state  # type: ignore[assignment]  # plain enum number
    report.transport.transport.selected_candidate_pair_id = "chosen"
    return report


def pair(name: str, rtt_s: float) -> stats_pb2.RtcStats:
    report = stats_pb2.RtcStats()
    report.candidate_pair.rtc.id = name
    report.candidate_pair.candidate_pair.current_round_trip_time = rtt_s
    return report


def inbound(kind: str, *, received: int, lost: int, size: int = 0) -> stats_pb2.RtcStats:
    report = stats_pb2.RtcStats()
    report.inbound_rtp.stream.kind = kind
    report.inbound_rtp.received.packets_received = received
    report.inbound_rtp.received.packets_lost = lost
    report.inbound_rtp.received.jitter = 0.004
    report.inbound_rtp.inbound.bytes_received = received * 1000
    report.inbound_rtp.inbound.frames_per_second = 30 if size else 0
    report.inbound_rtp.inbound.frame_width = size * 16 // 9
    report.inbound_rtp.inbound.frame_height = size
    return report


def test_both_lists_are_read_and_the_selected_pair_alone_gives_the_round_trip() -> None:
    stats = rtc.RtcStats(
        publisher_stats=[transport(2), pair("other", 9.0), pair("chosen", 0.024)],
        subscriber_stats=[
            transport(2),
            inbound("video", received=90, lost=10, size=720),
            inbound("audio", received=50, lost=0),
        ],
    )

    totals = read_totals(stats)

    assert totals.is_transport_ok
    assert totals.rtt_ms == pytest.approx(24)
    assert (totals.width, totals.height, totals.fps_received) == (1280, 720, 30)
    assert (totals.packets_received, totals.packets_lost, totals.audio_packets) == (140, 10, 50)
    assert totals.jitter_ms == pytest.approx(4)


@pytest.mark.parametrize(
    ("states", "is_ok"),
    [((2,), True), ((3, 2), True), ((2, 1), True), ((2, 4), False), ((5,), False), ((), False)],
)
def test_a_missing_or_broken_transport_is_not_connected(
    states: tuple[int, ...], is_ok: bool
) -> None:
    stats = rtc.RtcStats([transport(each) for each in states], [])

    assert read_totals(stats).is_transport_ok is is_ok


def test_rates_are_differences_over_the_time_between() -> None:
    before = Totals(bytes_sent=1000, bytes_received=0, packets_received=100, packets_lost=0)
    now = Totals(bytes_sent=251_000, bytes_received=5000, packets_received=190, packets_lost=10)

    sample = quality_sample(before, now, seconds=1.0, at=AT)

    assert sample.up_kbps == 2000
    assert sample.down_kbps == 40
    assert sample.loss_down_percent == 10
    assert sample.at == AT


def test_the_first_second_has_no_rates() -> None:
    sample = quality_sample(None, Totals(bytes_sent=5, rtt_ms=3.0), seconds=1.0, at=AT)

    assert (sample.up_kbps, sample.down_kbps, sample.loss_down_percent) == (None, None, None)
    assert sample.rtt_ms == 3.0


def test_counters_that_start_again_give_no_negative_rates() -> None:
    sample = quality_sample(
        Totals(bytes_sent=9_000_000, freezes=7),
        Totals(bytes_sent=125, freezes=1),
        seconds=1.0,
        at=AT,
    )

    assert sample.up_kbps == 1
    assert sample.freezes == 1
