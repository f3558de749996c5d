"""What a line carried, on trial calls of known truth."""

from dataclasses import replace

import pytest

from preflight.analysis.carried import (
    PACKET_BYTES,
    STREAM_KBPS,
    carried_down_kbps,
    carried_up_kbps,
)
from preflight.analysis.media_path import PathTotals

PACKETS = 100
"""A second."""
AROUND_KBPS = PACKETS * PACKET_BYTES * 8 / 1000 + STREAM_KBPS


def second(
    last: PathTotals,
    sent_kbps: float,
    *,
    lost: int = 0,
    resent: int = 0,
    received_kbps: float | None = None,
    again_kbps: float = 0.0,
) -> PathTotals:
    """Return the reading a second later; received is what was sent unless said."""
    came = sent_kbps if received_kbps is None else received_kbps
    return replace(
        last,
        at_s=last.at_s + 1,
        sent_bytes=last.sent_bytes + round(sent_kbps * 125),
        sent_packets=last.sent_packets + PACKETS,
        resent_packets=last.resent_packets + resent,
        lost_up=last.lost_up + lost,
        received_bytes=last.received_bytes + round(came * 125),
        received_packets=last.received_packets + PACKETS,
        again_bytes=last.again_bytes + round(again_kbps * 125),
    )


def call(*rates_kbps: float) -> list[PathTotals]:
    """A trial call without loss at these rates, one second each."""
    totals = [PathTotals(0.0)]
    for rate in rates_kbps:
        totals.append(second(totals[-1], rate))
    return totals


def test_a_rate_counts_as_whole_packets_with_the_loss_stream() -> None:
    totals = call(1000, 1000, 1000, 1000)

    assert carried_up_kbps(totals) == pytest.approx(1000 + AROUND_KBPS)
    assert carried_down_kbps(totals) == pytest.approx(1000 + AROUND_KBPS)


def test_a_call_that_fell_back_tells_what_the_line_carried_before() -> None:
    totals = call(900, 850, 830, 820, 400, 300, 350, 400, 450)

    assert carried_up_kbps(totals) == pytest.approx((900 + 850 + 830) / 3 + AROUND_KBPS)


def test_a_call_that_still_climbs_tells_where_it_got_to() -> None:
    totals = call(*range(1000, 2600, 100))

    assert carried_up_kbps(totals) == pytest.approx(2400 + AROUND_KBPS)


def test_a_burst_of_one_second_is_the_routers_queue() -> None:
    assert carried_up_kbps(call(500, 500, 1400, 500, 500)) == pytest.approx(800 + AROUND_KBPS)


def test_what_is_sent_in_vain_was_not_carried() -> None:
    """A 300 kbit/s line: 1,500 sent, most of it again, a fifth of the first tries reported lost."""
    totals = [PathTotals(0.0)]
    for _ in range(6):
        totals.append(second(totals[-1], 1500, lost=8, resent=60, received_kbps=260, again_kbps=20))

    found = carried_up_kbps(totals)

    assert found is not None
    assert 240 < found < 240 + AROUND_KBPS


def test_a_narrow_way_down_does_not_make_the_way_up_narrow() -> None:
    totals = [PathTotals(0.0)]
    for _ in range(6):
        totals.append(second(totals[-1], 2000, received_kbps=500))

    assert carried_up_kbps(totals) == pytest.approx(2000 + AROUND_KBPS)
    assert carried_down_kbps(totals) == pytest.approx(500 + AROUND_KBPS)


def test_a_line_that_lets_nothing_through_carried_nothing() -> None:
    totals = [PathTotals(0.0)]
    for _ in range(4):
        totals.append(second(totals[-1], 800, lost=50, resent=50, received_kbps=0))

    assert carried_up_kbps(totals) == 0
    assert carried_down_kbps(totals) == 0


def test_a_short_call_is_looked_at_as_a_whole_and_none_tells_nothing() -> None:
    assert carried_up_kbps(call(600, 800)) == pytest.approx(700 + AROUND_KBPS)
    assert carried_up_kbps([PathTotals(0.0)]) is None
    assert carried_down_kbps([]) is None
