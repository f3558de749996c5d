"""H02: other programs leave the processor to the call. Names the one that does not."""

from preflight.check import CannotTell, Check
from preflight.checks.host.bench import HostBench
from preflight.model import Measured

CODE = "host.cpu_busy"
NAMED_FROM_PERCENT = 30.0


def host_cpu_busy(bench: HostBench) -> Check:
    """Tell what others took of all cores within 2 s, before the trial call loads them.

    The seconds are counted before the deadline starts: 2 s would not be enough for 2 s.
    """

    async def measure() -> Measured:
        use = bench.cpu.use
        if use is None:
            raise CannotTell("not_counted")
        named = use.top_percent > NAMED_FROM_PERCENT
        return {
            "busy_percent": use.busy_percent,
            "top_percent": use.top_percent,
            "holder": use.top_program if named else None,
        }

    return Check(CODE, measure, before=bench.cpu.counted)
