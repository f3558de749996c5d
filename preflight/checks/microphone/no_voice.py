"""M10: somebody speaks. Nobody is at fault for not doing so yet."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import VOICE_S
from preflight.model import Measured

CODE = "mic.no_voice"


def mic_no_voice(bench: MicrophoneBench) -> Check:
    """Tell whether a voice was heard, up to 7.4 s, and at once when it comes later."""

    def figures() -> Measured:
        spoken = bench.window.voice
        if spoken is None:
            return {"voice_heard": False}
        return {"voice_heard": True, "over_floor_db": spoken.voice_dbfs - spoken.floor_dbfs}

    async def measure() -> Measured:
        await bench.until(lambda: bench.window.voice is not None, within_s=VOICE_S)
        return figures()

    def now() -> Measured | None:
        return figures() if bench.present else None

    return Check(CODE, measure, needs=("mic.silent",), live=Live(now, clear_after_ms=0))
