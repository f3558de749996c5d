"""P16: the call takes UDP where the call server offers it.

What the server offers is told by the candidates that it sends after a join. Statistics do not
tell: they list only addresses with which a pair was tried, and none over TCP.
"""

from preflight.check import CannotTell, Check, NotMeasured
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured

CODE = "media.udp_blocked"
SERVER_OFFERS_NONE = "server_offers_none"
_FIELDS = ("udp", "protocol", "candidate", "relay_protocol", "tcp_type")


def media_udp_blocked(bench: MediaBench) -> Check:
    """Tell over what the trial call went, and where that is not UDP whether it could have been."""

    async def asked() -> None:
        await bench.ready()
        try:
            over_udp = (await bench.trial()).measured.get("udp")
        except (CannotTell, NotMeasured):
            # The measurement says the same, in its own place.
            return
        if over_udp is False:
            await bench.turn(Step.OFFER)

    async def measure() -> Measured:
        told = (await bench.trial()).measured
        figures = {name: told.get(name) for name in _FIELDS}
        if figures["udp"] is not False:
            return figures
        figures["udp_offered"] = offered = await udp_offered(bench)
        if offered is False:
            raise CannotTell(SERVER_OFFERS_NONE, figures)
        return figures

    return Check(CODE, measure, needs=NEEDS, before=asked)


async def udp_offered(bench: MediaBench) -> bool | None:
    """Say whether the call server named an address over UDP; None where it was not heard."""
    try:
        offer = await bench.outcome(Step.OFFER)
    except (CannotTell, NotMeasured):
        return None
    found = offer.get("udp_offered")
    return found if offer.get("told") is True and isinstance(found, bool) else None
