"""M18: both sides of a stereo microphone work; a call uses the good one where one does not."""

from preflight.check import CannotTell, Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.channel_dead"


def mic_channel_dead(bench: MicrophoneBench) -> Check:
    """Tell the level of each side over 3 s, and how the sound lies on them."""

    async def measure() -> Measured:
        await three_seconds(bench)
        found = await bench.compare_channels()
        if found is None:
            raise CannotTell("little_sound")
        return {
            "channel_dead": found.dead,
            "layout": found.layout.value,
            "quieter_dbfs": min(found.levels_dbfs),
            "louder_dbfs": max(found.levels_dbfs),
            "louder_channel": found.louder,
        }

    return Check(CODE, measure, needs=("mic.silent",))
