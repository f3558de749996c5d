"""What a line does with packets: lost, late, one after the other, or not at all. Virtual time."""

import statistics

import pytest

from tests.impaired.packets import TCP, UDP, Fate, Packet
from tests.impaired.settings import Way
from tests.impaired.shaper import Shaper

MS = 1_000_000
PACKET = Packet(1200, 4, UDP, 5000, 6000, 1172)


def sent(shaper: Shaper, count: int, *, every_ms: float = 10.0) -> list[tuple[Fate, float]]:
    """Send packets at even distances; return fate and delay in ms of each."""
    told = []
    for number in range(count):
        now_ns = round(number * every_ms * MS)
        verdict = shaper.decide(PACKET, now_ns)
        told.append((verdict.fate, (verdict.due_ns - now_ns) / MS))
    return told


def test_a_free_line_lets_everything_through_at_once() -> None:
    assert sent(Shaper(Way(), 1), 3) == [(Fate.FORWARDED, 0.0)] * 3


def test_a_delay_is_the_same_for_all() -> None:
    assert sent(Shaper(Way(delay_ms=25), 1), 3) == [(Fate.FORWARDED, 25.0)] * 3


def test_losses_come_at_their_rate_and_again_with_the_same_seed() -> None:
    way = Way(loss=0.1)

    first, again, other = (sent(Shaper(way, seed), 5000) for seed in (1, 1, 2))

    share = sum(fate is Fate.LOST for fate, _ in first) / len(first)
    assert share == pytest.approx(0.1, abs=0.011)  # 99 % of 5,000
    assert first == again != other


def test_jitter_has_the_deviation_that_was_asked_for() -> None:
    delays = [
        delay
        for _, delay in sent(Shaper(Way(delay_ms=100, jitter_ms=10, may_overtake=True), 1), 5000)
    ]

    assert statistics.mean(delays) == pytest.approx(100, abs=0.5)
    assert statistics.stdev(delays) == pytest.approx(10, rel=0.05)
    assert min(delays) >= 70
    assert max(delays) <= 130


def test_no_packet_overtakes_another_unless_it_may() -> None:
    def leaving(may_overtake: bool) -> list[float]:
        way = Way(delay_ms=50, jitter_ms=40, may_overtake=may_overtake)
        told = sent(Shaper(way, 1), 200, every_ms=5)
        return [5 * number + delay for number, (_, delay) in enumerate(told)]

    assert leaving(False) == sorted(leaving(False))
    assert leaving(True) != sorted(leaving(True))


def test_a_narrow_line_sends_one_packet_after_the_other() -> None:
    """1,200 bytes at 960 kbit/s take 10 ms."""
    delays = [delay for _, delay in sent(Shaper(Way(rate_kbps=960), 1), 4, every_ms=0)]

    assert delays == [10.0, 20.0, 30.0, 40.0]


def test_what_finds_a_full_queue_is_dropped() -> None:
    told = sent(Shaper(Way(rate_kbps=960, queue_ms=30), 1), 8, every_ms=0)

    fates = [fate for fate, _ in told]
    assert fates == [Fate.FORWARDED] * 4 + [Fate.QUEUE_FULL] * 4


def test_a_narrow_line_carries_its_rate_and_no_more() -> None:
    told = sent(Shaper(Way(rate_kbps=960), 1), 1000, every_ms=5)

    through = sum(fate is Fate.FORWARDED for fate, _ in told)
    assert through * 1200 * 8 / 5000 == pytest.approx(960, rel=0.05)  # kbit/s over five seconds


@pytest.mark.parametrize(
    ("way", "packet", "fate"),
    [
        (Way(blocked=("udp",)), PACKET, Fate.BLOCKED),
        (Way(blocked=("udp",)), PACKET._replace(protocol=TCP), Fate.FORWARDED),
        (Way(blocked=("icmp",)), PACKET._replace(family=6, protocol=58), Fate.BLOCKED),
        (Way(blocked_ports=(6000,)), PACKET, Fate.BLOCKED),
        (Way(blocked_ports=(5000,)), PACKET, Fate.BLOCKED),
        (Way(blocked_ports=(7000,)), PACKET, Fate.FORWARDED),
        (Way(blocked_families=("ipv6",)), PACKET, Fate.FORWARDED),
        (Way(blocked_families=("ipv6",)), PACKET._replace(family=6), Fate.BLOCKED),
        (Way(largest_bytes=1200), PACKET, Fate.FORWARDED),
        (Way(largest_bytes=1199), PACKET, Fate.TOO_LARGE),
    ],
)
def test_what_is_closed_lets_nothing_through(way: Way, packet: Packet, fate: Fate) -> None:
    assert Shaper(way, 1).decide(packet, 0).fate is fate


def test_new_settings_hold_from_the_next_packet_on() -> None:
    shaper = Shaper(Way(delay_ms=50), 1)
    before = shaper.decide(PACKET, 0)

    shaper.take(Way(delay_ms=5))
    after = shaper.decide(PACKET, 100 * MS)

    assert (before.due_ns, after.due_ns) == (50 * MS, 105 * MS)
