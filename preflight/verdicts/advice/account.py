"""A01 to A07: whether the service will let this person join, and who else is there.

The service decides all of it; the first three keep the preflight from opening any device.
"""

from preflight.model import CheckState, Group
from preflight.verdicts.rules import AtMost, CheckRow, MustBe, NotIn, Rule

_WARNED = CheckState.WARNED
_DEADLINE_MS = 5000


def _row(no: str, code: str, *rules: Rule) -> CheckRow:
    return CheckRow(no, code, Group.ACCOUNT, _DEADLINE_MS, rules, "own", gating=False)


ROWS: tuple[CheckRow, ...] = (
    _row("A01", "account.signed_in", MustBe("signed_in", value=True)),
    _row("A02", "session.not_yours", MustBe("yours", value=True)),
    _row("A03", "session.ended", MustBe("over", value=False)),
    # Under a minute it is time.
    _row("A04", "session.too_early", AtMost("early_s", 60, None)),
    _row("A05", "session.other_device", MustBe("in_room", value=False, otherwise=_WARNED)),
    # Shown as it is told: no state of the other side is a fault of this one.
    _row("A06", "session.other_side", NotIn("other_side", ())),
    _row("A07", "session.report_stale", MustBe("refused", value=False, otherwise=_WARNED)),
)
