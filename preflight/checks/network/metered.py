"""N15: nobody counts the data of this connection."""

from preflight.check import Check, NotMeasured
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.metered"


def net_metered(bench: NetworkBench) -> Check:
    """Ask the desktop's network service and the system; one that counts is enough."""
    advice = bench.advice

    async def measure() -> Measured:
        way = await advice.outward_way()
        told = (advice.hint().counted, await advice.metered(way.interface))
        known = [each for each in told if each is not None]
        if not known:
            raise NotMeasured("platform")
        return {"metered": any(known), "medium": way.medium.value}

    return Check(CODE, measure, before=advice.line_free, together=("net.health",))
