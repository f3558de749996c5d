"""P17: where UDP is lost, TCP would carry the call."""

from preflight.check import Check, NotMeasured
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured

CODE = "media.tcp_blocked"


def media_tcp_blocked(bench: MediaBench) -> Check:
    """Have the call moved to TCP, and count the sound that still comes."""

    async def measure() -> Measured:
        told = await bench.outcome(Step.TCP)
        if told.get("offered") is False:
            raise NotMeasured("not_offered")
        names = ("tcp", "tcp_protocol", "tcp_candidate", "tcp_type", "tcp_packets")
        return {name: told.get(name) for name in names}

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.TCP))
