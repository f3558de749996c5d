"""N02: the service is well. When it is not, that is our fault and is said so."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.health"
FIELDS = ("healthy", "lost", "samples", "status", "http_first_byte_ms", "began_ago_ms")


def net_health(bench: NetworkBench) -> Check:
    """Look at the service eleven times; N03 is judged by the same looks."""

    async def measure() -> Measured:
        look = await bench.look()
        return {name: look.measured[name] for name in FIELDS if name in look.measured}

    return Check(CODE, measure, needs=("net.unreachable",))
