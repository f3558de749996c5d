"""N08: the time goes on the way and not in the service. Where it does not, that is our fault."""

from preflight.check import CannotTell, Check, Live
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.server_slow"


def net_server_slow(bench: NetworkBench) -> Check:
    """Tell which share of the median round trip the service itself took, by its own word."""

    def now() -> Measured | None:
        return None if bench.last_look is None else share_of_server(bench.last_look.measured)

    async def measure() -> Measured:
        found = now()
        if not found:
            raise CannotTell("not_told")
        return found

    return Check(CODE, measure, needs=("net.health",), live=Live(now, standing=True))


def share_of_server(measured: Measured) -> Measured:
    """Return the service's share, 0..1 and above; nothing where it tells no time of its own."""
    server_ms, rtt_ms = measured.get("server_ms"), measured.get("rtt_median_ms")
    if not isinstance(server_ms, int | float) or not isinstance(rtt_ms, int | float) or rtt_ms <= 0:
        return {}
    return {"server_ms": server_ms, "rtt_median_ms": rtt_ms, "server_share": server_ms / rtt_ms}
