"""M03: no other program holds the microphone. Names the holder where the system tells."""

from preflight.check import Check
from preflight.checks.device_checks import device_busy
from preflight.checks.microphone.bench import MicrophoneBench

CODE = "mic.busy"


def mic_busy(bench: MicrophoneBench) -> Check:
    """Look at how the open went, once it is known."""
    return device_busy(bench, CODE, "mic.permission")
