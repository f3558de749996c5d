"""N13: every family of addresses that there is a way for answers."""

from preflight.check import Check
from preflight.checks.network.advice_asked import advice_asked
from preflight.checks.network.bench import NetworkBench

CODE = "net.ipv6"


def net_ipv6(bench: NetworkBench) -> Check:
    """Look up and connect by IPv4 and by IPv6."""
    return advice_asked(bench, CODE, "families")
