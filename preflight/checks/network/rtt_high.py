"""N03: the way to the service and back is quick. Fails from 300 ms on, by the product's rule."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.rtt_high"
FIELDS = (
    "rtt_median_ms",
    "rtt_min_ms",
    "rtt_p95_ms",
    "rtt_max_ms",
    "jitter_ms",
    "samples",
    "repeated",
    "server_ms",
)


def net_rtt_high(bench: NetworkBench) -> Check:
    """Tell the figures of the warm samples that N02 has just taken."""

    async def measure() -> Measured:
        look = bench.last_look
        if look is None:
            return {}
        return {name: look.measured[name] for name in FIELDS if name in look.measured}

    return Check(CODE, measure, needs=("net.health",), together=("net.health",))
