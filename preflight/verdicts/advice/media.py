"""P01 to P21: the way of pictures and sound through the call's own media server."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, MustBe, NotIn, Rule

RAMP_DEADLINE_MS = 24_000
"""The longest ramp with its join before it."""
RECONNECT_DEADLINE_MS = 24_000
"""12 s for each of the two drills."""
ENOUGH_PACKETS = 50
"""An address that looks right proves nothing: so many packets must have come that way."""
_UPLINK = AtLeast("uplink_kbps", 1100, 700)


def _row(
    no: str, code: str, *rules: Rule, source: str = "own", deadline_ms: int = RAMP_DEADLINE_MS
) -> CheckRow:
    return CheckRow(no, f"media.{code}", Group.MEDIA, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row("P01", "uplink_low", _UPLINK, source="DA"),
    _row("P02", "downlink_low", AtLeast("downlink_kbps", 1100, 700), source="DA"),
    _row("P03", "ramp_slow", AtMost("ramp_s", 8, 15), source="T"),
    _row("P04", "rtt_high", AtMost("rtt_ms", 200, 400), source="AC, TW"),
    _row(
        "P05",
        "loss",
        AtMost("loss_up_percent", 2, 6),
        AtMost("loss_down_percent", 2, 6),
        source="LK",
    ),
    _row(
        "P06",
        "loss_burst",
        # One of ten is the least that can be told, and a lost packet in 14 s is no burst (0040).
        AtMost("worst_burst_percent", 20, None),
        # Once may be chance. More than half of ten packets is six of them.
        AtMost("second_burst_percent", None, 60),
        source="MS",
    ),
    _row("P07", "reorder", AtMost("reordered_percent", 1, 5)),
    _row("P08", "jitter", AtMost("jitter_ms", 30, 100), source="MS, TW, VY"),
    _row("P09", "mos", AtLeast("mos", 3.8, 2.4), source="G.107, VO"),
    _row(
        "P10",
        "bandwidth_limited",
        # The trial sends more than a call: a line that carries a call may hold back all of it.
        AllOf((AtMost("limited_percent", 10, 50), _UPLINK)),
        source="LK",
    ),
    _row(
        "P11",
        "video_stuck",
        MustBe("decoded", value=True),
        AtMost("first_frame_ms", 3000, 8000),
        AtMost("steady_freezes", 1, None),
        source="LK, AC",
    ),
    _row("P12", "mic_roundtrip", AtLeast("correlation", 0.6, 0.3), deadline_ms=8000),
    _row("P13", "camera_roundtrip", AtLeast("camera_back_fps", 10, 5), deadline_ms=5000),
    _row("P14", "delay", AtMost("delay_ms", 250, 500), source="G.114"),
    _row(
        "P15",
        "server_quality",
        NotIn("quality", ("poor",), otherwise=CheckState.WARNED),
        NotIn("quality", ("lost",)),
        source="LK",
    ),
    _row(
        "P16",
        "udp_blocked",
        MustBe("udp", value=True, otherwise=CheckState.WARNED),
        source="LK",
    ),
    _row(
        "P17",
        "tcp_blocked",
        MustBe("tcp", value=True),
        AtLeast("tcp_packets", None, ENOUGH_PACKETS),
        source="LK",
        deadline_ms=8000,
    ),
    _row(
        "P18",
        "relay_blocked",
        MustBe("relay", value=True),
        AtLeast("packets", None, ENOUGH_PACKETS),
        deadline_ms=10_000,
    ),
    _row(
        "P19",
        "turn_tls_blocked",
        MustBe("relay", value=True, otherwise=CheckState.WARNED),
        AtLeast("packets", ENOUGH_PACKETS, None),
        # With P16: only paths are left that such a network may cut at any time.
        MustBe("fragile", value=False),
        deadline_ms=10_000,
    ),
    _row(
        "P20",
        "reconnect",
        MustBe("back", value=True),
        MustBe("mute_kept", value=True, otherwise=CheckState.WARNED),
        AtMost("gap_ms", 5000, 12_000),
        AtMost("reconnect_ms", 5000, 12_000),
        source="LK",
        deadline_ms=RECONNECT_DEADLINE_MS,
    ),
    _row(
        "P21",
        "protocol_choice",
        MustBe("tcp_better", value=False, otherwise=CheckState.WARNED),
        source="LK",
        deadline_ms=8000,
    ),
)
