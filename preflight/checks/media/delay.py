"""P14: how old a picture is when it arrives."""

from preflight.check import Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.model import Measured

CODE = "media.delay"


def media_delay(bench: MediaBench) -> Check:
    """Read the times painted into the pictures that B decoded; sent and read by one clock."""

    async def measure() -> Measured:
        told = (await bench.trial()).measured
        return {name: told.get(name) for name in ("delay_ms", "delay_p95_ms")}

    return Check(CODE, measure, needs=NEEDS, before=bench.ready)
