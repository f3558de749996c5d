"""P19: a relay that looks like the web would carry the call, the last resort of strict networks."""

from preflight.check import CannotTell, Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.relay_blocked import relay_figures
from preflight.checks.media.steps import Step
from preflight.checks.media.udp_blocked import udp_offered
from preflight.model import Measured

CODE = "media.turn_tls_blocked"


def media_turn_tls_blocked(bench: MediaBench) -> Check:
    """Join by a relay over TLS on port 443 alone.

    Without it a call still has other paths, unless UDP is blocked as well (P16).
    """

    async def measure() -> Measured:
        figures = relay_figures(await bench.outcome(Step.TURN_TLS))
        if figures["relay"] is not True and await _udp(bench) is None:
            raise CannotTell("path_unknown", figures)
        fragile = figures["relay"] is not True and await _udp(bench) is False
        return {**figures, "fragile": fragile}

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.TURN_TLS))


async def _udp(bench: MediaBench) -> bool | None:
    found = (await bench.trial()).measured.get("udp")
    if found is False and await udp_offered(bench) is False:
        # A call server without UDP tells nothing of what this network cuts.
        return None
    return found if isinstance(found, bool) else None
