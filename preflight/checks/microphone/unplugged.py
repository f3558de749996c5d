"""M07: the microphone stays. Watched from the first block until the handover."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.unplugged"
RAISE_AFTER_MS = 300
"""With the second of patience it is told within 2 s, and a hiccup of a busy machine is not."""


def mic_unplugged(bench: MicrophoneBench) -> Check:
    """Tell whether blocks came within the last second, silent or not.

    That is the patience; where the stream is looked for once a second, it may take as long.
    """

    def now() -> Measured:
        return {"present": bench.present}

    async def measure() -> Measured:
        await bench.until(lambda: bench.present, within_s=0.9)
        return now()

    live = Live(now, raise_after_ms=RAISE_AFTER_MS, meanwhile=True)
    return Check(CODE, measure, needs=("mic.open_failed",), live=live)
