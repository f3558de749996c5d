"""M11: a voice is not cut off at its peaks."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import voice
from preflight.model import Measured

CODE = "mic.clipping"


def mic_clipping(bench: MicrophoneBench) -> Check:
    """Tell the cut peaks a second over 3 s; flat tops count once a voice was heard."""

    def figures() -> Measured:
        heard = bench.window.voice is not None
        return {
            "runs_per_s": bench.clipping.runs_per_s(flat_tops=heard),
            "at_ceiling_per_s": bench.clipping.runs_per_s(flat_tops=False),
        }

    async def measure() -> Measured:
        await voice(bench)
        return figures()

    def now() -> Measured | None:
        return figures() if bench.present else None

    return Check(CODE, measure, needs=("mic.silent",), live=Live(now))
