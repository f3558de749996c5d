"""P20: a call comes back by itself after a short break."""

from preflight.check import Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured

CODE = "media.reconnect"
_NAMES = (
    "back",
    "reconnect_ms",
    "signal_ms",
    "signal_ago_ms",
    "full_ms",
    "full_ago_ms",
    "gap_ms",
    "mute_kept",
)


def media_reconnect(bench: MediaBench) -> Check:
    """Break the signalling, then all of it: how long until it is back, and without pictures."""

    async def measure() -> Measured:
        told = await bench.outcome(Step.RECONNECT)
        figures = {name: told.get(name) for name in _NAMES}
        if figures["back"] is False:
            # How long the rest took is no comfort.
            figures["reconnect_ms"] = figures["reconnect_ms"] or 0.0
        return figures

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.RECONNECT))
