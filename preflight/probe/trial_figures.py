"""The figures of a trial call by the names that the rows of the catalogue ask for. Pure."""

from collections.abc import Sequence

from preflight.analysis.media_path import (
    PLENTY_KBPS,
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
    settled,
    stream_jitter_ms,
    stream_loss_percent,
    uplink_kbps,
)
from preflight.model import MeasuredValue


def figures_of(totals: Sequence[PathTotals], packets: Sequence[Packet]) -> dict[str, MeasuredValue]:
    """Return the figures of P01 to P11 and H01; None where one could not be measured.

    Args:
        totals: one reading or more, in order.
    """
    up, down = settled(uplink_kbps(totals)), settled(downlink_kbps(totals))
    loss_up, loss_down = loss_percent(totals)
    round_trip = rtt_ms(totals)
    worst, second = burst_losses_percent(packets)
    stream_jitter = stream_jitter_ms(packets)
    jitter = max(totals[-1].jitter_s * 1000, stream_jitter or 0.0)
    return {
        "uplink_kbps": up,
        "lower_bound": up is not None and up >= PLENTY_KBPS,
        "downlink_kbps": down,
        "ramp_s": ramp_s(totals),
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
    }
