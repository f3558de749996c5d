"""N07: answers take about the same time every time; sound and picture suffer where they do not."""

from preflight.check import Check, Live
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.jitter_high"
FIELDS = ("jitter_ms", "samples")


def net_jitter_high(bench: NetworkBench) -> Check:
    """Tell the jitter (RFC 3550) of the warm samples of N03, and of those taken again later."""

    def now() -> Measured | None:
        look = bench.last_look
        if look is None:
            return None
        return {name: look.measured[name] for name in FIELDS if name in look.measured}

    async def measure() -> Measured:
        return now() or {}

    return Check(CODE, measure, needs=("net.health",), live=Live(now, standing=True))
