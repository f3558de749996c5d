"""Trial calls of known truth through the figures of the media path."""

import random
from dataclasses import replace

import pytest

from preflight.analysis.media_path import (
    Packet,
    PathTotals,
    bandwidth_limited_percent,
    burst_losses_percent,
    cpu_limited_percent,
    downlink_kbps,
    encode_ms,
    loss_percent,
    mos,
    over,
    plenty_kbps,
    ramp_s,
    reordered_percent,
    rtt_ms,
    steady_freezes,
    stream_jitter_ms,
    stream_loss_percent,
    uplink_kbps,
)
from preflight.probe.trial_figures import figures_of, series_of


def call(*rates_kbps: float, loss_up: float = 0.0, growth: float = 0.0) -> list[PathTotals]:
    """A trial call that sends at these rates, one second each, and loses a share on the way up."""
    found = [PathTotals(0.0, estimate_kbps=1000.0)]
    for rate in rates_kbps:
        last = found[-1]
        packets = round(rate * 1000 / 8 / 1000)
        found.append(
            replace(
                last,
                at_s=last.at_s + 1,
                sent_bytes=last.sent_bytes + round(rate * 125),
                sent_packets=last.sent_packets + packets,
                lost_up=last.lost_up + round(packets * loss_up),
                received_bytes=last.received_bytes + round(rate * 125 * (1 - loss_up)),
                received_packets=last.received_packets + packets - round(packets * loss_up),
                estimate_kbps=(last.estimate_kbps or 0) * (1 + growth),
            )
        )
    return found


GROWING = (300, 400, 500, 600, 700, 800)
"""The first seconds of a ramp."""


def stream(lost: set[int], count: int = 400) -> list[Packet]:
    """A loss stream of 50 packets a second that loses these numbers."""
    return [Packet(n, n * 0.02, None if n in lost else n * 0.02 + 0.03) for n in range(count)]


def test_rates_are_what_arrived_not_what_was_sent() -> None:
    totals = call(1000, 2000, loss_up=0.1)

    assert uplink_kbps(totals) == pytest.approx([900, 1800], rel=0.02)
    assert downlink_kbps(totals) == pytest.approx([900, 1800], rel=0.01)


def test_where_less_may_be_sent_less_is_plenty() -> None:
    assert plenty_kbps(3500) == 2900
    assert plenty_kbps(1500) == 1350
    assert over(call(*GROWING, 1350, 1400), plenty_kbps(1500))
    assert not over(call(*GROWING, 1350, 1300), plenty_kbps(1500))


def test_a_counted_line_that_carries_all_that_may_be_sent_may_carry_more() -> None:
    assert figures_of(call(500, 1350, 1400, 1400), [], plenty_kbps(1500))["lower_bound"] is True
    assert figures_of(call(500, 900, 800), [], plenty_kbps(1500))["lower_bound"] is False


def test_the_columns_of_a_report_are_by_the_second() -> None:
    totals = [
        PathTotals(0.0),
        PathTotals(
            1.0, sent_packets=200, lost_up=3, encode_s=0.3, frames_encoded=30, pixels=921_600
        ),
        PathTotals(2.0, sent_packets=200, lost_up=3, encode_s=0.3, frames_encoded=30),
    ]

    columns = series_of(totals)

    assert {len(column) for column in columns.values()} == {2}
    assert columns["loss_up_percent"] == [1.5, None]
    assert columns["encode_ms"] == [10.0, None]
    assert columns["fps"] == [30.0, 0.0]
    assert columns["pixels"] == [921_600.0, 0.0]


def test_plenty_twice_is_enough() -> None:
    assert over(call(*GROWING, 2950, 3000))
    assert not over(call(*GROWING, 2950, 2800))
    assert not over(call(*GROWING, 500, 2950))


def test_a_quick_line_is_measured_for_eight_seconds_all_the_same() -> None:
    """After 5 s the loss stream had 250 packets, of which one is 0.4 %."""
    assert not over(call(*[3000] * 7))
    assert over(call(*[3000] * 8))


def test_a_steady_rate_is_enough_only_when_the_estimate_stands() -> None:
    steady = (*GROWING, 1000, 1010, 990, 1000, 1005)
    assert over(call(*steady))
    assert not over(call(*steady, growth=0.08))


def test_a_falling_rate_is_not_steady() -> None:
    assert not over(call(*GROWING, 1500, 1400, 1300, 1200, 1100))


def test_the_ramp_ends_where_the_preset_is_reached() -> None:
    assert ramp_s(call(400, 900, 1274, 1275, 1700)) == 4
    assert ramp_s(call(400, 900, 1274)) is None


def test_the_round_trip_is_the_median_of_what_was_told() -> None:
    told = (0.1, 0.9, 0.2, 0.1, 0.8)
    totals = [PathTotals(n, rtt_s=value) for n, value in enumerate((None, *told))]

    assert rtt_ms(totals) == pytest.approx(200)
    assert rtt_ms([PathTotals(0)]) is None


def test_a_round_trip_that_was_told_four_times_is_unknown() -> None:
    totals = [PathTotals(n, rtt_s=0.1) for n in range(5)]

    assert rtt_ms(totals) == pytest.approx(100)
    assert rtt_ms(totals[1:]) is None


def test_loss_is_of_the_second_half() -> None:
    early = call(*[1000] * 4, loss_up=0.5)
    totals = early + [
        replace(
            early[-1],
            at_s=4 + n,
            sent_packets=early[-1].sent_packets + 100 * n,
            lost_up=early[-1].lost_up + 3 * n,
            received_packets=early[-1].received_packets + 97 * n,
            lost_down=early[-1].lost_down + 3 * n,
        )
        for n in range(1, 6)
    ]

    up, down = loss_percent(totals)

    assert up == pytest.approx(3, abs=0.01)
    assert down == pytest.approx(3, abs=0.01)
    assert loss_percent([PathTotals(0)]) == (0, 0)


def test_loss_is_told_by_what_is_neither_sent_again_nor_counted_twice() -> None:
    """10 % each way: the SFU got most of the picture again, and passed the sound's gaps on."""
    start = PathTotals(0.0)
    middle = replace(
        start,
        at_s=8.0,
        sent_packets=1000,
        lost_up=30,
        sound_packets=400,
        sound_lost=40,
        received_packets=900,
        lost_down=150,
        picture_packets=600,
        picture_lost=60,
    )
    end = replace(
        middle,
        at_s=16.0,
        sent_packets=2000,
        lost_up=60,
        sound_packets=800,
        sound_lost=80,
        received_packets=1800,
        lost_down=300,
        picture_packets=1140,
        picture_lost=120,
    )

    assert loss_percent([start, middle, middle, end]) == pytest.approx((10, 10))


def test_bandwidth_counts_after_the_first_eight_seconds() -> None:
    totals = [PathTotals(n, limited_bandwidth_s=min(n, 8)) for n in range(17)]
    late = [PathTotals(n, limited_bandwidth_s=max(0, n - 12)) for n in range(17)]

    assert bandwidth_limited_percent(totals) == 0
    assert bandwidth_limited_percent(late) == pytest.approx(50)
    assert bandwidth_limited_percent(totals[:9]) is None


def test_the_encoder_is_judged_at_full_size_though_the_picture_was_shrunk() -> None:
    totals = [
        PathTotals(n, encode_s=n * 30 * 0.003, frames_encoded=n * 30, pixels=640 * 360)
        for n in range(6)
    ]

    assert encode_ms(totals) == pytest.approx(12)
    assert encode_ms(totals[:3]) is None
    assert encode_ms([PathTotals(0), PathTotals(5)]) is None


def test_time_without_cpu_is_a_share() -> None:
    assert cpu_limited_percent([PathTotals(0), PathTotals(10, limited_cpu_s=2)]) == 20


def test_the_loss_stream_counts_what_never_came() -> None:
    assert stream_loss_percent(stream({3, 4, 5, 6})) == 1.0
    assert stream_loss_percent([]) == 0


def test_a_burst_is_within_200_ms() -> None:
    assert burst_losses_percent(stream(set())) == (0, 0)
    assert burst_losses_percent(stream({20, 21, 22, 101})) == (30, 10)
    assert burst_losses_percent(stream(set(), count=5)) == (0, 0)


def test_a_packet_that_was_overtaken_is_reordered() -> None:
    packets = stream(set(), count=100)
    packets[10] = replace(packets[10], received_s=packets[11].received_s + 0.001)  # type: ignore[operator]  # the stream above loses nothing

    assert reordered_percent(packets) == 1.0
    assert reordered_percent(stream(set())) == 0


def test_an_even_stream_has_no_jitter_and_an_uneven_one_has() -> None:
    rng = random.Random(4)
    uneven = [Packet(n, n * 0.02, n * 0.02 + 0.03 + rng.random() * 0.04) for n in range(600)]

    assert stream_jitter_ms(stream(set())) == pytest.approx(0, abs=1e-6)
    # Two draws of 0..40 ms differ by a third of that on average, as long as none overtakes.
    assert stream_jitter_ms(uneven) == pytest.approx(13.3, rel=0.4)
    assert stream_jitter_ms(stream(set(), count=1)) is None


@pytest.mark.parametrize(
    ("loss", "rtt", "jitter", "expected"),
    [
        (0, 50, 5, 4.38),
        (1, 100, 10, 4.27),
        (3, 150, 20, 4.02),
        (5, 200, 30, 3.73),
        (10, 50, 5, 3.35),
        (10, 400, 60, 2.07),
    ],
)
def test_the_voice_quality_gives_the_published_vectors(
    loss: float, rtt: float, jitter: float, expected: float
) -> None:
    """Section 16 of the catalogue."""
    assert mos(loss, rtt, jitter) == pytest.approx(expected, abs=0.006)


def test_a_hopeless_line_is_one() -> None:
    assert mos(100, 3000, 500) == 1.0


def test_of_a_narrow_line_the_bursts_are_told_and_not_the_little_that_was_sent() -> None:
    sent = [replace(each, estimate_kbps=300.0) for each in call(180, 190, 190)]

    narrow = figures_of(sent, [], narrow_kbps=290.0, peak_kbps=1000.0)
    only_down = figures_of(sent, [], narrow_kbps=290.0, peak_kbps=1420.0)

    assert (narrow["uplink_kbps"], narrow["downlink_kbps"]) == (290.0, 290.0)
    assert narrow["lower_bound"] is False
    assert (only_down["uplink_kbps"], only_down["downlink_kbps"]) == (None, 290.0)
    assert only_down["lower_bound"] is False


BIG, MIDDLE, SMALL = 1280 * 720, 960 * 540, 640 * 360


@pytest.mark.parametrize(
    ("freezes", "pixels", "expected"),
    [
        # As clean lines of 1,600 and of 2,200 kbit/s did in six of six calls.
        ((0, 0, 0, 1, 1, 1), (0, BIG, BIG, MIDDLE, MIDDLE, MIDDLE), 0),
        ((0, 0, 0, 1, 1, 1), (0, BIG, MIDDLE, MIDDLE, MIDDLE, MIDDLE), 0),
        ((0, 0, 1, 1, 2, 2), (0, BIG, MIDDLE, MIDDLE, SMALL, SMALL), 0),
        ((0, 0, 0, 1, 2, 2), (0, BIG, MIDDLE, SMALL, SMALL, SMALL), 0),
        ((0, 0, 0, 0, 1, 1), (0, BIG, MIDDLE, MIDDLE, MIDDLE, MIDDLE), 1),
        # As a clean line of 2,200 did in four of five calls: it stops, and shrinks within a second.
        ((0, 0, 1, 2, 2, 2), (0, BIG, BIG, MIDDLE, MIDDLE, MIDDLE), 0),
        ((0, 0, 2, 2, 2, 2), (0, BIG, MIDDLE, MIDDLE, MIDDLE, MIDDLE), 0),
        ((0, 0, 1, 2, 2, 2), (0, BIG, MIDDLE, MIDDLE, MIDDLE, MIDDLE), 0),
        ((0, 0, 3, 3, 3, 3), (0, BIG, MIDDLE, MIDDLE, MIDDLE, MIDDLE), 1),
        # Two readings before it became smaller, and before it became larger.
        ((0, 1, 1, 1, 1, 1), (0, BIG, BIG, MIDDLE, MIDDLE, MIDDLE), 1),
        ((0, 0, 1, 2, 2, 2), (0, MIDDLE, MIDDLE, BIG, BIG, BIG), 1),
        ((0, 1, 2, 3, 4, 5), (BIG, BIG, BIG, BIG, BIG, BIG), 5),
        ((0, 1, 1, 1, 1, 1), (0, BIG, BIG, BIG, BIG, BIG), 1),
        ((0,), (BIG,), 0),
    ],
)
def test_a_freeze_is_the_lines_unless_the_size_changed(
    freezes: tuple[int, ...], pixels: tuple[int, ...], expected: int
) -> None:
    totals = [
        PathTotals(float(n), freezes=frozen, pixels=size)
        for n, (frozen, size) in enumerate(zip(freezes, pixels, strict=True))
    ]

    assert steady_freezes(totals) == expected


@pytest.mark.parametrize(
    ("pixels", "keys", "expected"),
    [
        # Both sizes came between two readings: only their key pictures tell.
        ((BIG, BIG, SMALL, SMALL), (1, 1, 3, 3), 0),
        ((BIG, BIG, SMALL, SMALL), (1, 1, 2, 2), 1),
        ((BIG, BIG, BIG, BIG), (1, 1, 3, 3), 1),
        # Two questions and one answer, then an answer that was counted late: no change of size.
        ((BIG, BIG, BIG, BIG), (1, 0, 0, 0), 3),
        ((BIG, BIG, BIG, BIG), (1, 0, 1, 1), 3),
    ],
)
def test_sizes_between_two_readings_are_known_by_their_key_pictures(
    pixels: tuple[int, ...], keys: tuple[int, ...], expected: int
) -> None:
    totals = [
        PathTotals(float(n), freezes=3 if n > 1 else 0, pixels=size, keys=whole)
        for n, (size, whole) in enumerate(zip(pixels, keys, strict=True))
    ]

    assert steady_freezes(totals) == expected
