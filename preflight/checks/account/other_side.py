"""A06: how far the other side is. Shown, and never a fault of this one."""

from preflight.check import Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.other_side"


def session_other_side(bench: AccountBench) -> Check:
    """Tell the other side's state, and neither their name nor what they are fixing."""

    async def measure() -> Measured:
        _, other = await bench.sides()
        return {"other_side": other.state.value}

    return Check(CODE, measure, needs=("session.ended",))
