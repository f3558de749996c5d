"""M09: a voice comes loud enough."""

from preflight.analysis.sound import Levels
from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import voice
from preflight.model import Measured

CODE = "mic.level_low"


def mic_level_low(bench: MicrophoneBench) -> Check:
    """Tell the level of the voice; where nobody spoke in 8 s, that of all there was.

    Between two sentences nothing is told: the voice has not become quieter.
    """

    async def measure() -> Measured:
        if await voice(bench):
            return _figures(bench.window.voice_now() or bench.window.voice)
        return {"level_dbfs": bench.window.rms_dbfs(), "voice_heard": False}

    def now() -> Measured | None:
        spoken = bench.window.voice_now() if bench.present else None
        return None if spoken is None else _figures(spoken)

    return Check(CODE, measure, needs=("mic.silent",), live=Live(now))


def _figures(spoken: Levels | None) -> Measured:
    return {} if spoken is None else {"level_dbfs": spoken.voice_dbfs, "voice_heard": True}
