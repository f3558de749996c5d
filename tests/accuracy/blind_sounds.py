"""The sounds of the microphone's blind sets: who speaks, what runs beside, what it goes through.

Voices are espeak-ng's of fourteen languages that no older set has, also those of its Klatt
synthesis and its whispers. They stand in a made room; a headset's compressor, a codec, another
rate and a microphone of its own response come after it. Noises are other people talking, a piston
compressor, an impact wrench, rain, traffic and a grinder, of filtered noise and pulses.

All of it is a loop of 3 s that is filtered in a circle, without a seam: every window of 3 s holds
the same, wherever a check lets it begin, and so its truth can be worked out from the loop alone.
"""

import functools
import io
import random
import subprocess
import wave as wave_files
from collections.abc import Callable

import numpy as np

from preflight.model import Measured
from tests.accuracy.played_sound import blocks_of, microphone_figures
from tests.accuracy.sound_tools import (
    RATE_HZ,
    Random,
    Sound,
    Wave,
    bins_hz,
    frame_rms,
    gain,
    low_pass,
    resampled,
    shaped,
    unit,
    unit_voice,
)
from tests.fakes.devices import FakeSystem

LOOP_S = 3
LOOP = LOOP_S * RATE_HZ
LOOPS = 4
"""So many make a recording; where nobody speaks a check listens for 8 s."""
TRIES = 60
_DEADLINE_S = 20

_SAID = {
    "da": "Bilen siger en hvinende lyd, når jeg drejer til højre, og den vibrerer ved halvtreds.",
    "nb": "Det lukter brent når jeg kjører i oppoverbakke, og viften går hele tiden.",
    "hu": "Reggel nehezen indul, és amikor fékezek, a kormány erősen rázkódik a kezemben.",
    "hr": "Auto gubi snagu na autocesti, a ispod mjenjača kaplje nešto crno i gusto.",
    "el": "Όταν πατάω τον συμπλέκτη ακούγεται ένα τρίξιμο, και μετά ο κινητήρας σβήνει.",
    "uk": "Коли машина гріється, стрілка піднімається вище половини, і з'являється пара.",
    "ca": "El cotxe fa un soroll metàl·lic a la roda del darrere quan passo per un sot.",
    "pt-br": "O carro engasga na subida, e a luz da bateria pisca quando ligo o ar.",
    "id": "Mobil saya bergetar waktu berhenti, dan pedal rem terasa sangat dalam.",
    "vi": "Xe của tôi khó nổ máy vào buổi sáng, và có tiếng kêu ở bánh trước.",
    "sw": "Gari langu linatoa moshi mweusi ninapopanda mlima, na injini inakosa nguvu.",
    "eo": "La motoro tusas matene, kaj la maldekstra lampo ne plu lumas de merkredo.",
    "is": "Bíllinn hristist á hundrað, og það heyrist bank undir gólfinu á möl.",
    "lv": "Automašīna velk pa labi, un bremzējot no riteņa nāk skaļa čīkstoņa.",
}
_SPEAKERS = ("klatt4", "f4", "m7", "linda", "norbert", "travis", "grandma", "klatt6", "steph2")
_READINGS = tuple(
    (language, _SPEAKERS[number % len(_SPEAKERS)], 118 + 23 * (number % 5), 28 + 17 * (number % 4))
    for number, language in enumerate(_SAID)
)


def noise_of(rng: random.Random) -> Random:
    """Return numpy's generator for a case."""
    return np.random.default_rng(rng.randrange(1 << 40))


# --- Voices ------------------------------------------------------------------------------------


@functools.cache
def _read(language: str, speaker: str, words_a_minute: int, pitch: int) -> Wave:
    """Return a reading at 48 kHz without the silence before and after it."""
    words = ("-v", f"{language}+{speaker}", "-s", str(words_a_minute), "-p", str(pitch))
    done = subprocess.run(
        ["espeak-ng", *words, "--stdout", _SAID[language]],
        capture_output=True,
        check=True,
        timeout=_DEADLINE_S,
    )
    with wave_files.open(io.BytesIO(done.stdout)) as file:
        rate_hz = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    wave = resampled(samples / 32768.0, rate_hz)
    heard = np.flatnonzero(np.abs(wave) > 0.01)
    return wave[heard[0] : heard[-1]]


def speech(random: Random, pause_s: float = 0.0) -> Wave:
    """Return somebody who talks for two to two and a half seconds of the loop, 0 dBFS of voice.

    Args:
        pause_s: how long nobody speaks; drawn where it is 0.
    """
    reading = _read(*_READINGS[int(random.integers(len(_READINGS)))])
    paused = round((pause_s or random.uniform(0.5, 0.95)) * RATE_HZ)
    talked = LOOP - paused
    start = int(random.integers(len(reading)))
    talk = np.roll(np.tile(reading, talked // len(reading) + 1), -start)[:talked].copy()
    faded = round(0.008 * RATE_HZ)
    talk[:faded] *= np.linspace(0, 1, faded)
    talk[-faded:] *= np.linspace(1, 0, faded)
    return unit_voice(np.concatenate([talk, np.zeros(paused)]))


def in_room(random: Random, wave: Wave) -> Wave:
    """Let it sound in a garage or an office: some early echoes, and a tail that loses its highs."""
    decay_s = random.uniform(0.12, 0.5)
    at_s = np.arange(LOOP) / RATE_HZ
    tail = random.normal(0, 1, LOOP) * np.exp(-6.9 * at_s / decay_s) * (at_s > 0.004)
    tail = low_pass(tail, random.uniform(3000, 7000), 9000)
    tail *= gain(-random.uniform(4, 14)) / float(np.sqrt(np.square(tail).sum()))
    for late_s in random.uniform(0.002, 0.03, 5):
        tail[round(late_s * RATE_HZ)] += random.normal(0, 0.2)
    tail[0] += 1.0
    return np.fft.irfft(np.fft.rfft(wave) * np.fft.rfft(tail), LOOP)


def talking(random: Random, pause_s: float = 0.0) -> Wave:
    """Return somebody in a room before a microphone, 0 dBFS of voice."""
    return unit_voice(heard_by(random, in_room(random, speech(random, pause_s))))


# --- What it goes through ----------------------------------------------------------------------


def heard_by(random: Random, wave: Wave) -> Wave:
    """Give it a small microphone's response: no lowest tones, a rise somewhere above 2 kHz."""
    hz = bins_hz(wave)
    lowest = random.uniform(50, 130)
    octaves = np.log2(np.maximum(hz, 1) / random.uniform(2500, 7000))
    rise_db = random.uniform(0, 7) * np.exp(-2 * octaves**2)
    response = hz**2 / np.hypot(hz, lowest) ** 2 * 10 ** (rise_db / 20)
    return low_pass(shaped(wave, response), random.uniform(17_000, 20_000), 3000)


def levelled(random: Random, wave: Wave, voice_db: float) -> Wave:
    """Let a headset raise what is quiet and hold down what is loud, towards one level."""
    levels = 20 * np.log10(np.maximum(frame_rms(wave), 1e-5))
    slow, gained, now = random.uniform(0.01, 0.04), np.empty(len(levels)), 0.0
    gate_db = float(np.percentile(levels, 95)) - 25
    for turn in range(2):
        for number, level in enumerate(levels):
            if level > gate_db:
                wanted = float(np.clip(voice_db - 4 - level, -20, 30))
                now += (wanted - now) * (0.4 if wanted < now and turn else slow)
            gained[number] = now
    at = (np.arange(LOOP) / (LOOP / len(levels))) % len(levels)
    return wave * 10 ** (np.interp(at, np.arange(len(levels)), gained, period=len(levels)) / 20)


def coded(random: Random, wave: Wave, edge_hz: float = 14_000) -> Wave:
    """Send it through a codec: 20 ms of spectrum in coarse steps, faint tones left out."""
    size, hop = 960, 480
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size)
    index = (np.arange(LOOP // hop)[:, None] * hop + np.arange(size)) % LOOP
    spectra = np.fft.rfft(wave[index] * window, axis=1)
    loudest = np.abs(spectra).max(axis=1, keepdims=True) + 1e-9
    step = loudest * gain(-random.uniform(28, 40))
    spectra = np.round(spectra / step) * step
    spectra[:, round(edge_hz * size / RATE_HZ) :] = 0
    back = np.zeros(LOOP)
    np.add.at(back, index, np.fft.irfft(spectra, size, axis=1) * window)
    return back


def captured_at(wave: Wave, rate_hz: float) -> Wave:
    """Take it at a lower rate, with the filter that comes before a converter, and bring it back."""
    return low_pass(wave, rate_hz * 0.455, rate_hz * 0.04)


# --- Noises, 0 dBFS of RMS ---------------------------------------------------------------------


def _tilted(random: Random, slope: float, count: int = LOOP) -> Wave:
    """Return noise whose density falls by this many dB per octave above 60 Hz."""
    wave = random.normal(0, 1, count)
    return shaped(wave, np.maximum(bins_hz(wave), 60.0) ** (-slope / 6.02))


def hiss(random: Random, count: int = LOOP) -> Wave:
    """A room: air, a fan of a computer, the amplifier."""
    steep = _tilted(random, random.uniform(2, 5), count)
    return unit(unit(steep) + gain(-random.uniform(6, 14)) * random.normal(0, 1, count))


def rain(random: Random) -> Wave:
    """Rain on a tin roof: thousands of drops a second, each a short ring."""
    drops = random.poisson(0.06, LOOP) * random.exponential(1.0, LOOP)
    hz = bins_hz(drops)
    middle = random.uniform(900, 3500)
    rung = shaped(drops - drops.mean(), 1 / (1 + (np.log2(np.maximum(hz, 1) / middle)) ** 2))
    return unit(unit(rung) + 0.3 * random.normal(0, 1, LOOP))


def traffic(random: Random) -> Wave:
    """A road behind a window: rumble that swells a little, and tyres."""
    at = np.arange(LOOP) / RATE_HZ
    swell = 1 + 0.15 * np.sin(2 * np.pi * at / LOOP_S + random.uniform(0, 6))
    rumble = low_pass(_tilted(random, 6), random.uniform(250, 500), 400)
    tyres = low_pass(_tilted(random, 2), random.uniform(1200, 2500), 6000)
    return unit((unit(rumble) + random.uniform(0.6, 1.2) * unit(tyres)) * swell)


def grinder(random: Random) -> Wave:
    """An angle grinder: whining tones of the gear, and a rush that is brightest at 5 kHz."""
    hz = bins_hz(np.zeros(LOOP))
    rush = shaped(random.normal(0, 1, LOOP), np.exp(-(((hz - 5000) / 3500) ** 2)) + 0.1)
    turned = np.cumsum(random.uniform(380, 620) * (1 + 0.01 * _slow(random))) / RATE_HZ
    whine = sum(np.sin(2 * np.pi * turned * order) / order for order in range(1, 7))
    return unit(unit(rush) + random.uniform(0.2, 0.6) * unit(np.asarray(whine)))


def _slow(random: Random) -> Wave:
    """Return a course that wanders at some hertz, about 1."""
    return unit(low_pass(random.normal(0, 1, LOOP), 3, 2))


def pistons(random: Random) -> Wave:
    """A compressor in the next bay: 8 to 22 thumps a second, none quite on time, and its motor."""
    a_second = random.uniform(8, 22)
    count = round(a_second * LOOP_S)
    at_s = (np.arange(count) + random.normal(0, 0.12, count)) * LOOP_S / count
    thumps = np.zeros(LOOP)
    np.add.at(thumps, np.round(at_s * RATE_HZ).astype(int) % LOOP, random.uniform(0.7, 1.3, count))
    hz = bins_hz(thumps)
    ring = sum(1 / (1 + ((hz - each) / 40) ** 2) for each in random.uniform(80, 700, 4))
    motor = unit(_tilted(random, 4))
    return unit(
        unit(shaped(thumps, np.asarray(ring) * (hz > 30))) + random.uniform(0.8, 1.3) * motor
    )


def wrench(random: Random) -> Wave:
    """An impact wrench that runs on: 18 to 32 metal blows a second."""
    count = round(random.uniform(18, 32) * LOOP_S)
    at = np.round((np.arange(count) + random.normal(0, 0.06, count)) * LOOP / count).astype(int)
    blows = np.zeros(LOOP)
    np.add.at(blows, at % LOOP, random.uniform(0.8, 1.2, count))
    hz = bins_hz(blows)
    ring = sum(1 / (1 + ((hz - each) / 90) ** 2) for each in random.uniform(900, 5500, 6))
    air = unit(_tilted(random, 0.5))
    return unit(unit(shaped(blows, np.asarray(ring))) + random.uniform(0.8, 1.3) * air)


def babble(random: Random) -> Wave:
    """Seven others who talk at once, further away."""
    several = [np.roll(speech(random, 0.4), int(random.integers(LOOP))) for _ in range(7)]
    return unit(in_room(random, np.sum(several, axis=0)))


NOISES: tuple[Callable[[Random], Wave], ...] = (
    hiss,
    rain,
    traffic,
    grinder,
    pistons,
    wrench,
    babble,
)
STEADY: tuple[Callable[[Random], Wave], ...] = (hiss, rain, traffic, grinder)


def one_of(random: Random, makers: tuple[Callable[[Random], Wave], ...]) -> Wave:
    return makers[int(random.integers(len(makers)))](random)


# --- Truth -------------------------------------------------------------------------------------


def levels_db(sound: Sound) -> tuple[float, float]:
    """Return voice and floor of one channel in dBFS: 95th and 10th percentile of 20 ms."""
    wave = sound[:, 0] / 32768.0
    frames = np.maximum(frame_rms(wave - wave.mean()), 1e-7)
    low, high = 20 * np.log10(np.percentile(frames, (10, 95)))
    return float(high), float(low)


def rms_db(wave: Sound) -> float:
    """Return the level about the mean of a channel of int16, in dBFS."""
    return float(20 * np.log10(max(float(np.std(wave)) / 32768.0, 1e-7)))


def drawn(random: Random, make: Callable[[Random], Sound], holds: Callable[[Sound], bool]) -> Sound:
    """Make loops until one is clear of the limits, and return that."""
    for _ in range(TRIES):
        sound = make(random)
        if holds(sound):
            return sound
    raise AssertionError("no sound of this kind is clear of the limits")


def repeated(loop: Sound, times: int = LOOPS) -> Sound:
    """Return a recording of so many loops."""
    return np.tile(loop, (times, 1))


def heard_figures(
    code: str,
    rng: random.Random,
    make: Callable[[Random], Sound],
    holds: Callable[[Sound], bool],
    system: FakeSystem | None = None,
) -> Measured:
    """Return what a check measures of a loop that is clear of the limits."""
    loop = drawn(noise_of(rng), make, holds)
    return microphone_figures(code, blocks_of(repeated(loop)), system=system)
