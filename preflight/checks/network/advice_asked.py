"""What the probe of advice is asked once the service can be reached, one question a check."""

from preflight.check import Check
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured
from preflight.probe.protocol import Question


def advice_asked(bench: NetworkBench, code: str, question: Question) -> Check:
    """Ask while nothing else loads the line; round trips are taken anew with it."""
    advice = bench.advice

    async def measure() -> Measured:
        return await advice.ask(question)

    return Check(
        code,
        measure,
        needs=("net.unreachable",),
        before=advice.ready_to_load,
        together=("net.health",),
    )
