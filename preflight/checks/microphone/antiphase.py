"""M19: the two sides do not cancel each other; a call uses one of them where they do."""

from preflight.analysis.channels import DEAD_DBFS
from preflight.check import CannotTell, Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.antiphase"


def mic_antiphase(bench: MicrophoneBench) -> Check:
    """Tell the correlation of the two sides over 3 s; 1 where there is one only."""

    async def measure() -> Measured:
        await three_seconds(bench)
        found = await bench.compare_channels()
        if found is None or max(found.levels_dbfs) < DEAD_DBFS:
            raise CannotTell("too_quiet")
        return {"correlation": found.correlation, "layout": found.layout.value}

    return Check(CODE, measure, needs=("mic.silent",))
