"""M01: a microphone is there. Monitors of loudspeakers do not count."""

from preflight.check import Check
from preflight.checks.device_checks import device_none
from preflight.checks.microphone.bench import MicrophoneBench

CODE = "mic.none"


def mic_none(bench: MicrophoneBench) -> Check:
    """Count the microphones."""
    return device_none(bench, CODE, "microphones")
