"""N12: the way to the call server does not go through a VPN, which costs time and packets."""

from preflight.check import CannotTell, Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured
from preflight.system.network_ports import Medium

CODE = "net.vpn"


def net_vpn(bench: NetworkBench) -> Check:
    """Tell by its kind and name whether the interface towards the call server is a VPN's."""
    advice = bench.advice

    async def measure() -> Measured:
        way = await advice.way()
        if way is None:
            raise CannotTell("no_way")
        advice.vpn = way.vpn is not None
        hinted = advice.hint().medium
        medium = hinted if way.medium is Medium.UNKNOWN and hinted is not None else way.medium
        return {"vpn": advice.vpn, "vpn_told_by": way.vpn, "medium": medium.value}

    return Check(CODE, measure, before=advice.line_free, together=("net.health",))
