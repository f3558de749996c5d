"""S08: sound comes from the loudspeaker that it came from last time, or that was chosen."""

from preflight.check import Check, Live
from preflight.checks.speaker.bench import SpeakerBench
from preflight.devices.stable_names import is_another
from preflight.model import Measured

CODE = "speaker.changed"


def speaker_changed(bench: SpeakerBench) -> Check:
    """Tell whether the loudspeaker is another one than expected."""

    def now() -> Measured | None:
        info = bench.info
        if info is None:
            return None
        if info.kind.synthetic or bench.expected is None:
            return {"changed": False}
        took_over = is_another(bench.expected, info, bench.found or ())
        return {"changed": took_over, "device": info.name}

    async def measure() -> Measured:
        return now() or {}

    return Check(CODE, measure, needs=("speaker.none",), before=bench.told, live=Live(now))
