"""N06: the network stays what it was. When it changes, everything of it is measured anew."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.changed"


def net_changed(bench: NetworkBench) -> Check:
    """Tell whether address, interface or default route changed since the group began."""

    async def measure() -> Measured:
        return {"changed": bench.changed}

    return Check(CODE, measure)
