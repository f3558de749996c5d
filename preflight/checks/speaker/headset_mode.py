"""S07: a headset whose microphone is open still plays in full quality."""

from preflight.check import Check, Live
from preflight.checks.speaker.bench import SpeakerBench
from preflight.model import Measured

CODE = "speaker.headset_mode"


def speaker_headset_mode(bench: SpeakerBench) -> Check:
    """Tell whether the loudspeaker runs at 8 or 16 kHz, now that the microphone is open."""

    def now() -> Measured | None:
        state = bench.state
        if state is None or state.narrow is None:
            return None
        return {"narrow": state.narrow, "rate_hz": state.rate_hz}

    async def measure() -> Measured:
        return now() or {}

    return Check(
        CODE,
        measure,
        needs=("speaker.open_failed", "mic.open_failed"),
        before=bench.told_with_microphone,
        live=Live(now),
    )
