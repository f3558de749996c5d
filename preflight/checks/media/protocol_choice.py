"""P21: which protocol carries the call better, where UDP loses much."""

from preflight.check import Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import Measured
from preflight.verdicts.figures import finite

CODE = "media.protocol_choice"
FASTER = 1.2
LESS_LOSS_POINTS = 1.0


def media_protocol_choice(bench: MediaBench) -> Check:
    """Compare what B received over TCP with what it received over UDP."""

    async def measure() -> Measured:
        told = await bench.outcome(Step.TCP_RATE)
        return {**told, "tcp_better": tcp_better(told)}

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.TCP_RATE))


def tcp_better(told: Measured) -> bool | None:
    """Say whether TCP brings a fifth more, or loses over a point less; None when unmeasured."""
    known = told.get("tcp_better")
    if isinstance(known, bool):
        return known
    udp_kbps, tcp_kbps = finite(told.get("udp_kbps")), finite(told.get("tcp_kbps"))
    udp_loss, tcp_loss = (
        finite(told.get("udp_loss_percent")),
        finite(told.get("tcp_loss_percent")),
    )
    if None in (udp_kbps, tcp_kbps, udp_loss, tcp_loss):
        return None
    assert udp_kbps is not None
    assert tcp_kbps is not None
    assert udp_loss is not None
    assert tcp_loss is not None
    return tcp_kbps >= FASTER * udp_kbps or udp_loss - tcp_loss > LESS_LOSS_POINTS
