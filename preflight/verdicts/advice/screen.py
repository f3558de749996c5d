"""X01 and X02: sharing the screen."""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AtLeast, CheckRow, MustBe

ROWS: tuple[CheckRow, ...] = (
    CheckRow(
        "X01",
        "screen.permission",
        Group.SCREEN,
        1000,
        (MustBe("allowed", value=True, otherwise=CheckState.WARNED),),
        source="CH",
        gating=False,
    ),
    CheckRow(
        "X02",
        "screen.black",
        Group.SCREEN,
        2000,
        (AtLeast("luma_spread", 2, None),),
        source="own",
        gating=False,
    ),
)
