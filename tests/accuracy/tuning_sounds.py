"""Generator A: the sound that constants were chosen on; nothing reported comes from it.

A voice is pulses through formants, with hiss between; noise falls with frequency. The model of
the catalogue, section 16.

    python -m tests.accuracy.tuning_sounds [PART OF A CODE [EVERY]]     tries the checks on it
"""

import sys
from collections.abc import Iterator

import numpy as np

from tests.accuracy.sound_tools import RATE_HZ, Random, Wave, bins_hz, shaped, unit, unit_voice

SEED = 100_000
_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))


def _pulses(pitch_hz: Wave) -> Wave:
    phase = np.cumsum(pitch_hz) / RATE_HZ
    return np.diff(np.floor(phase), prepend=0.0) - pitch_hz / RATE_HZ


def _formants(wave: Wave, centres: tuple[int, int, int]) -> Wave:
    hz = bins_hz(wave)
    response = np.full(len(hz), 0.004)
    for rank, centre in enumerate(centres):
        width = 60.0 + 40.0 * rank
        response += 0.5**rank / np.sqrt(1 + ((hz - centre) / width) ** 2)
    return shaped(wave, response / (1 + hz / 500))


class ModelVoices:
    """`SoundMaker` from formulas."""

    def speech(self, random: Random, seconds: float) -> Wave:
        made = np.zeros(round(seconds * RATE_HZ))
        at = int(random.uniform(0.0, 0.25) * RATE_HZ)
        pitch = random.uniform(85, 230)
        while at < len(made):
            size = min(int(random.uniform(0.08, 0.28) * RATE_HZ), len(made) - at)
            if size < 1000:
                break
            fall = np.linspace(1.0, random.uniform(0.8, 1.05), size)
            sound = _formants(
                _pulses(pitch * random.uniform(0.9, 1.2) * fall),
                _VOWELS[int(random.integers(len(_VOWELS)))],
            )
            sound *= np.sin(np.linspace(0, np.pi, size)) ** 0.5 * random.uniform(0.5, 1.0)
            made[at : at + size] += unit(sound) if random.random() < 0.9 else 0.3 * sound
            if random.random() < 0.4:
                hiss = random.normal(0, 1, size // 3)
                hiss = shaped(hiss, (bins_hz(hiss) > random.uniform(2500, 4500)).astype(float))
                made[at : at + len(hiss)] += 0.25 * unit(hiss) * np.hanning(len(hiss))
            at += size + int(random.choice((0.03, 0.08, 0.25), p=(0.5, 0.35, 0.15)) * RATE_HZ)
        return unit_voice(made)

    def noise(self, random: Random, seconds: float) -> Wave:
        wave = random.normal(0, 1, round(seconds * RATE_HZ))
        slope = random.uniform(0.0, 0.9)
        return unit(shaped(wave, (np.maximum(bins_hz(wave), 60.0) / 1000) ** -slope))

    def drone(self, random: Random, seconds: float, hz: float) -> Wave:
        at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        pitch = hz * (1 + random.uniform(0.002, 0.006) * np.sin(2 * np.pi * 5 * at))
        return unit(_formants(_pulses(pitch), _VOWELS[0]))


def main(arguments: list[str]) -> int:
    """Try the checks on this generator, with the misses and what was measured."""
    from tests.accuracy.microphone_cases import cases
    from tests.accuracy.report import line, misses, table
    from tests.accuracy.tally import Case, tally

    part = arguments[0] if arguments else ""
    every = int(arguments[1]) if len(arguments) > 1 else 1
    found: Iterator[Case] = cases(ModelVoices(), SEED)
    chosen = (case for case in found if part in case.code)
    rows = tally(case for number, case in enumerate(chosen) if number % every == 0)
    lines = [line(row, "microphone") for row in rows.values()]
    sys.stdout.write("\n".join((table(lines), "", *misses(rows.values()), "")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
