"""H01 to H10: the machine the call runs on."""

from preflight.model import CheckState, Group
from preflight.verdicts.advice.media import RAMP_DEADLINE_MS
from preflight.verdicts.rules import AtLeast, AtMost, CheckRow, MustBe, NotIn, Rule

_WARNED = CheckState.WARNED


def _row(
    no: str, code: str, *rules: Rule, deadline_ms: int = 1000, unless: str | None = None
) -> CheckRow:
    return CheckRow(
        no, f"host.{code}", Group.HOST, deadline_ms, rules, "own", gating=False, unless=unless
    )


ROWS: tuple[CheckRow, ...] = (
    _row(
        "H01",
        "cpu_encode",
        # A moment without processor is already one too many; the first step above none.
        AtMost("cpu_limited_percent", 0.01, 20),
        AtMost("encode_ms", 15, 25),
        deadline_ms=RAMP_DEADLINE_MS,
    ),
    _row("H02", "cpu_busy", AtMost("busy_percent", 70, 90), deadline_ms=2000),
    _row("H03", "sleep", MustBe("wake_lock", value=True, otherwise=_WARNED)),
    _row("H04", "memory", AtLeast("available_gb", 1.5, 0.5)),
    _row("H05", "disk", MustBe("writable", value=True), AtLeast("free_gb", 3, 1), deadline_ms=2000),
    _row(
        "H06",
        "battery",
        MustBe("too_short", value=False, otherwise=_WARNED),
        AtLeast("percent", 30, 10),
        unless="on_mains",
    ),
    _row("H07", "power_saver", MustBe("power_saver", value=False, otherwise=_WARNED)),
    _row(
        "H08",
        "thermal",
        NotIn("thermal", ("fair",), otherwise=_WARNED),
        NotIn("thermal", ("serious",)),
    ),
    # The samples are those of N03, whose deadline is theirs.
    _row("H09", "clock_skew", AtMost("off_s", 5, 300), deadline_ms=8000),
    _row(
        "H10",
        "outdated",
        MustBe("below_minimum", value=False),
        MustBe("older", value=False, otherwise=_WARNED),
        MustBe("supported", value=True, otherwise=_WARNED),
    ),
)
