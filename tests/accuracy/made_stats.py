"""A made call's statistics, as the SDK tells them of both participants."""

from dataclasses import dataclass
from typing import Any

from livekit import rtc

Report = rtc.stats.RtcStats


@dataclass(slots=True)
class Sent:
    """What A sent and what is said of it, as totals."""

    sound_bytes: int = 0
    sound_packets: int = 0
    sound_lost: int = 0
    picture_bytes: int = 0
    picture_packets: int = 0
    picture_lost: int = 0
    resent: int = 0
    encode_s: float = 0.0
    frames: int = 0
    width: int = 1280
    height: int = 720
    bandwidth_s: float = 0.0
    cpu_s: float = 0.0
    rtt_s: float = 0.03
    estimate_kbps: float = 2000.0
    keys: int = 1
    asked: int = 0


@dataclass(slots=True)
class Came:
    """What B got, as totals."""

    sound_bytes: int = 0
    sound_packets: int = 0
    picture_bytes: int = 0
    picture_packets: int = 0
    picture_lost: int = 0
    again_bytes: int = 0
    decoded: int = 0
    freezes: int = 0


@dataclass(frozen=True, slots=True)
class Local:
    """One local candidate, in the numbers of the protocol."""

    protocol: str = "udp"
    kind: int = 0
    relay: int = 0
    tcp: int = 0


def path_reports(chosen: Local, others: tuple[Local, ...] = (), *, place: int = 0) -> list[Report]:
    """Return transport, pairs and candidates; ``place`` is where the chosen one stands."""
    locals_ = list(others)
    locals_.insert(min(place, len(locals_)), chosen)
    reports: list[Report] = []
    for number, each in enumerate(locals_):
        report: Any = Report()
        report.local_candidate.rtc.id = f"L{number}"
        candidate = report.local_candidate.candidate
        candidate.protocol, candidate.candidate_type = each.protocol, each.kind
        if each.kind == 3:
            candidate.relay_protocol = each.relay
        elif each.protocol == "tcp":
            candidate.tcp_type = each.tcp
        pair: Any = Report()
        pair.candidate_pair.rtc.id = f"P{number}"
        pair.candidate_pair.candidate_pair.local_candidate_id = f"L{number}"
        pair.candidate_pair.candidate_pair.responses_received = 3
        pair.candidate_pair.candidate_pair.current_round_trip_time = 0.03
        reports += [report, pair]
    transport: Any = Report()
    transport.transport.rtc.id = "T1"
    at = locals_.index(chosen)
    transport.transport.transport.selected_candidate_pair_id = f"P{at}"
    reports.append(transport)
    return reports


def stats_of_a(sent: Sent, path: list[Report] | None = None) -> rtc.RtcStats:
    """Return A's statistics; the path is UDP where nothing else is said."""
    found = list(path_reports(Local()) if path is None else path)
    for report in found:
        if report.HasField("candidate_pair"):
            pair: Any = report.candidate_pair.candidate_pair
            pair.current_round_trip_time = sent.rtt_s
            pair.available_outgoing_bitrate = sent.estimate_kbps * 1000
    for kind, size, packets, lost in (
        ("audio", sent.sound_bytes, sent.sound_packets, sent.sound_lost),
        ("video", sent.picture_bytes, sent.picture_packets, sent.picture_lost),
    ):
        out: Any = Report()
        out.outbound_rtp.stream.kind = kind
        out.outbound_rtp.sent.bytes_sent = size - 12 * packets
        out.outbound_rtp.outbound.header_bytes_sent = 12 * packets
        out.outbound_rtp.sent.packets_sent = packets
        told: Any = Report()
        told.remote_inbound_rtp.stream.kind = kind
        told.remote_inbound_rtp.received.packets_lost = lost
        if kind == "video":
            video = out.outbound_rtp.outbound
            video.total_encode_time, video.frames_encoded = sent.encode_s, sent.frames
            video.frame_width, video.frame_height = sent.width, sent.height
            video.retransmitted_packets_sent = sent.resent
            video.quality_limitation_durations["bandwidth"] = sent.bandwidth_s
            video.quality_limitation_durations["cpu"] = sent.cpu_s
            video.key_frames_encoded, video.pli_count = sent.keys, sent.asked
            video.encoder_implementation = "libvpx"
        found += [out, told]
    return rtc.RtcStats(publisher_stats=found, subscriber_stats=[])


def stats_of_b(came: Came) -> rtc.RtcStats:
    """Return B's statistics."""
    found: list[Report] = []
    for kind, size, packets in (
        ("audio", came.sound_bytes, came.sound_packets),
        ("video", came.picture_bytes, came.picture_packets),
    ):
        into: Any = Report()
        into.inbound_rtp.rtc.id = f"in-{kind}"
        into.inbound_rtp.stream.kind = kind
        into.inbound_rtp.inbound.bytes_received = size - 12 * packets
        into.inbound_rtp.inbound.header_bytes_received = 12 * packets
        into.inbound_rtp.received.packets_received = packets
        if kind == "video":
            into.inbound_rtp.received.packets_lost = came.picture_lost
            into.inbound_rtp.inbound.retransmitted_bytes_received = came.again_bytes
            into.inbound_rtp.inbound.frames_decoded = came.decoded
            into.inbound_rtp.inbound.freeze_count = came.freezes
        found.append(into)
    return rtc.RtcStats(publisher_stats=[], subscriber_stats=found)
