"""Reads one second of a room's statistics: quality, and the state of the transport.

Counters only grow while the room lives; after a full reconnect they start again, so a falling
counter starts a new difference instead of a negative one.
"""

from dataclasses import dataclass
from datetime import datetime

from livekit import rtc

from client_api.records import QualitySample

_ICE_GOOD = {2, 3}
"""Connected, completed."""
_ICE_BAD = {4, 5}
"""Disconnected, failed."""
_VIDEO = "video"
_AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters since the room began, summed over its tracks, and the figures of the moment.

    Attributes:
        is_transport_ok: False also when the statistics hold no transport, as during a restart.
        audio_packets: received packets of sound; they stop when the network does, while the
            decoded stream goes on with silence.
        loss_up_percent: as the other side of the uplink reports it.
    """

    is_transport_ok: bool = False
    rtt_ms: float | None = None
    loss_up_percent: float | None = None
    jitter_ms: float | None = None
    bytes_sent: int = 0
    bytes_received: int = 0
    packets_received: int = 0
    packets_lost: int = 0
    audio_packets: int = 0
    freezes: int = 0
    fps_sent: float | None = None
    fps_received: float | None = None
    width: int | None = None
    height: int | None = None
    limited_by: int = 0


def read_totals(stats: rtc.RtcStats) -> Totals:
    """Sum up both lists; which one holds what depends on the number of peer connections."""
    reports = (*stats.publisher_stats, *stats.subscriber_stats)
    ice_states: set[int] = set()
    rtt_ms: float | None = None
    loss_up: float | None = None
    jitter_ms: float | None = None
    sent = received = packets = lost = audio_packets = freezes = limited_by = 0
    fps_sent: float | None = None
    fps_received: float | None = None
    size: tuple[int, int] | None = None
    selected = {
        report.transport.transport.selected_candidate_pair_id
        for report in reports
        if report.HasField("transport")
    }
    for report in reports:
        match report.WhichOneof("stats"):
            case "transport":
                ice_states.add(report.transport.transport.ice_state)
            case "candidate_pair" if report.candidate_pair.rtc.id in selected:
                seconds = report.candidate_pair.candidate_pair.current_round_trip_time
                # 0.0 means "not measured yet".
                rtt_ms = seconds * 1000 if seconds > 0 else rtt_ms
            case "remote_inbound_rtp":
                fraction = report.remote_inbound_rtp.remote_inbound.fraction_lost
                loss_up = max(loss_up or 0.0, fraction * 100)
            case "outbound_rtp":
                out = report.outbound_rtp
                sent += out.sent.bytes_sent
                if out.stream.kind == _VIDEO:
                    fps_sent = max(fps_sent or 0.0, out.outbound.frames_per_second)
                    limited_by = max(limited_by, out.outbound.quality_limitation_reason)
            case "inbound_rtp":
                into = report.inbound_rtp
                received += into.inbound.bytes_received
                packets += into.received.packets_received
                lost += max(0, into.received.packets_lost)
                jitter_ms = max(jitter_ms or 0.0, into.received.jitter * 1000)
                if into.stream.kind == _VIDEO:
                    freezes += into.inbound.freeze_count
                    fps_received = max(fps_received or 0.0, into.inbound.frames_per_second)
                    size = max(
                        size or (0, 0), (into.inbound.frame_width, into.inbound.frame_height)
                    )
                elif into.stream.kind == _AUDIO:
                    audio_packets += into.received.packets_received
            case _:
                pass
    return Totals(
        is_transport_ok=bool(ice_states & _ICE_GOOD) and not ice_states & _ICE_BAD,
        rtt_ms=rtt_ms,
        loss_up_percent=loss_up,
        jitter_ms=jitter_ms,
        bytes_sent=sent,
        bytes_received=received,
        packets_received=packets,
        packets_lost=lost,
        audio_packets=audio_packets,
        freezes=freezes,
        fps_sent=fps_sent,
        fps_received=fps_received,
        width=size[0] if size and size[0] else None,
        height=size[1] if size and size[1] else None,
        limited_by=limited_by,
    )


def quality_sample(
    before: Totals | None, now: Totals, *, seconds: float, at: datetime
) -> QualitySample:
    """Make the sample of the time between two readings; the first one has no rates yet."""
    if before is None or seconds <= 0:
        up = down = loss_down = None
        freezes = 0
    else:
        up = _grown(before.bytes_sent, now.bytes_sent) * 8 / 1000 / seconds
        down = _grown(before.bytes_received, now.bytes_received) * 8 / 1000 / seconds
        lost = _grown(before.packets_lost, now.packets_lost)
        expected = lost + _grown(before.packets_received, now.packets_received)
        loss_down = 100 * lost / expected if expected else None
        freezes = _grown(before.freezes, now.freezes)
    return QualitySample(
        at=at,
        rtt_ms=now.rtt_ms,
        loss_up_percent=now.loss_up_percent,
        loss_down_percent=loss_down,
        jitter_ms=now.jitter_ms,
        up_kbps=up,
        down_kbps=down,
        fps_sent=now.fps_sent,
        fps_received=now.fps_received,
        width=now.width,
        height=now.height,
        freezes=freezes,
    )


def _grown(before: int, now: int) -> int:
    return now - before if now >= before else now
