"""S01: a loudspeaker is there."""

from preflight.check import Check, Live
from preflight.checks.speaker.bench import SpeakerBench
from preflight.model import Measured

CODE = "speaker.none"
SEARCH_S = 1.9


def speaker_none(bench: SpeakerBench) -> Check:
    """Count the loudspeakers; one that plays to nobody does not count."""

    def now() -> Measured | None:
        return None if bench.real is None else {"speakers": len(bench.real)}

    async def measure() -> Measured:
        await bench.until(lambda: bench.found is not None, within_s=SEARCH_S)
        return now() or {}

    return Check(CODE, measure, live=Live(now))
