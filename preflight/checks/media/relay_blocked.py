"""P18: a relay would carry the call where nothing direct does."""

from preflight.check import CannotTell, Check, NotMeasured
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured

CODE = "media.relay_blocked"
FIGURES = ("relay", "relay_candidate", "relay_protocol", "relay_connect_ms", "packets")


def media_relay_blocked(bench: MediaBench) -> Check:
    """Join by a relay over UDP alone; packets must come back through it."""

    async def measure() -> Measured:
        return relay_figures(await bench.outcome(Step.RELAY))

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.RELAY))


def relay_figures(told: Measured) -> Measured:
    """Return the figures of one relay.

    Raises:
        NotMeasured: the call server offers no such relay.
        CannotTell: it did not say what it offers.
    """
    if told.get("offered") is False:
        raise NotMeasured("not_offered")
    if told.get("offered") is not True:
        raise CannotTell("no_offer")
    return {name: told.get(name) for name in FIGURES}
