"""H09: this computer's clock is right. Paid time follows the service's clock all the same."""

from preflight.check import CannotTell, Check, Live
from preflight.checks.host.bench import HostBench
from preflight.model import Measured

CODE = "host.clock_skew"


def host_clock_skew(bench: HostBench) -> Check:
    """Tell how far it is off by the quickest of N03's samples; half its round trip is the error."""

    def now() -> Measured | None:
        return skew_figures(bench.health() or {})

    async def measure() -> Measured:
        found = now()
        if found is None:
            raise CannotTell("not_told")
        return found

    return Check(CODE, measure, needs=("net.health",), live=Live(now, standing=True))


def skew_figures(looked: Measured) -> Measured | None:
    """Return H09's figures out of those of a look at the service; None where it told no time."""
    skew_s = looked.get("clock_skew_s")
    if isinstance(skew_s, bool) or not isinstance(skew_s, int | float):
        return None
    return {"off_s": abs(skew_s), "skew_s": skew_s, "error_s": looked.get("clock_error_s")}
