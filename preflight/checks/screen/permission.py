"""X01: the screen may be shared."""

from preflight.check import Check, NotMeasured
from preflight.checks.screen.bench import ScreenBench
from preflight.model import Measured

CODE = "screen.permission"


def screen_permission(bench: ScreenBench) -> Check:
    """Ask the system without asking the person; a machine without a screen has nothing to ask."""

    async def measure() -> Measured:
        access = await bench.access()
        if access.by == "no_screen":
            raise NotMeasured("platform")
        return {} if access.allowed is None else {"allowed": access.allowed, "by": access.by}

    return Check(CODE, measure)
