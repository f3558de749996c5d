"""N11: the service's own certificate arrives, and not one that a security program made."""

from preflight.check import Check
from preflight.checks.network_bench import NetworkBench
from preflight.model import Measured

CODE = "net.tls_intercepted"


def net_tls_intercepted(bench: NetworkBench) -> Check:
    """Compare the system's store with the public bundle; nothing to compare at plain http."""
    advice = bench.advice

    async def measure() -> Measured:
        return await advice.ask("interception")

    return Check(
        CODE,
        measure,
        needs=("net.unreachable",),
        before=advice.ready_to_load,
        together=("net.health",),
    )
