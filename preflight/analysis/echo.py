"""Whether the microphone hears the loudspeaker: how loud, and how late.

A known sound was played; what the microphone heard meanwhile is compared with it at every delay
(a matched filter). An echo stands out as one narrow peak; noise and speech, however loud, give
many peaks of about the same height.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import SAMPLE_RATE_HZ

COUPLED_FROM = 4.0
"""Highest peak over the highest other one; without an echo it is 1.0 to 1.6 (measured)."""
LONGEST_DELAY_S = 0.8
LOWEST_GAIN_DB = -80.0
_BEFORE_S = 0.005
_ROOM_S = 0.2
"""A room answers for so long after the direct sound: those peaks are the echo's own."""
_BAND_HZ = (320.0, 3200.0)
"""Where the sweep is at its full strength."""
_FLOOR = 1e-3

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Echo:
    """What came back of a known sound.

    Attributes:
        peak_ratio: highest peak of the matched filter over the highest one outside the echo.
        gain_db: level of what came back against what was played, at least -80.
        delay_ms: from the moment the sound was taken for playing until it was heard.
    """

    peak_ratio: float
    gain_db: float
    delay_ms: float

    @property
    def coupled(self) -> bool:
        """Whether the microphone hears the loudspeaker at all."""
        return self.peak_ratio >= COUPLED_FROM


def find_echo(heard: npt.NDArray[np.int16], played: npt.NDArray[np.int16]) -> Echo | None:
    """Look for ``played`` in ``heard``; None where there is too little sound to tell.

    Args:
        heard: shape (n,), 48 kHz; sample 0 was heard when the playing began.
        played: shape (m,), 48 kHz.
    """
    lags = min(len(heard) - len(played), round(LONGEST_DELAY_S * SAMPLE_RATE_HZ))
    if lags <= _samples(_ROOM_S) * 2 or not np.any(played):
        return None
    size = 1 << (len(heard) + len(played) - 1).bit_length()
    heard_at = np.fft.rfft(heard.astype(np.float64), size)
    played_at = np.fft.rfft(played.astype(np.float64), size)
    matched = _envelope(heard_at * np.conj(played_at), size)[:lags]
    peak = int(np.argmax(matched))
    first, last = max(0, peak - _samples(_BEFORE_S)), peak + _samples(_ROOM_S)
    others = np.concatenate([matched[:first], matched[last:]])
    if len(others) == 0 or matched[peak] <= 0.0:
        # A microphone that hears nothing at all hears no echo.
        return Echo(1.0, LOWEST_GAIN_DB, 0.0)
    ratio = float(matched[peak] / max(float(others.max()), 1e-9))
    gain = _gain(heard_at, played_at, size, (first, last), lags)
    return Echo(ratio, gain, 1000.0 * peak / SAMPLE_RATE_HZ)


def _gain(
    heard_at: npt.NDArray[np.complex128],
    played_at: npt.NDArray[np.complex128],
    size: int,
    echo: tuple[int, int],
    lags: int,
) -> float:
    """Return the level of the echo against the sound: the response's part in its own stretch.

    What stands in as many delays without an echo is noise, and is taken off.
    """
    power = np.abs(played_at) ** 2
    hertz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    within = (hertz >= _BAND_HZ[0]) & (hertz <= _BAND_HZ[1])
    response_at = np.where(
        within, heard_at * np.conj(played_at) / (power + _FLOOR * power.max()), 0.0
    )
    response = np.fft.irfft(response_at, size)
    weight = np.where(within, power, 0.0)

    def level(first: int, last: int) -> float:
        stretch = np.zeros(size)
        stretch[: last - first] = response[first:last]
        return float(np.sum(np.abs(np.fft.rfft(stretch)) ** 2 * weight) / np.sum(weight))

    first, last = echo
    there = level(first, min(last, lags))
    share = (min(last, lags) - first) / _samples(_ROOM_S)
    quiet = (0, first) if first >= lags - last else (last, lags)
    length = quiet[1] - quiet[0]
    noise = level(*quiet) * _samples(_ROOM_S) / length * share if length > 0 else 0.0
    left = max(there - noise, there * 0.01)
    return max(LOWEST_GAIN_DB, 10.0 * float(np.log10(max(left, 1e-12))))


def _envelope(spectrum: npt.NDArray[np.complex128], size: int) -> Samples:
    """Return the envelope of a real signal, given by its one-sided spectrum."""
    both = np.zeros(size, np.complex128)
    both[: len(spectrum)] = 2.0 * spectrum
    both[0] = spectrum[0]
    both[len(spectrum) - 1] = spectrum[-1]
    envelope: Samples = np.abs(np.fft.ifft(both))
    return envelope


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
