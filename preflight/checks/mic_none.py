"""M01: a microphone is there. Monitors of loudspeakers do not count."""

from preflight.check import Check
from preflight.checks.microphone_bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.none"
SEARCH_S = 1.9


def mic_none(bench: MicrophoneBench) -> Check:
    """Count the microphones; a search that hangs is left to the deadline."""

    async def measure() -> Measured:
        await bench.until(lambda: bench.found is not None, within_s=SEARCH_S)
        return {} if bench.found is None else {"microphones": len(bench.found)}

    return Check(CODE, measure)
