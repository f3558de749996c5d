"""H03: the system lets itself be kept awake."""

from preflight.check import Check, NotMeasured
from preflight.checks.host.bench import HostBench
from preflight.model import Measured

CODE = "host.sleep"


def host_sleep(bench: HostBench) -> Check:
    """Take a lock against falling asleep and give it back at once."""

    async def measure() -> Measured:
        taken = await bench.offload(bench.machine.wake_lock)
        if taken is None:
            raise NotMeasured("platform")
        return {"wake_lock": taken}

    return Check(CODE, measure)
