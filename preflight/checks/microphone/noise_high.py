"""M12: it is quiet around the voice."""

from preflight.check import Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import voice
from preflight.model import Measured

CODE = "mic.noise_high"
SPOKEN_DB = 5.5
"""What stands out further is a voice, however deep in noise: 5.5 dB where it is 4 dB above it.

Steady noise that is mostly low has up to 5.4 dB, as its 20 ms levels stray; white noise under 1.
"""


def mic_noise_high(bench: MicrophoneBench) -> Check:
    """Tell the floor, the distance of what stands out from it, and whether that can be a voice."""

    async def measure() -> Measured:
        await voice(bench)
        levels = bench.window.levels()
        over_db = levels.voice_dbfs - levels.floor_dbfs
        return {
            "floor_dbfs": levels.floor_dbfs,
            "snr_db": over_db,
            "spoken": over_db >= SPOKEN_DB,
        }

    return Check(CODE, measure, needs=("mic.silent",))
