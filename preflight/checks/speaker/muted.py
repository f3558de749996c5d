"""S02: the system's own volume is not off."""

from preflight.check import Check, Live
from preflight.checks.speaker.bench import SpeakerBench
from preflight.model import Measured

CODE = "speaker.muted"


def speaker_muted(bench: SpeakerBench) -> Check:
    """Tell the mute switch and the volume of the loudspeaker in use, as the system has them."""

    def now() -> Measured | None:
        state = bench.state
        if state is None or state.muted is None:
            return None
        # Some devices have a switch and no volume: they play as loud as they are.
        volume = 100 if state.volume_percent is None else state.volume_percent
        return {"muted": state.muted, "volume_percent": volume}

    async def measure() -> Measured:
        return now() or {}

    return Check(CODE, measure, needs=("speaker.none",), before=bench.told, live=Live(now))
