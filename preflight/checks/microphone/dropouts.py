"""M15: the sound has no holes."""

from preflight.analysis.block_clock import clock_gaps, overflow_moments
from preflight.analysis.dropouts import holes
from preflight.check import Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.dropouts"


def mic_dropouts(bench: MicrophoneBench) -> Check:
    """Count the holes of 3 s: zeros within sound, and time that no block fills.

    What the driver or our queue reports as lost shows as missing time too, and is counted once.
    """

    async def measure() -> Measured:
        sound = await three_seconds(bench)
        zeros = await bench.offload(lambda: holes(sound))
        missing = clock_gaps(bench.ring.stamps_ns())
        overflows = overflow_moments(bench.ring.lost())
        return {
            "gaps": zeros + max(missing, overflows),
            "zero_runs": zeros,
            "clock_gaps": missing,
            "overflow_moments": overflows,
        }

    return Check(CODE, measure, needs=("mic.silent",))
