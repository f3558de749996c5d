"""Sound in a file, for whoever plays one as a microphone."""

import wave
from pathlib import Path
from typing import Any

import numpy as np

RATE_HZ = 48_000


def write_wav(
    path: Path, samples: "np.ndarray[Any, np.dtype[np.int16]]", rate_hz: int = RATE_HZ
) -> Path:
    """Write int16 sound of shape (n,) or (n, channels) as a WAV file; returns its path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
    return path
