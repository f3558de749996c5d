"""N01: the service can be reached: its name, its port, its certificate."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.unreachable"


def net_unreachable(bench: NetworkBench) -> Check:
    """Tell the times of the stages; ``stage`` names the first that failed."""

    async def measure() -> Measured:
        return await bench.reach()

    return Check(CODE, measure, before=bench.net_ready)
