"""S01 to S08: the loudspeaker, and whether it can be heard."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, MustBe, Rule

_WARNED = CheckState.WARNED


def _row(no: str, code: str, *rules: Rule, deadline_ms: int, source: str = "own") -> CheckRow:
    return CheckRow(no, f"speaker.{code}", Group.SPEAKER, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row("S01", "none", AtLeast("speakers", None, 1), deadline_ms=2000, source="AC"),
    _row(
        "S02",
        "muted",
        MustBe("muted", value=False),
        AtLeast("volume_percent", 20, 1),
        deadline_ms=1000,
        source="AC",
    ),
    _row("S03", "open_failed", MustBe("plays", value=True), deadline_ms=4000),
    _row(
        "S04",
        "not_heard",
        MustBe("heard_none", value=False),
        AtMost("wrong_answers", 1, 2),
        deadline_ms=2000,
        source="CH",
    ),
    _row(
        "S05",
        "loop",
        AllOf((MustBe("coupled", value=False), AtMost("gain_db", -30, -10))),
        deadline_ms=3000,
    ),
    _row("S06", "delay", AtMost("delay_ms", 150, 300), deadline_ms=3000, source="G.114"),
    _row(
        "S07",
        "headset_mode",
        MustBe("narrow", value=False, otherwise=_WARNED),
        deadline_ms=2000,
    ),
    _row("S08", "changed", MustBe("changed", value=False, otherwise=_WARNED), deadline_ms=2000),
)
