"""N07: answers take about the same time every time; sound and picture suffer where they do not."""

from preflight.check import CannotTell, Check, Live
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.jitter_high"
FIELDS = ("jitter_ms", "samples")
LEAST_SAMPLES = 5
"""As N03 has it: of one sample the jitter is zero, and a line that is too slow for more is not
even."""


def net_jitter_high(bench: NetworkBench) -> Check:
    """Tell the jitter (RFC 3550) of the warm samples of N03, and of those taken again later."""

    def figures() -> Measured:
        look = bench.last_look
        return {} if look is None else {n: look.measured[n] for n in FIELDS if n in look.measured}

    def now() -> Measured | None:
        found = figures()
        return found if _are_enough(found) else None

    async def measure() -> Measured:
        found = figures()
        if not _are_enough(found):
            raise CannotTell("few_looks", found)
        return found

    return Check(CODE, measure, needs=("net.health",), live=Live(now, standing=True))


def _are_enough(found: Measured) -> bool:
    samples = found.get("samples")
    return isinstance(samples, int) and samples >= LEAST_SAMPLES
