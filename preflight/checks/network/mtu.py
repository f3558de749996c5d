"""N14: packets of full size arrive. Where they do not, pictures and reports hang for ever."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.mtu"


def net_mtu(bench: NetworkBench) -> Check:
    """Have 200 bytes echoed, then 16 kB, twice if need be."""
    advice = bench.advice

    async def measure() -> Measured:
        return await advice.ask("large_packets")

    return Check(CODE, measure, needs=("net.health",), before=advice.ready_to_load)
