"""Reads both participants' statistics as totals. Imports the SDK's types alone."""

from livekit import rtc

from preflight.analysis.media_path import PathTotals
from preflight.model import MeasuredValue

_VIDEO, _AUDIO = "video", "audio"
_CANDIDATES = ("host", "srflx", "prflx", "relay")
_TCP_TYPES = ("active", "passive", "so")
_RELAYS = ("udp", "tcp", "tls")


def totals_of(at_s: float, a: rtc.RtcStats, b: rtc.RtcStats) -> PathTotals:
    """Sum up what A sent and B received; both lists are read, whichever holds it."""
    sent = _sent(a)
    received = _received(b)
    rtt_s, uplink_kbps = _pair(a)
    return PathTotals(
        at_s=at_s,
        sent_bytes=sent.sent_bytes,
        sent_packets=sent.sent_packets,
        lost_up=sent.lost_up,
        received_bytes=received.received_bytes,
        received_packets=received.received_packets,
        lost_down=received.lost_down,
        rtt_s=rtt_s,
        estimate_kbps=uplink_kbps,
        encode_s=sent.encode_s,
        frames_encoded=sent.frames_encoded,
        limited_bandwidth_s=sent.limited_bandwidth_s,
        limited_cpu_s=sent.limited_cpu_s,
        pixels=sent.pixels,
        frames_decoded=received.frames_decoded,
        freezes=received.freezes,
        jitter_s=max(sent.jitter_s, received.jitter_s),
        resent_packets=sent.resent_packets,
        again_bytes=received.again_bytes,
        sound_packets=sent.sound_packets,
        sound_lost=sent.sound_lost,
        picture_packets=received.picture_packets,
        picture_lost=received.picture_lost,
        keys=sent.keys,
    )


def path_of(stats: rtc.RtcStats) -> dict[str, MeasuredValue]:
    """Return protocol and kind of the selected local candidate, and what is told of the encoder."""
    reports = _reports(stats)
    found: dict[str, MeasuredValue] = {}
    for report in reports:
        if report.HasField("outbound_rtp") and report.outbound_rtp.stream.kind == _VIDEO:
            found["encoder"] = report.outbound_rtp.outbound.encoder_implementation
            found["power_efficient"] = report.outbound_rtp.outbound.power_efficient_encoder
    selected = _selected(stats)
    local = {
        report.candidate_pair.candidate_pair.local_candidate_id
        for report in reports
        if report.HasField("candidate_pair") and report.candidate_pair.rtc.id in selected
    }
    for report in reports:
        if report.HasField("local_candidate") and report.local_candidate.rtc.id in local:
            candidate = report.local_candidate.candidate
            kind = candidate.candidate_type
            found["protocol"] = candidate.protocol
            found["candidate"] = _CANDIDATES[kind] if kind < len(_CANDIDATES) else "unknown"
            found["udp"] = candidate.protocol == "udp" and found["candidate"] != "relay"
            if found["candidate"] == "relay":
                # Between us and the relay; the protocol above is between relay and server.
                relay = candidate.relay_protocol
                found["relay_protocol"] = _RELAYS[relay] if relay < len(_RELAYS) else "unknown"
            elif candidate.protocol == "tcp":
                tcp = candidate.tcp_type
                found["tcp_type"] = _TCP_TYPES[tcp] if tcp < len(_TCP_TYPES) else "unknown"
    return found


def audio_packets(stats: rtc.RtcStats) -> dict[str, int]:
    """Return how many packets of each stream of sound came so far, by the stream's number."""
    return {
        report.inbound_rtp.rtc.id: report.inbound_rtp.received.packets_received
        for report in _reports(stats)
        if report.HasField("inbound_rtp") and report.inbound_rtp.stream.kind == _AUDIO
    }


def media_packets(stats: rtc.RtcStats) -> int:
    """Return how many packets of sound and pictures came so far."""
    return sum(
        report.inbound_rtp.received.packets_received
        for report in _reports(stats)
        if report.HasField("inbound_rtp")
    )


def estimate_kbps(a: rtc.RtcStats) -> float:
    """Return what A takes its uplink for, in kbit/s; 0 where it is not told."""
    return _pair(a)[1] or 0.0


def _reports(stats: rtc.RtcStats) -> list[rtc.stats.RtcStats]:
    return [*stats.publisher_stats, *stats.subscriber_stats]


def _selected(stats: rtc.RtcStats) -> set[str]:
    return {
        report.transport.transport.selected_candidate_pair_id
        for report in _reports(stats)
        if report.HasField("transport")
    }


def _pair(stats: rtc.RtcStats) -> tuple[float | None, float | None]:
    """Return round trip in seconds and estimate in kbit/s of the publisher's selected pair."""
    selected = _selected(stats)
    rtt_s = uplink_kbps = None
    for report in stats.publisher_stats:
        if not report.HasField("candidate_pair") or report.candidate_pair.rtc.id not in selected:
            continue
        pair = report.candidate_pair.candidate_pair
        # 0.0 before the first answer; after it a loopback rounds down to it.
        rtt_s = pair.current_round_trip_time if pair.responses_received else rtt_s
        uplink_kbps = pair.available_outgoing_bitrate / 1000 or uplink_kbps
    return rtt_s, uplink_kbps


def _sent(stats: rtc.RtcStats) -> PathTotals:
    size = packets = resent = lost = frames = pixels = sound = sound_lost = keys = 0
    encode_s = bandwidth_s = cpu_s = jitter_s = 0.0
    for report in _reports(stats):
        if report.HasField("outbound_rtp"):
            out = report.outbound_rtp
            size += out.sent.bytes_sent + out.outbound.header_bytes_sent
            packets += out.sent.packets_sent
            resent += out.outbound.retransmitted_packets_sent
            if out.stream.kind == _VIDEO:
                encode_s += out.outbound.total_encode_time
                frames += out.outbound.frames_encoded
                keys += out.outbound.key_frames_encoded
                keys -= out.outbound.pli_count + out.outbound.fir_count
                pixels = max(pixels, out.outbound.frame_width * out.outbound.frame_height)
                durations = out.outbound.quality_limitation_durations
                bandwidth_s += durations.get("bandwidth", 0.0)
                cpu_s += durations.get("cpu", 0.0)
            elif out.stream.kind == _AUDIO:
                sound += out.sent.packets_sent
        elif report.HasField("remote_inbound_rtp"):
            told = report.remote_inbound_rtp
            lost += max(0, told.received.packets_lost)
            if told.stream.kind == _AUDIO:
                sound_lost += max(0, told.received.packets_lost)
                jitter_s = max(jitter_s, told.received.jitter)
    return PathTotals(
        0.0,
        sent_bytes=size,
        sent_packets=packets,
        lost_up=lost,
        encode_s=encode_s,
        frames_encoded=frames,
        limited_bandwidth_s=bandwidth_s,
        limited_cpu_s=cpu_s,
        pixels=pixels,
        keys=keys,
        jitter_s=jitter_s,
        resent_packets=resent,
        sound_packets=sound,
        sound_lost=sound_lost,
    )


def _received(stats: rtc.RtcStats) -> PathTotals:
    size = again = packets = lost = decoded = freezes = pictures = pictures_lost = 0
    jitter_s = 0.0
    for report in _reports(stats):
        if not report.HasField("inbound_rtp"):
            continue
        into = report.inbound_rtp
        size += into.inbound.bytes_received + into.inbound.header_bytes_received
        again += into.inbound.retransmitted_bytes_received
        packets += into.received.packets_received
        lost += max(0, into.received.packets_lost)
        if into.stream.kind == _VIDEO:
            pictures += into.received.packets_received
            pictures_lost += max(0, into.received.packets_lost)
            decoded += into.inbound.frames_decoded
            freezes += into.inbound.freeze_count
        elif into.stream.kind == _AUDIO:
            jitter_s = max(jitter_s, into.received.jitter)
    return PathTotals(
        0.0,
        received_bytes=size,
        received_packets=packets,
        lost_down=lost,
        frames_decoded=decoded,
        freezes=freezes,
        jitter_s=jitter_s,
        again_bytes=again,
        picture_packets=pictures,
        picture_lost=pictures_lost,
    )
