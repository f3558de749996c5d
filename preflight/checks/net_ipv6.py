"""N13: every family of addresses that there is a way for answers."""

from preflight.check import Check
from preflight.checks.network_bench import NetworkBench
from preflight.model import Measured

CODE = "net.ipv6"


def net_ipv6(bench: NetworkBench) -> Check:
    """Look up and connect by IPv4 and by IPv6."""
    advice = bench.advice

    async def measure() -> Measured:
        return await advice.ask("families")

    return Check(
        CODE,
        measure,
        needs=("net.unreachable",),
        before=advice.ready_to_load,
        together=("net.health",),
    )
