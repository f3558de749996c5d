"""M07: the microphone stays. Watched from the first block until the handover."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.unplugged"


def mic_unplugged(bench: MicrophoneBench) -> Check:
    """Tell whether blocks came within the last second, silent or not."""

    def now() -> Measured:
        return {"present": bench.present}

    async def measure() -> Measured:
        await bench.until(lambda: bench.present, within_s=0.9)
        return now()

    return Check(CODE, measure, needs=("mic.open_failed",), live=Live(now))
