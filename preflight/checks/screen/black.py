"""X02: what is captured of the screen is not black."""

from preflight.check import Check, NotMeasured
from preflight.checks.screen.bench import ScreenBench
from preflight.model import Measured

CODE = "screen.black"


def screen_black(bench: ScreenBench) -> Check:
    """Look at the main screen once and keep one figure of it."""

    async def measure() -> Measured:
        if bench.eye is None:
            raise NotMeasured("platform")
        spread = await bench.eye.luma_spread()
        if spread is None:
            raise NotMeasured("platform")
        return {"luma_spread": round(spread, 2)}

    return Check(CODE, measure, needs=("screen.permission",))
