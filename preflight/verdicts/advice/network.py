"""N07 to N17: what makes a working network's calls worse, or explains why there are none."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, FirstKnown, MustBe, Rule

_WARNED = CheckState.WARNED
_WITH_RTT_MS = 8000
"""N07 and N08 are judged by the samples of N03, whose deadline is theirs."""


def _row(no: str, code: str, deadline_ms: int, *rules: Rule, source: str = "own") -> CheckRow:
    return CheckRow(no, f"net.{code}", Group.NETWORK, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row("N07", "jitter_high", _WITH_RTT_MS, AtMost("jitter_ms", 30, 100), source="MS TW VY"),
    _row("N08", "server_slow", _WITH_RTT_MS, AtMost("server_share", 0.5, None)),
    _row("N09", "captive_portal", 3000, MustBe("portal", value=False)),
    _row(
        "N10",
        "proxy",
        1000,
        MustBe("proxy", value=False, otherwise=_WARNED),
        AllOf((MustBe("proxy", value=False), MustBe("signal_blocked", value=False))),
    ),
    _row("N11", "tls_intercepted", 3000, MustBe("intercepted", value=False, otherwise=_WARNED)),
    _row("N12", "vpn", 1000, MustBe("vpn", value=False, otherwise=_WARNED), source="DA"),
    _row("N13", "ipv6", 3000, MustBe("family_broken", value=False, otherwise=_WARNED)),
    _row("N14", "mtu", 8000, MustBe("black_hole", value=False)),
    _row("N15", "metered", 1000, MustBe("metered", value=False, otherwise=_WARNED)),
    _row(
        "N16",
        "wifi_weak",
        3000,
        # Windows tells per cent alone, the others dBm alone.
        FirstKnown((AtLeast("signal_dbm", -67, -75), AtLeast("signal_percent", 60, 40))),
    ),
    _row("N17", "busy", 1000, AtMost("up_mbps", 0.5, 2)),
)
