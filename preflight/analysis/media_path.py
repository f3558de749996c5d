"""What a trial call through the SFU tells: rates that arrived, loss, jitter, delay, voice quality.

Pure. Totals are read about once a second from the SDK's statistics; the loss stream is numbered
data packets of our own. Limits live in ``preflight.verdicts.advice.media``.
"""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from preflight.verdicts.recommendation import LADDER

PLENTY_KBPS = float(LADDER[-1].uplink_kbps)
"""The highest rung needs no more: measuring on would only cost time and data."""
METERED_CAP_KBPS = 1500
METERED_LONGEST_S = 8.0
"""Where data costs money, less must do (section 6 of the catalogue)."""
SHORTEST_S = 8.0
"""The loss stream has sent 400 packets by then, and round trips were read eight times."""
FEWEST_ROUND_TRIPS = 5
"""A machine that is slow to tell its statistics is read less often."""
_OF_CAP = 0.9
"""Reached: an encoder stays a little below what it may send."""
STEADY_SAMPLES = 5
STEADY_SHARE = 0.07
GROWING_PER_S = 0.02
"""An estimate that still grows by this much a second is no end of the ramp."""
PRESET_KBPS = 0.75 * LADDER[-1].bitrate_kbps
"""75 % of the 720p preset of 1,700 kbit/s: the picture is as sharp as it is meant to be."""
LIMITS_COUNT_FROM_S = 8.0
BURST_PACKETS = 10
"""200 ms of the loss stream."""
_PIXELS_720P = 1280 * 720
_ENCODER_DELAY_MS = 20.0


@dataclass(frozen=True, slots=True)
class PathTotals:
    """What both participants' statistics said at one moment, as totals since the connect.

    Attributes:
        at_s: seconds since the publish.
        sent_bytes, sent_packets: of A, pictures and sound, RTP headers included.
        lost_up: packets of A that the SFU reported as lost; each once, however often sent.
        resent_packets: those of ``sent_packets`` that had been sent before.
        received_bytes, received_packets, lost_down: at B.
        again_bytes: those of ``received_bytes`` that were sent again.
        sound_packets, sound_lost: of A's sound alone; nobody asks for it again.
        picture_packets, picture_lost: of the picture at B alone.
        rtt_s: current round trip of A's nominated pair; None where it is not told.
        estimate_kbps: A's estimate of its uplink; None where it is not told.
        encode_s, frames_encoded: time A's encoder spent, and pictures.
        limited_bandwidth_s, limited_cpu_s: for how long A's encoder was held back by each.
        pixels: width times height of the picture that is sent.
        frames_decoded, freezes: at B.
        keys: pictures that A's encoder sent whole, less those that somebody asked for.
        jitter_s: the larger of A's reported and B's own jitter of the sound.
    """

    at_s: float
    sent_bytes: int = 0
    sent_packets: int = 0
    lost_up: int = 0
    received_bytes: int = 0
    received_packets: int = 0
    lost_down: int = 0
    rtt_s: float | None = None
    estimate_kbps: float | None = None
    encode_s: float = 0.0
    frames_encoded: int = 0
    limited_bandwidth_s: float = 0.0
    limited_cpu_s: float = 0.0
    pixels: int = 0
    frames_decoded: int = 0
    freezes: int = 0
    jitter_s: float = 0.0
    resent_packets: int = 0
    again_bytes: int = 0
    sound_packets: int = 0
    sound_lost: int = 0
    picture_packets: int = 0
    picture_lost: int = 0
    keys: int = 0


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet of the loss stream; ``received_s`` is None for a lost one (same clock)."""

    number: int
    sent_s: float
    received_s: float | None


def uplink_kbps(totals: Sequence[PathTotals]) -> list[float]:
    """Return what arrived of A's sending between neighbouring readings, in kbit/s.

    Bytes sent times (1 - loss that the SFU reports back): never the encoder's target nor the
    estimate, which on an idle loopback grows without limit.
    """
    return [
        _kbps(later.sent_bytes - earlier.sent_bytes, later.at_s - earlier.at_s)
        * (1.0 - _share(later.lost_up - earlier.lost_up, _originals(earlier, later)))
        for earlier, later in itertools.pairwise(totals)
    ]


def _originals(earlier: PathTotals, later: PathTotals) -> int:
    """Return how many packets A sent for the first time: losses are reported of these."""
    resent = later.resent_packets - earlier.resent_packets
    return later.sent_packets - earlier.sent_packets - resent


def downlink_kbps(totals: Sequence[PathTotals]) -> list[float]:
    """Return what B received between neighbouring readings, in kbit/s."""
    return [
        _kbps(later.received_bytes - earlier.received_bytes, later.at_s - earlier.at_s)
        for earlier, later in itertools.pairwise(totals)
    ]


def plenty_kbps(cap_kbps: float) -> float:
    """Return from which rate on more need not be measured, where no more than the cap is sent."""
    return min(PLENTY_KBPS, _OF_CAP * cap_kbps)


def over(totals: Sequence[PathTotals], enough_kbps: float = PLENTY_KBPS) -> bool:
    """Say whether measuring on would tell nothing new.

    Not before 8 s. Then either there is plenty twice running, or the last five rates lie within
    7 % of their median while the estimate grew by less than 2 % a second. A rate that falls is not
    steady.
    """
    rates = uplink_kbps(totals)
    if totals[-1].at_s < SHORTEST_S:
        return False
    if len(rates) >= 2 and min(rates[-2:]) >= enough_kbps:
        return True
    last = rates[-STEADY_SAMPLES:]
    if len(last) < STEADY_SAMPLES:
        return False
    middle = statistics.median(last)
    steady = all(abs(rate - middle) <= STEADY_SHARE * middle for rate in last)
    first, end = totals[-STEADY_SAMPLES - 1], totals[-1]
    if not steady or first.estimate_kbps is None or end.estimate_kbps is None:
        return False
    growth = end.estimate_kbps / max(first.estimate_kbps, 1.0) - 1.0
    return abs(growth) < GROWING_PER_S * (end.at_s - first.at_s)


def ramp_s(totals: Sequence[PathTotals]) -> float | None:
    """Return when the uplink first reached 1,275 kbit/s, seconds since the publish."""
    for rate, later in zip(uplink_kbps(totals), totals[1:], strict=True):
        if rate >= PRESET_KBPS:
            return later.at_s
    return None


def rtt_ms(totals: Sequence[PathTotals]) -> float | None:
    """Return the median round trip of the nominated pair; None where it was told too seldom."""
    known = [each.rtt_s * 1000 for each in totals if each.rtt_s is not None]
    return statistics.median(known) if len(known) >= FEWEST_ROUND_TRIPS else None


def loss_percent(totals: Sequence[PathTotals]) -> tuple[float, float]:
    """Return loss up and down over the second half of the readings, 0..100.

    Up that of the sound: of the picture the SFU reports only what it did not get when it asked
    again, a third of a line's loss. Down that of the picture: gaps in the sound are passed on from
    the way up, where they would count a second time. Where there is no such stream, of all.
    """
    if len(totals) < 2:
        return 0.0, 0.0
    middle, end = totals[len(totals) // 2 - 1], totals[-1]
    sound = end.sound_packets - middle.sound_packets
    if sound > 0:
        up = _share(end.sound_lost - middle.sound_lost, sound)
    else:
        up = _share(end.lost_up - middle.lost_up, _originals(middle, end))
    came, lost = (
        end.picture_packets - middle.picture_packets,
        end.picture_lost - middle.picture_lost,
    )
    if came <= 0:
        came, lost = (
            end.received_packets - middle.received_packets,
            end.lost_down - middle.lost_down,
        )
    return 100 * up, 100 * _share(lost, came + lost)


def bandwidth_limited_percent(totals: Sequence[PathTotals]) -> float | None:
    """Return for which share of the time after 8 s the encoder was short of bandwidth, 0..100."""
    late = [each for each in totals if each.at_s >= LIMITS_COUNT_FROM_S]
    if len(late) < 2:
        return None
    limited = late[-1].limited_bandwidth_s - late[0].limited_bandwidth_s
    return 100 * _share(limited, late[-1].at_s - late[0].at_s)


def steady_freezes(totals: Sequence[PathTotals]) -> int:
    """Return B's freezes that no change of the sent picture's size explains.

    The trial sends more than a call. Where a line cannot carry that, the picture stops for a
    moment and becomes smaller within a second; the new size begins with a key picture, many times
    as large as others, and it stops again. So a change explains one freeze of its own reading or
    the next, and one that makes it smaller another of its own reading or the one before (0055,
    0058).
    """
    steps = list(itertools.pairwise(totals))
    explained, most_keys = list[range](), totals[0].keys
    for number, (earlier, later) in enumerate(steps):
        changes = _size_changes(earlier, later, later.keys - most_keys)
        most_keys = max(most_keys, later.keys)
        explained += [range(number, number + 2)] * changes
        if _shrinks(earlier, later):
            explained.append(range(number - 1, number + 1))
    found = 0
    for number, (earlier, later) in enumerate(steps):
        for _ in range(later.freezes - earlier.freezes):
            fitting = [each for each in explained if number in each]
            if fitting:
                # Those that end first: the others may be wanted later.
                explained.remove(min(fitting, key=lambda each: each.stop))
            else:
                found += 1
    return found


def _shrinks(earlier: PathTotals, later: PathTotals) -> bool:
    return earlier.pixels > later.pixels > 0


def _size_changes(earlier: PathTotals, later: PathTotals, keys: int) -> int:
    """Return how often the size changed between two readings.

    Sizes that came and went between them are known by their key pictures; one that the size does
    not show may be an answer whose question had been counted before.
    """
    differs = 0 < earlier.pixels != later.pixels > 0
    return max(int(differs), keys) if differs or keys > 1 else 0


def encode_ms(totals: Sequence[PathTotals]) -> float | None:
    """Return the encoder's time per picture, scaled to 1280x720, in ms.

    A picture that was shrunk for want of bandwidth or CPU still gives a verdict on the machine.
    None below 3 s, or without pictures.
    """
    first, end = totals[0], totals[-1]
    frames = end.frames_encoded - first.frames_encoded
    if end.at_s - first.at_s < 3.0 or frames <= 0 or end.pixels <= 0:
        return None
    each_ms = (end.encode_s - first.encode_s) / frames * 1000
    return each_ms * _PIXELS_720P / end.pixels


def cpu_limited_percent(totals: Sequence[PathTotals]) -> float:
    """Return for which share of the time the encoder was short of CPU, 0..100."""
    first, end = totals[0], totals[-1]
    return 100 * _share(end.limited_cpu_s - first.limited_cpu_s, end.at_s - first.at_s)


def stream_loss_percent(packets: Sequence[Packet]) -> float:
    """Return the loss of the loss stream, 0..100."""
    return 100 * _share(sum(each.received_s is None for each in packets), len(packets))


def burst_losses_percent(packets: Sequence[Packet]) -> tuple[float, float]:
    """Return the loss of the worst and of the second-worst 200 ms (10 packets), 0..100."""
    in_order = sorted(packets, key=lambda each: each.number)
    losses = sorted(
        (
            stream_loss_percent(in_order[start : start + BURST_PACKETS])
            for start in range(0, len(in_order) - BURST_PACKETS + 1, BURST_PACKETS)
        ),
        reverse=True,
    )
    worst, second, *_ = [*losses, 0.0, 0.0]
    return worst, second


def reordered_percent(packets: Sequence[Packet]) -> float:
    """Return the share of received packets that came after one with a higher number, 0..100."""
    came = sorted((each.received_s, each.number) for each in packets if each.received_s is not None)
    highest, late = -1, 0
    for _, number in came:
        late += number < highest
        highest = max(highest, number)
    return 100 * _share(late, len(came))


def stream_jitter_ms(packets: Sequence[Packet]) -> float | None:
    """Return the interarrival jitter of the loss stream (RFC 3550, 6.4.1) in ms."""
    came = sorted(
        (each.received_s, each.received_s - each.sent_s)
        for each in packets
        if each.received_s is not None
    )
    if len(came) < 2:
        return None
    jitter_s = 0.0
    for (_, before), (_, transit) in itertools.pairwise(came):
        jitter_s += (abs(transit - before) - jitter_s) / 16
    return jitter_s * 1000


def mos(loss_percent: float, rtt_ms: float, jitter_ms: float) -> float:
    """Return the expected listening quality, 1.0..4.5, by the E-model.

    Args:
        loss_percent: 0..100, in percent as G.113 wants it (a fraction hides all loss).

    Source: ITU-T G.107 with the impairments of a concealing codec (G.113: Bpl 25.1).
    """
    delay_ms = rtt_ms / 2 + 2 * jitter_ms + _ENCODER_DELAY_MS
    delay_impairment = 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - 177.3)
    loss_impairment = 95 * loss_percent / (loss_percent + 25.1)
    rating = 93.2 - delay_impairment - loss_impairment
    if rating <= 0:
        return 1.0
    return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6


def _kbps(count: float, seconds: float) -> float:
    return max(0.0, count) * 8 / 1000 / seconds if seconds > 0 else 0.0


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
