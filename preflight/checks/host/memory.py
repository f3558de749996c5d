"""H04: there is memory left for a call."""

from preflight.check import Check
from preflight.checks.host.bench import HostBench
from preflight.model import Measured

CODE = "host.memory"
GB = 1e9


def host_memory(bench: HostBench) -> Check:
    """Tell the memory that programs can still get, in GB of 10^9 bytes."""

    async def measure() -> Measured:
        return {"available_gb": await bench.offload(bench.machine.available_memory_bytes) / GB}

    return Check(CODE, measure)
