"""M02: this program may use the microphone. Some systems deliver zeros when they refuse."""

from preflight.check import Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured

CODE = "mic.permission"


def mic_permission(bench: MicrophoneBench) -> Check:
    """Ask the system, which asks the person first; real sound overrules a refusal, zeros do not."""

    async def measure() -> Measured:
        told = await bench.permission()
        return {"permission": told.value, "sound": bench.window.heard()}

    return Check(CODE, measure, needs=("mic.none",), before=bench.permission_asked)
