"""S08: sound comes from the loudspeaker that it came from last time, or that was chosen."""

from preflight.check import Check, Live
from preflight.checks.speaker.bench import SpeakerBench
from preflight.model import Measured

CODE = "speaker.changed"


def speaker_changed(bench: SpeakerBench) -> Check:
    """Tell whether the loudspeaker is another one than expected, by name."""

    def now() -> Measured | None:
        info = bench.info
        if info is None:
            return None
        if info.kind.synthetic or bench.expected is None:
            return {"changed": False}
        return {"changed": info.name != bench.expected, "device": info.name}

    async def measure() -> Measured:
        return now() or {}

    return Check(CODE, measure, needs=("speaker.none",), before=bench.told, live=Live(now))
