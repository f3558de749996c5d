"""Generator B: the sound that the reported accuracy comes from; no constant was chosen on it.

Voices are those of espeak-ng: eight languages, men and women, slow and fast, high and low. They
sound in a room of their own, and some went through an 8-bit companded line at 24 kHz. Noise is a
fan: broad bands with their own heights, and a few wandering tones of blades.
"""

import functools
import io
import subprocess
import wave as wave_files

import numpy as np

from tests.accuracy.sound_tools import (
    RATE_HZ,
    Random,
    Wave,
    bins_hz,
    resampled,
    shaped,
    unit,
    unit_voice,
)

SEED = 700_000
_DEADLINE_S = 20
_SAID = {
    "en-us": "My engine rattles when it is cold, and the red lamp with the oil can stays on.",
    "en-gb": "Please look below the left front wheel. It has been dripping there since Friday.",
    "fr-fr": "Le moteur fait un bruit quand il est froid, et le voyant rouge reste allumé.",
    "de": "Der Motor klappert, wenn er kalt ist, und die rote Lampe geht nicht mehr aus.",
    "es": "El motor hace ruido cuando está frío y la luz roja no se apaga nunca.",
    "it": "Il motore fa rumore quando è freddo, e la spia rossa rimane sempre accesa.",
    "pl": "Silnik stuka, kiedy jest zimny, a czerwona lampka nie gaśnie od piątku.",
    "sv": "Motorn skramlar när den är kall, och den röda lampan lyser hela tiden.",
}
_SPEAKERS = ("m1", "m3", "m5", "m7", "f1", "f2", "f4", "f5")
_PACES = (120, 150, 180, 210)
_PITCHES = (15, 35, 50, 70, 90)
_READINGS = tuple(
    (
        language,
        _SPEAKERS[(place + turn) % len(_SPEAKERS)],
        _PACES[turn],
        _PITCHES[(place + 2 * turn) % len(_PITCHES)],
    )
    for place, language in enumerate(_SAID)
    for turn in range(len(_PACES))
)
"""32 readings: every language by four speakers, each at another pace and pitch."""


@functools.cache
def _spoken(language: str, speaker: str, words_a_minute: int, pitch: int) -> Wave:
    """Return one reading by espeak-ng, at its own 22,050 Hz brought to 48 kHz."""
    done = subprocess.run(
        [
            "espeak-ng",
            "-v",
            f"{language}+{speaker}",
            "-s",
            str(words_a_minute),
            "-p",
            str(pitch),
            "--stdout",
            _SAID[language],
        ],
        capture_output=True,
        check=True,
        timeout=_DEADLINE_S,
        stdin=subprocess.DEVNULL,
    )
    # Its header tells no length on a pipe: what follows the header is all there is.
    with wave_files.open(io.BytesIO(done.stdout)) as file:
        rate_hz = file.getframerate()
    samples = np.frombuffer(done.stdout[44 : 44 + (len(done.stdout) - 44) // 2 * 2], "<i2")
    return resampled(samples.astype(np.float64) / 32768.0, rate_hz)


def _in_a_room(random: Random, dry: Wave) -> Wave:
    """Add a decaying tail 8 to 20 dB below the voice."""
    size = int(random.uniform(0.06, 0.25) * RATE_HZ)
    tail = random.normal(0, 1, size) * np.exp(-6.9 * np.arange(size) / size)
    tail[: RATE_HZ // 500] = 0.0
    # A round number: transforms of odd lengths take several times as long.
    length = -(-(len(dry) + size) // 4800) * 4800
    wet = np.fft.irfft(np.fft.rfft(dry, length) * np.fft.rfft(tail, length), length)[: len(dry)]
    return dry + wet * (np.std(dry) / np.std(wet)) * 10 ** (-random.uniform(8, 20) / 20)


def companded(wave: Wave) -> Wave:
    """Send a wave through 8 bits of mu-law at 24 kHz, as a phone system's line card does."""
    spectrum = np.fft.rfft(wave)
    count = len(wave) // 2
    at_24 = np.fft.irfft(spectrum[: count // 2 + 1], count) / 2
    peak = float(np.abs(at_24).max())
    pressed = np.sign(at_24) * np.log1p(255 * np.abs(at_24) / peak) / np.log(256)
    rounded = np.round(pressed * 127) / 127
    back = np.sign(rounded) * peak * np.expm1(np.abs(rounded) * np.log(256)) / 255
    return np.pad(resampled(back, RATE_HZ / 2), (0, RATE_HZ))[: len(wave)]


class EspeakVoices:
    """`SoundMaker` with espeak-ng's voices."""

    def speech(self, random: Random, seconds: float) -> Wave:
        reading = _spoken(*_READINGS[int(random.integers(len(_READINGS)))])
        count = round(seconds * RATE_HZ)
        start = int(random.integers(0, RATE_HZ))
        made = _in_a_room(random, np.tile(reading, count // len(reading) + 2)[start:][:count])
        # Companded speech has no breath of its own above 12 kHz; the noise of a case adds it.
        return unit_voice(companded(made) if random.random() < 0.3 else made)

    def noise(self, random: Random, seconds: float) -> Wave:
        wave = random.normal(0, 1, round(seconds * RATE_HZ))
        hz = bins_hz(wave)
        corners = np.array([20, 120, 400, 1200, 3000, 6000, 10_000, 16_000, 24_000])
        heights_db = np.cumsum(random.uniform(-7, 1, len(corners)))
        air = unit(shaped(wave, 10 ** (np.interp(hz, corners, heights_db) / 20)))
        at = np.arange(len(wave)) / RATE_HZ
        for _ in range(int(random.integers(0, 4))):
            pitch = random.uniform(380, 1400)
            wander = 4 * np.sin(2 * np.pi * random.uniform(0.3, 1.5) * at)
            air += random.uniform(0.02, 0.15) * np.sin(2 * np.pi * (pitch * at + wander))
        return unit(air)

    def drone(self, random: Random, seconds: float, hz: float) -> Wave:
        """A machine: pulses whose spacing strays as an engine's does, through a casing."""
        count = round(seconds * RATE_HZ)
        made = np.zeros(count)
        at = 0.0
        while at < count:
            made[int(at)] = random.uniform(0.7, 1.0)
            at += RATE_HZ / hz * random.normal(1.0, 0.03)
        ring = np.exp(-np.arange(RATE_HZ // 20) / (RATE_HZ * random.uniform(0.002, 0.008)))
        ring *= np.sin(2 * np.pi * random.uniform(150, 700) * np.arange(len(ring)) / RATE_HZ)
        length = -(-(count + len(ring)) // 4800) * 4800
        rung = np.fft.irfft(np.fft.rfft(made, length) * np.fft.rfft(ring, length), length)
        return unit(rung[:count])
