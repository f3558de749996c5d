"""M04: the microphone opens, and soon enough."""

from preflight.check import Check
from preflight.checks.device_checks import device_open_failed
from preflight.checks.microphone.bench import MicrophoneBench

CODE = "mic.open_failed"


def mic_open_failed(bench: MicrophoneBench) -> Check:
    """Tell how long the open took."""
    return device_open_failed(bench, CODE, "mic.busy")
