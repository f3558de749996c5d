"""Made round trips with known truth: voices as levels, and cameras as brightness.

Levels, not sound: the detector sees nothing else, and 400 pairs stay quick. Syllables, pauses and
loudness are drawn; the way back changes gain, adds noise, loses packets, stretches and delays.
"""

import numpy as np
import numpy.typing as npt

from preflight.analysis.round_trip import SeenPicture, SentPicture

_FULL = 32768.0
_LOSSES = (0.0, 0.01, 0.03, 0.1)
_STRETCHES = (0.0, 0.002, 0.005)
"""Share of blocks that a jitter buffer leaves out, and repeats."""


def voice(rng: np.random.Generator, seconds: float) -> list[float]:
    """Mean squares of int16 speech, one for each 10 ms: 3 to 6 syllables a second, pauses."""
    envelope = _envelope(rng, seconds)
    blocks = (envelope[: len(envelope) // 10 * 10].reshape(-1, 10) ** 2).mean(axis=1)
    level = rng.uniform(-38, -12)
    floor = level - rng.uniform(15, 40)
    spoken = blocks * _power(level) * rng.chisquare(40, len(blocks)) / 40
    return list(spoken + _power(floor) * rng.chisquare(60, len(blocks)) / 60)


def voice_sound(rng: np.random.Generator, seconds: float) -> npt.NDArray[np.int16]:
    """The same as sound at 48 kHz: overtones of 120 Hz and some breath."""
    envelope = np.repeat(_envelope(rng, seconds), 48)
    at_s = np.arange(len(envelope)) / 48_000
    tones = sum(np.sin(2 * np.pi * 120 * n * at_s) / n for n in range(1, 20))
    breath = rng.standard_normal(len(envelope))
    sound = envelope * 3000 * (tones + 0.5 * breath) + 10 * breath
    return np.clip(sound, -32_000, 32_000).astype(np.int16)


def _envelope(rng: np.random.Generator, seconds: float) -> npt.NDArray[np.float64]:
    """Amplitude by the millisecond."""
    envelope = np.zeros(round(seconds * 1000))
    at = int(rng.uniform(0, 400))
    rate = rng.uniform(3, 6)
    while at < len(envelope):
        if rng.random() < 0.15:
            at += int(rng.uniform(200, 700))
            continue
        length = int(1000 / rate * rng.uniform(0.6, 1.4))
        rise = max(5, int(length * rng.uniform(0.1, 0.3)))
        ms = np.arange(min(length, len(envelope) - at))
        fall = np.exp(-np.maximum(0, ms - rise) / (length * rng.uniform(0.25, 0.6)))
        syllable = 10 ** (rng.normal(0, 4) / 20) * np.minimum(ms / rise, 1) * fall
        part = envelope[at : at + len(ms)]
        np.maximum(part, syllable, out=part)
        at += int(length * rng.uniform(0.8, 1.05))
    return envelope


def returned(rng: np.random.Generator, sent: list[float]) -> list[float]:
    """What B hears of it, as long as what was sent."""
    back = np.asarray(sent) * 10 ** (rng.uniform(-15, 12) / 10)
    # Gain that follows the voice slowly.
    thirds = np.linspace(0, len(back), 3)
    back = back * 10 ** (np.interp(np.arange(len(back)), thirds, rng.uniform(-6, 6, 3)) / 10)
    loud = float(np.percentile(back, 95))
    noise = loud * 10 ** (-rng.uniform(8, 35) / 10)
    back = back + noise * rng.chisquare(40, len(back)) / 40
    # A codec's frames overlap, and its levels are not exact.
    share = rng.uniform(0, 0.3)
    back = (1 - share) * back + share * np.roll(back, 1)
    back = back * 10 ** (rng.normal(0, rng.uniform(0.3, 1.5), len(back)) / 10)
    back = _stretched(rng, _concealed(rng, back))
    lag = int(rng.uniform(0.03, 1.2) * 100)
    return [*(rng.chisquare(40, lag) * 10.0), *back][: len(sent)]


def _concealed(rng: np.random.Generator, back: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lost = rng.random(len(back) // 2) < rng.choice(_LOSSES)
    for packet in np.flatnonzero(lost).tolist():
        before = back[max(0, 2 * packet - 1)]
        back[2 * packet : 2 * packet + 2] = before / 2
    return back


def _stretched(rng: np.random.Generator, back: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share = rng.choice(_STRETCHES)
    drawn = rng.random(len(back))
    times = np.where(drawn < share, 0, np.where(drawn < 2 * share, 2, 1))
    return np.repeat(back, times)


def _power(dbfs: float) -> float:
    return float(_FULL**2 * 10 ** (dbfs / 10))


def camera_pair(
    rng: np.random.Generator, *, broken: bool
) -> tuple[list[SentPicture], list[SeenPicture]]:
    """Two seconds of a camera's pictures and what arrived of them.

    Healthy ones lose up to a third of their pictures and a few levels; broken ones come back much
    too dark or bright, hardly ever, or are the made picture instead.
    """
    fps = rng.choice((15, 20, 24, 25, 30))
    steps = np.arange(2 * fps)
    luma = rng.uniform(30, 220) + rng.uniform(0, 15) * np.sin(steps * rng.uniform(0.02, 0.3))
    sent = [SentPicture(int(n * 1e6 / fps), float(luma[n])) for n in steps]
    delay_s = rng.uniform(0.03, 1.2)
    kind = rng.choice(("dark", "rare", "other")) if broken else "well"
    kept = rng.uniform(0.0, 4.5 / fps) if kind == "rare" else rng.uniform(0.7, 1.0)
    off = rng.choice((-1, 1)) * rng.uniform(25, 80) if kind == "dark" else rng.normal(0, 3)
    count = round(kept * len(sent))
    some = sorted(rng.choice(len(sent), size=count, replace=False))
    shift = 10**9 if kind == "other" else 0
    seen = [
        SeenPicture(n / fps + delay_s, float(luma[n] + off), sent[n].code_us + shift) for n in some
    ]
    return sent, seen
