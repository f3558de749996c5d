"""N09: the service answers, and not the page of a network that wants a login first."""

from preflight.check import Check, Live
from preflight.checks.network.bench import NetworkBench

CODE = "net.captive_portal"


def net_captive_portal(bench: NetworkBench) -> Check:
    """Look for a login page, above all when the service cannot be reached: it explains that."""
    advice = bench.advice
    return Check(
        CODE,
        advice.portal,
        before=advice.ready_to_ask,
        together=("net.health",),
        live=Live(advice.portal_figures, standing=True),
    )
