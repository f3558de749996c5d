"""M13: no mains hum."""

from preflight.analysis.hum import hum
from preflight.check import Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.hum"


def mic_hum(bench: MicrophoneBench) -> Check:
    """Tell the level of the lines at 50 or 60 Hz and their multiples in 3 s of sound."""

    async def measure() -> Measured:
        sound = await three_seconds(bench)
        found = await bench.offload(lambda: hum(sound))
        return {
            "hum_dbfs": found.dbfs,
            "prominence_db": found.prominence_db,
            "mains_hz": found.mains_hz,
        }

    return Check(CODE, measure, needs=("mic.silent",))
