"""N17: no other program fills the upload."""

from preflight.check import CannotTell, Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.busy"


def net_busy(bench: NetworkBench) -> Check:
    """Tell what went out in a second in which nothing of ours used the line.

    The second is counted before the deadline starts: 1 s would not be enough for 1 s.
    """
    advice = bench.advice

    async def measure() -> Measured:
        await advice.outward_way()
        if advice.up_mbps is None:
            raise CannotTell("not_counted")
        return {"up_mbps": advice.up_mbps, "down_mbps": advice.down_mbps}

    return Check(CODE, measure, before=advice.quiet_second, together=("net.health",))
