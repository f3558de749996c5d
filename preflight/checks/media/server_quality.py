"""P15: what the media server itself says of both participants' connections."""

from preflight.check import CannotTell, Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured

CODE = "media.server_quality"


def media_server_quality(bench: MediaBench) -> Check:
    """Take the worse of the two; unknown before the server's first report."""

    async def measure() -> Measured:
        told = await bench.outcome(Step.QUALITY)
        figures = {name: told.get(name) for name in ("quality", "quality_a", "quality_b")}
        if figures["quality"] is None:
            raise CannotTell("no_report", figures)
        return figures

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.QUALITY))
