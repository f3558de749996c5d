"""H08: the machine is not too hot for a call."""

from preflight.check import Check, NotMeasured
from preflight.checks.host.bench import HostBench
from preflight.model import Measured
from preflight.system.machine_ports import Heat, HeatLook

CODE = "host.thermal"


def host_thermal(bench: HostBench) -> Check:
    """Tell how hot it is, and whether the processor was slowed down since the preflight began.

    It is asked after the processor's time was counted, so that two seconds at least lie between.
    """

    async def measure() -> Measured:
        now = await bench.offload(bench.machine.heat)
        if now is None:
            raise NotMeasured("platform")
        return heat_figures(bench.heat_at_begin, now)

    return Check(CODE, measure, before=bench.cpu.counted)


def heat_figures(before: HeatLook | None, now: HeatLook) -> Measured:
    """Return the figures. Throttling of an earlier day says nothing: only a rise counts."""
    first = None if before is None else before.throttled
    risen = None if first is None or now.throttled is None else now.throttled - first
    level = now.level or Heat.NOMINAL
    if risen is not None and risen > 0 and level is Heat.NOMINAL:
        level = Heat.FAIR
    return {"thermal": level.value, "throttled": risen}
