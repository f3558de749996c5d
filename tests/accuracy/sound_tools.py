"""What both generators of sound and all cases need: levels, bands, and whole numbers.

Waves are float64, shape (n,), 48 kHz; full scale is 1.0.
"""

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

RATE_HZ = 48_000
FRAME = RATE_HZ // 50
Wave: TypeAlias = npt.NDArray[np.float64]
Sound: TypeAlias = npt.NDArray[np.int16]
Random: TypeAlias = np.random.Generator


class SoundMaker(Protocol):
    """One generator: whose voices and which noise."""

    def speech(self, random: Random, seconds: float) -> Wave:
        """Return somebody speaking with pauses, 0 dBFS of voice (95th percentile of 20 ms)."""
        ...

    def noise(self, random: Random, seconds: float) -> Wave:
        """Return steady noise that reaches to 20 kHz, 0 dBFS."""
        ...

    def drone(self, random: Random, seconds: float, hz: float) -> Wave:
        """Return a voice or machine that holds this pitch, 0 dBFS."""
        ...


def gain(level_db: float) -> float:
    """Turn dB into a factor."""
    return float(10 ** (level_db / 20))


def rms(wave: Wave) -> float:
    return float(np.sqrt(np.square(wave).mean()))


def frame_rms(wave: Wave) -> Wave:
    """Return the RMS of each 20 ms."""
    whole = wave[: len(wave) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt(np.square(whole).mean(axis=1)))


def unit_voice(wave: Wave) -> Wave:
    """Scale a wave so that the 95th percentile of its 20 ms levels is 0 dBFS."""
    return wave / float(np.percentile(frame_rms(wave), 95))


def unit(wave: Wave) -> Wave:
    """Scale a wave to 0 dBFS of RMS."""
    return wave / rms(wave)


def sine(seconds: float, hz: float, phase: float = 0.0) -> Wave:
    """Return a tone of 0 dBFS of RMS."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(np.sqrt(2.0) * np.sin(2 * np.pi * hz * at + phase))


def shaped(wave: Wave, response: "npt.NDArray[np.float64]") -> Wave:
    """Filter by a response that is given for every bin of the wave's spectrum."""
    return np.fft.irfft(np.fft.rfft(wave) * response, len(wave))


def bins_hz(wave: Wave) -> Wave:
    return np.asarray(np.fft.rfftfreq(len(wave), 1 / RATE_HZ), np.float64)


def low_pass(wave: Wave, edge_hz: float, width_hz: float) -> Wave:
    """Cut off above an edge, as a converter's filter does: a cosine fall of this width."""
    over = np.clip((bins_hz(wave) - edge_hz) / width_hz, 0.0, 1.0)
    return shaped(wave, np.square(np.cos(over * np.pi / 2)))


def resampled(wave: Wave, rate_hz: float) -> Wave:
    """Bring a wave from another rate to 48 kHz; nothing is added above its band."""
    count = round(len(wave) * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(wave)
    made = np.zeros(count // 2 + 1, complex)
    kept = min(len(spectrum), len(made))
    made[:kept] = spectrum[:kept]
    return np.fft.irfft(made, count) * (count / len(wave))


def whole(*waves: Wave, ceiling: bool = True) -> Sound:
    """Turn one wave or one for each channel into int16, shape (n, channels), cut off at full."""
    stacked = np.stack(waves, axis=1) * 32768.0
    if not ceiling and np.abs(stacked).max() > 32767:
        raise ValueError("the sound is too loud for 16 bits")
    return np.clip(np.round(stacked), -32768, 32767).astype(np.int16)


def runs(mask: "npt.NDArray[np.bool_]", at_least: int) -> int:
    """Count the stretches of True that are at least this long."""
    padded = np.concatenate([[False], mask, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= at_least))
