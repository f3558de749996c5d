"""H07: the system does not save energy at the cost of the picture."""

from preflight.check import Check, NotMeasured
from preflight.checks.host.bench import HostBench
from preflight.model import Measured

CODE = "host.power_saver"


def host_power_saver(bench: HostBench) -> Check:
    """Ask the system whether it saves energy."""

    async def measure() -> Measured:
        saving = await bench.offload(bench.machine.power_saver)
        if saving is None:
            raise NotMeasured("platform")
        return {"power_saver": saving}

    return Check(CODE, measure)
