"""The figures of a trial call by the names that the rows of the catalogue ask for. Pure."""

import itertools
from collections.abc import Sequence

from preflight.analysis.carried import carried_down_kbps, carried_up_kbps
from preflight.analysis.media_path import (
    PLENTY_KBPS,
    PRESET_KBPS,
    Packet,
    PathTotals,
    bandwidth_limited_percent,
    burst_losses_percent,
    cpu_limited_percent,
    downlink_kbps,
    encode_ms,
    loss_percent,
    mos,
    ramp_s,
    reordered_percent,
    rtt_ms,
    steady_freezes,
    stream_jitter_ms,
    stream_loss_percent,
    uplink_kbps,
)
from preflight.model import MeasuredValue

FREE_ESTIMATE_KBPS = 1200.0
"""The SDK's estimate after its first burst: 300 on a line of 300 kbit/s, 1,500 on a free one. It
begins with 1,000."""
ESTIMATE_WITHIN_S = 3.0


def figures_of(
    totals: Sequence[PathTotals],
    packets: Sequence[Packet],
    enough_kbps: float = PLENTY_KBPS,
    narrow_kbps: float | None = None,
    peak_kbps: float = 0.0,
) -> dict[str, MeasuredValue]:
    """Return the figures of P01 to P11 and H01; None where one could not be measured.

    Args:
        totals: one reading or more, in order.
        enough_kbps: from which rate on the line may carry more than was sent.
        narrow_kbps: what bursts said of a narrow line, which was sent less than it carries.
        peak_kbps: A's highest estimate within `ESTIMATE_WITHIN_S`, asked for more often than the
            totals are read: it stands for a moment only.
    """
    up, down = carried_up_kbps(totals), carried_down_kbps(totals)
    if narrow_kbps is not None:
        # A's own estimate is of the way up alone, and begins with a burst of its own.
        up, down = None if peak_kbps >= FREE_ESTIMATE_KBPS else narrow_kbps, narrow_kbps
    loss_up, loss_down = loss_percent(totals)
    round_trip = rtt_ms(totals)
    worst, second = burst_losses_percent(packets)
    stream_jitter = stream_jitter_ms(packets)
    jitter = max(totals[-1].jitter_s * 1000, stream_jitter or 0.0)
    return {
        "uplink_kbps": up,
        "lower_bound": up is not None and up >= enough_kbps,
        "downlink_kbps": down,
        # What is sent for nothing on a narrow line is no ramp.
        "ramp_s": None if up is None or up < PRESET_KBPS else ramp_s(totals),
        "rtt_ms": round_trip,
        "loss_up_percent": loss_up,
        "loss_down_percent": loss_down,
        "stream_packets": len(packets),
        "stream_loss_percent": stream_loss_percent(packets) if packets else None,
        "worst_burst_percent": worst if packets else None,
        "second_burst_percent": second if packets else None,
        "reordered_percent": reordered_percent(packets) if packets else None,
        "jitter_ms": jitter,
        "mos": None if round_trip is None else mos(max(loss_up, loss_down), round_trip, jitter),
        "limited_percent": bandwidth_limited_percent(totals),
        "cpu_limited_percent": cpu_limited_percent(totals),
        "encode_ms": encode_ms(totals),
        "decoded": totals[-1].frames_decoded > 0,
        "frames_decoded": totals[-1].frames_decoded,
        "freezes": totals[-1].freezes,
        "steady_freezes": steady_freezes(totals),
    }


def series_of(totals: Sequence[PathTotals]) -> dict[str, list[float | None]]:
    """Return the trial call by the second: columns of one length, for the report's plots."""
    later = totals[1:]
    return {
        "at_s": [round(each.at_s, 2) for each in later],
        "uplink_kbps": [round(rate) for rate in uplink_kbps(totals)],
        "downlink_kbps": [round(rate) for rate in downlink_kbps(totals)],
        "estimate_kbps": [_rounded(each.estimate_kbps) for each in later],
        "rtt_ms": [None if each.rtt_s is None else round(each.rtt_s * 1000, 1) for each in later],
        "loss_up_percent": [_lost(*pair) for pair in itertools.pairwise(totals)],
        "encode_ms": [_encoding_ms(*pair) for pair in itertools.pairwise(totals)],
        "fps": [_fps(*pair) for pair in itertools.pairwise(totals)],
        "pixels": [float(each.pixels) for each in later],
    }


def _lost(earlier: PathTotals, later: PathTotals) -> float | None:
    sent = later.sent_packets - earlier.sent_packets
    return round(100 * (later.lost_up - earlier.lost_up) / sent, 1) if sent > 0 else None


def _encoding_ms(earlier: PathTotals, later: PathTotals) -> float | None:
    frames = later.frames_encoded - earlier.frames_encoded
    return round(1000 * (later.encode_s - earlier.encode_s) / frames, 1) if frames > 0 else None


def _fps(earlier: PathTotals, later: PathTotals) -> float | None:
    seconds = later.at_s - earlier.at_s
    frames = later.frames_encoded - earlier.frames_encoded
    return round(frames / seconds, 1) if seconds > 0 else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value)
