"""M05: an open microphone sends all of its sound."""

from preflight.check import Check
from preflight.checks.device_checks import first_ago, sends_or_failed
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.no_data"
FIRST_S = 2.0
WINDOW_MS = 2000.0
QUICK_WINDOW_MS = 1000.0
ALL_RATIO = 0.95


def mic_no_data(bench: MicrophoneBench) -> Check:
    """Tell when the first block came and which share came over 2 s."""

    def complete() -> bool:
        now_ns = bench.clock.monotonic_ns()
        # A suspicious short look is extended to the full one.
        short = bench.quick and bench.window.received_ratio(now_ns) >= ALL_RATIO
        return bench.window.running_ms(now_ns) >= (QUICK_WINDOW_MS if short else WINDOW_MS)

    async def measure() -> Measured:
        if not await bench.until(sends_or_failed(bench), within_s=FIRST_S) or not bench.flowing:
            return {"received_ratio": 0.0}
        await bench.until(complete, within_s=WINDOW_MS / 1000)
        now_ns = bench.clock.monotonic_ns()
        return {
            "first_block_ms": bench.status.first_ms,
            "received_ratio": bench.window.received_ratio(now_ns),
            **first_ago(bench),
            "overflows": 0 if bench.source is None else bench.source.overflows,
        }

    return Check(CODE, measure, needs=("mic.open_failed",))
