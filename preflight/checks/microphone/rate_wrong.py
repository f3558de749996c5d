"""M16: a second of sound takes a second."""

from preflight.analysis.block_clock import rate_off_share
from preflight.check import CannotTell, Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.rate_wrong"
STARTED_MS = 1000.0
"""A device that starts delivers what it had stored: the first second does not count."""
WATCHED_S = 3.0
PATIENCE_S = 3.5


def mic_rate_wrong(bench: MicrophoneBench) -> Check:
    """Tell how far the pace of 3 s is from 48,000 samples a second."""

    def watched() -> bool:
        running_ms = bench.window.running_ms(bench.clock.monotonic_ns())
        return running_ms >= STARTED_MS + 1000 * WATCHED_S

    async def measure() -> Measured:
        await bench.until(watched, within_s=PATIENCE_S)
        off = rate_off_share(bench.ring.stamps_ns(WATCHED_S))
        if off is None:
            raise CannotTell("uneven" if bench.ring.seconds >= WATCHED_S else "little_sound")
        source = bench.source
        return {
            "rate_off_share": off,
            "own_rate_hz": None if source is None else source.own_rate_hz,
        }

    return Check(CODE, measure, needs=("mic.no_data",))
