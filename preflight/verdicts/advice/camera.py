"""C10 to C23: what makes a working camera's picture worse than it could be."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, CheckRow, MustBe, Rule

_WARNED = CheckState.WARNED
_HAS_STRUCTURE = AtMost("structure", None, 0.5)
"""Fails, that is lets the other rules of an `AllOf` speak, where something can be seen."""


def _row(
    no: str, code: str, *rules: Rule, source: str = "own", deadline_ms: int = 4000
) -> CheckRow:
    return CheckRow(no, f"camera.{code}", Group.CAMERA, deadline_ms, rules, source, gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row(
        "C10",
        "covered",
        AllOf((AtMost("luma_mean", 40, None), AtLeast("structure", 0.5, None))),
        source="m",
    ),
    _row("C11", "low_light", AllOf((AtLeast("luma_mean", 45, 25), _HAS_STRUCTURE))),
    _row("C12", "overexposed", AtMost("bright_share", 0.15, 0.35)),
    _row(
        "C13",
        "backlit",
        AllOf((AtLeast("centre_luma", 60, None), AtMost("border_luma", 160, None))),
    ),
    _row("C14", "blurred", AtLeast("sharpness", 0.20, 0.12), source="m"),
    _row(
        "C15",
        "hazy",
        AllOf(
            (
                AtLeast("contrast", 70, 50),
                AtMost("luma_mean", None, 60),
                AtLeast("luma_mean", None, 220),
                _HAS_STRUCTURE,
            )
        ),
    ),
    _row(
        "C16",
        "flicker",
        AllOf((AtMost("flicker_share", 0.25, None), AtMost("flicker_depth", 0.01, None))),
        source="m",
    ),
    _row(
        "C17",
        "resolution",
        AtLeast("long_side_px", 1280, 320),
        AtLeast("short_side_px", 720, 240),
        source="LK",
    ),
    _row("C18", "orientation", MustBe("upright", value=True, otherwise=_WARNED)),
    _row("C19", "usb_slow", MustBe("usb_slow", value=False, otherwise=_WARNED)),
    _row("C20", "drops", AtMost("drop_share", 0.02, 0.10)),
    _row("C21", "infrared", MustBe("infrared", value=False, otherwise=_WARNED)),
    _row("C22", "virtual", MustBe("virtual", value=False, otherwise=_WARNED), deadline_ms=1000),
    _row("C23", "changed", MustBe("changed", value=False, otherwise=_WARNED), deadline_ms=1000),
)
