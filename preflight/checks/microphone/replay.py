"""M21: people hear themselves clearly. Only they can say so, after `VoiceReplay` has played."""

from preflight.check import Check, not_asked
from preflight.checks.microphone.bench import MicrophoneBench

CODE = "mic.replay"


def mic_replay(_bench: MicrophoneBench) -> Check:
    """Wait for the person's answer: ``confirmed``."""
    return Check(CODE, not_asked)
