"""What the checks on sound have in common: 3 s of it, and a while to wait for a voice."""

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound_ring import RING_S
from preflight.check import CannotTell
from preflight.checks.microphone.bench import MicrophoneBench

VOICE_S = 7.4
"""How long somebody has to begin to speak."""
SETTLE_S = 1.0
"""The first syllable alone tells no level: a second more is taken."""
FEWEST_S = 1.0


async def three_seconds(bench: MicrophoneBench) -> npt.NDArray[np.int16]:
    """Wait until there are 3 s of sound, and return a copy: int16, shape (n, channels).

    Raises:
        CannotTell: ``little_sound``; less than a second came.
    """
    await bench.until(lambda: bench.ring.seconds >= RING_S, within_s=RING_S)
    seconds = bench.ring.seconds
    if seconds < FEWEST_S:
        raise CannotTell("little_sound", {"seconds": seconds})
    return bench.ring.sound()


async def voice(bench: MicrophoneBench) -> bool:
    """Wait for somebody to speak, and a second of it; False when nobody did in 7.4 s."""
    if not await bench.until(lambda: bench.window.voice is not None, within_s=VOICE_S):
        return False
    await bench.until(lambda: False, within_s=SETTLE_S)
    return True
