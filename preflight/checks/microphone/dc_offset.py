"""M14: the input adds nothing constant."""

from preflight.analysis.dc_offset import dc_offset
from preflight.check import Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.dc_offset"


def mic_dc_offset(bench: MicrophoneBench) -> Check:
    """Tell the constant part of 3 s of sound, and whether it stays the same."""

    async def measure() -> Measured:
        sound = await three_seconds(bench)
        found = await bench.offload(lambda: dc_offset(sound))
        return {"dc_share": found.share, "dc_stable": found.stable}

    return Check(CODE, measure, needs=("mic.silent",))
