"""M03: no other program holds the microphone. Names the holder where the system tells."""

from preflight.check import Check
from preflight.checks.microphone_bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.busy"


def mic_busy(bench: MicrophoneBench) -> Check:
    """Look at how the open went, once it is known; the deadline counts from then on."""

    async def measure() -> Measured:
        busy = bench.busy
        return {"busy": busy, "holder": await bench.holder() if busy else None}

    return Check(CODE, measure, needs=("mic.permission",), before=bench.open_settled)
