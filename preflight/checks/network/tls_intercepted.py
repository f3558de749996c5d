"""N11: the service's own certificate arrives, and not one that a security program made."""

from preflight.check import Check
from preflight.checks.network.advice_asked import advice_asked
from preflight.checks.network.bench import NetworkBench

CODE = "net.tls_intercepted"


def net_tls_intercepted(bench: NetworkBench) -> Check:
    """Compare the system's store with the public bundle; nothing to compare at plain http."""
    return advice_asked(bench, CODE, "interception")
