"""M08 to M22: what makes a working microphone hard to understand."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, MustBe, NotIn, Rule

_WARNED = CheckState.WARNED


def _row(
    no: str, code: str, *rules: Rule, source: str = "own", deadline_ms: int = 4000
) -> CheckRow:
    return CheckRow(no, f"mic.{code}", Group.MICROPHONE, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row(
        "M08",
        "muted",
        MustBe("muted", value=False, otherwise=_WARNED),
        source="AC",
        deadline_ms=1000,
    ),
    _row("M09", "level_low", AtLeast("level_dbfs", -40, -60), source="T", deadline_ms=8500),
    # Nobody is at fault for not speaking.
    _row(
        "M10",
        "no_voice",
        MustBe("voice_heard", value=True, otherwise=CheckState.UNKNOWN),
        deadline_ms=8500,
    ),
    _row("M11", "clipping", AtMost("runs_per_s", 2, 10), source="m", deadline_ms=8500),
    _row(
        "M12",
        "noise_high",
        AtMost("floor_dbfs", -50, -35),
        # A small distance tells of noise only where it is loud, and where somebody spoke.
        AllOf(
            (
                AtMost("floor_dbfs", None, -50),
                AtLeast("snr_db", None, 10),
                MustBe("spoken", value=False),
            )
        ),
        deadline_ms=8500,
    ),
    _row("M13", "hum", AtMost("hum_dbfs", -55, -40), source="m"),
    _row(
        "M14",
        "dc_offset",
        AllOf((AtMost("dc_share", 0.01, 0.05), MustBe("dc_stable", value=False))),
    ),
    _row("M15", "dropouts", AtMost("gaps", 1, 3)),
    _row("M16", "rate_wrong", AtMost("rate_off_share", 0.005, 0.02)),
    _row(
        "M17",
        "narrowband",
        NotIn("band", ("wide",), otherwise=_WARNED),
        NotIn("band", ("narrow",)),
    ),
    _row("M18", "channel_dead", MustBe("channel_dead", value=False, otherwise=_WARNED), source="T"),
    _row("M19", "antiphase", AtLeast("correlation", -0.8, None)),
    _row(
        "M20",
        "default_changed",
        MustBe("changed", value=False, otherwise=_WARNED),
        source="JI, DA",
        deadline_ms=1000,
    ),
    _row("M21", "replay", MustBe("confirmed", value=True, otherwise=_WARNED), source="TW"),
    _row("M22", "virtual", MustBe("virtual", value=False, otherwise=_WARNED), deadline_ms=1000),
)
