"""P01 to P20: the way of pictures and sound through the call's own media server."""

from preflight.model import CheckState, Group
from preflight.rules import AtLeast, AtMost, CheckRow, MustBe, Rule

RAMP_DEADLINE_MS = 24_000
"""The longest ramp with its join before it."""


def _row(
    no: str, code: str, *rules: Rule, source: str = "own", deadline_ms: int = RAMP_DEADLINE_MS
) -> CheckRow:
    return CheckRow(no, f"media.{code}", Group.MEDIA, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row("P01", "uplink_low", AtLeast("uplink_kbps", 1100, 700), source="DA"),
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
        AtMost("worst_burst_percent", 10, None),
        # Once may be chance.
        AtMost("second_burst_percent", None, 50),
        source="MS",
    ),
    _row("P07", "reorder", AtMost("reordered_percent", 1, 5)),
    _row("P08", "jitter", AtMost("jitter_ms", 30, 100), source="MS, TW, VY"),
    _row("P09", "mos", AtLeast("mos", 3.8, 2.4), source="G.107, VO"),
    _row("P10", "bandwidth_limited", AtMost("limited_percent", 10, 50), source="LK"),
    _row(
        "P11",
        "video_stuck",
        MustBe("decoded", value=True),
        AtMost("first_frame_ms", 3000, 8000),
        AtMost("freezes", 1, None),
        source="LK, AC",
    ),
    _row(
        "P16",
        "udp_blocked",
        MustBe("udp", value=True, otherwise=CheckState.WARNED),
        source="LK",
    ),
)
