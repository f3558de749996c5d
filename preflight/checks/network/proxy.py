"""N10: no proxy stands in the way; one that also keeps the call server away is the fault."""

from preflight.check import Check, Live
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.proxy"


def net_proxy(bench: NetworkBench) -> Check:
    """Tell whether a proxy is used and whether N04 failed; never which proxy."""
    advice = bench.advice

    def now() -> Measured | None:
        if advice.proxy_figures is None:
            return None
        return {**advice.proxy_figures, "signal_blocked": advice.signal_blocked}

    async def measure() -> Measured:
        advice.proxy_figures = (await advice.proxies()).figures()
        return now() or {}

    return Check(
        CODE,
        measure,
        before=advice.line_free,
        together=("net.health",),
        live=Live(now, standing=True),
    )
