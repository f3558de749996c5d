"""S05 and S06, blind: rooms made of mirror images and a fading tail, heard by the whole run.

Written from the catalogue, the devices' ports and the sweep's own words, without a look at how an
echo is looked for or at the older rooms. A loudspeaker plays what it is given, through a box, into
a room; the microphone hears that beside a workshop's noises, and the run itself decides when to
play and what to listen to. The gain is that of the first 200 ms of the echo against what was
played, worked out from the room's response; the delay is the time until the sound comes first.
Not made: gains within 3.5 dB of a limit, delays within 12 %, and echoes that should be found under
noise louder than themselves.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.checks.speaker.sweep import sweep
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock
from tests.accuracy.blind_rooms import (
    NOISES,
    RUN,
    STEADY,
    Noise,
    Room,
    at_level,
    babble,
    boxed,
    compressor,
    drill,
    hiss,
    radio,
    voice,
    wrench,
)
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_devices import MadePulse, sound_row
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.sound_tools import RATE_HZ, Random, Wave, gain, rms
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeMicrophone, FakeSpeaker

SEED = 9_200_280
PLAYED_DB = -20.0
"""RMS of what is played, in dBFS."""
_ROOM_S = 0.2
_SOURCES = (sound_row(1, "alsa_input.usb-Blue_Snowball-00.mono-fallback", "Snowball"),)
_SINKS = (sound_row(2, "alsa_output.usb-Bose_Companion_5-00.analog-stereo", "Companion 5"),)
_PATIENCE_S = 14.0


@dataclass
class Air:
    """What the microphone hears: a noise, and what the loudspeaker plays, through a room.

    Attributes:
        response: what comes of one sample; None: headphones.
        late_s: from the loudspeaker's pull until the first of it is heard.
        clips_at: the loudspeaker's own ceiling, as a share of full scale.
    """

    heard: Wave
    response: Wave | None
    late_s: float
    clips_at: float = 1.0
    began_ns: int = 0

    def __post_init__(self) -> None:
        if self.response is not None:
            self._size = 1 << (len(self.response) + BLOCK_SAMPLES).bit_length()
            self._spectrum = np.fft.rfft(self.response, self._size)

    def play(self, block: AudioBlock, at_ns: int) -> None:
        """Let 10 ms into the room."""
        samples = block.samples.reshape(-1).astype(np.float64) / 32768.0
        if self.response is None or not samples.any():
            return
        pressed = self.clips_at * np.tanh(samples / self.clips_at)
        spread = np.fft.irfft(np.fft.rfft(pressed, self._size) * self._spectrum, self._size)
        begin = self._sample(at_ns) + round(self.late_s * RATE_HZ)
        there = self.heard[begin : begin + len(spread)]
        there += spread[: len(there)]

    def hear(self, now_ns: int) -> npt.NDArray[np.int16]:
        """Return the 10 ms that end now."""
        end = self._sample(now_ns) % (RUN - BLOCK_SAMPLES)
        block = self.heard[
            max(0, end - BLOCK_SAMPLES) : max(0, end - BLOCK_SAMPLES) + BLOCK_SAMPLES
        ]
        return np.clip(np.round(block * 32768.0), -32768, 32767).astype(np.int16)

    def _sample(self, at_ns: int) -> int:
        return round((at_ns - self.began_ns) * RATE_HZ / 1e9)


def echoed(random: Random, room: Room, gain_db: float) -> Wave:
    """Return a room's response from its first sound on, at this gain."""
    response, direct_s = room.response(random)
    whole = boxed(random, response, random.uniform(180, 420), random.uniform(3_600, 12_000))
    begin = max(0, round(direct_s * RATE_HZ) - 24)
    found = whole[begin:]
    sound = sweep().reshape(-1).astype(np.float64)
    count = 1 << (len(sound) + RATE_HZ).bit_length()
    first = found[: round(_ROOM_S * RATE_HZ)]
    back = np.fft.irfft(np.fft.rfft(sound, count) * np.fft.rfft(first, count), count)
    played_rms = rms(sound) * float(np.sqrt(len(sound) / count))
    return np.asarray(found * (gain(gain_db) * played_rms / rms(back)))


def _told(code: str, air: Air) -> Found:
    """Let a run go on until it has a word."""

    def speaker(made: FakeSpeaker) -> None:
        made.played = air.play

    def microphone(made: FakeMicrophone) -> None:
        made.hears = air.hear

    async def play(run: MadeRun) -> Found:
        air.began_ns = run.loop.monotonic_ns()
        run.catalogue.speaker_mood, run.catalogue.microphone_mood = speaker, microphone
        await run.begin(0)
        end_s = run.loop.time() + _PATIENCE_S
        while not run.result.state.final and run.loop.time() < end_s:
            await run.loop.sleep(0.1)
        return run.result.state

    return played(code, play, pulse=MadePulse(_SOURCES, _SINKS))


Between: TypeAlias = tuple[float, float]


def _room(draw: Random, fade_s: Between = (0.15, 0.7), apart_m: Between = (0.25, 1.2)) -> Room:
    size = (float(draw.uniform(3, 9)), float(draw.uniform(3, 7)), float(draw.uniform(2.4, 4.5)))
    return Room(size, float(draw.uniform(*fade_s)), float(draw.uniform(*apart_m)))


def _echo(
    code: str,
    gain_db: Between,
    late_ms: Between,
    *,
    noises: Sequence[Noise] = (hiss,),
    below_db: Between = (12.0, 30.0),
    fade_s: Between = (0.15, 0.7),
    clips_at: float = 1.0,
    band_hz: float | None = None,
) -> Make:
    """A loudspeaker is heard.

    Args:
        below_db: by how much the noise is below the echo.
        band_hz: a headset's codec lets nothing above this through.
    """

    def make(rng: random.Random) -> Found:
        draw = np.random.default_rng(rng.randrange(1 << 40))
        response = echoed(draw, _room(draw, fade_s), back_db := float(draw.uniform(*gain_db)))
        if band_hz is not None:
            response = boxed(draw, response, 100, band_hz)
        noise = noises[int(draw.integers(len(noises)))](draw)
        level_db = max(-80.0, PLAYED_DB + back_db - float(draw.uniform(*below_db)))
        late_s = float(draw.uniform(*late_ms)) / 1000
        return _told(code, Air(at_level(noise, level_db), response, late_s, clips_at))

    return make


def _nothing(code: str, noises: Sequence[Noise], level_db: Between) -> Make:
    """Headphones: only a noise is heard."""

    def make(rng: random.Random) -> Found:
        draw = np.random.default_rng(rng.randrange(1 << 40))
        noise = noises[int(draw.integers(len(noises)))](draw)
        return _told(code, Air(at_level(noise, float(draw.uniform(*level_db))), None, 0.0))

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    code, any_ms = "speaker.loop", (20.0, 400.0)
    yield from blind_cases_of(
        code,
        SEED,
        (
            ("headphones, quiet", _nothing(code, (hiss,), (-75, -50))),
            ("headphones, a machine", _nothing(code, (compressor, wrench), (-45, -18))),
            ("headphones, a drill starts", _nothing(code, (drill,), (-40, -15))),
            ("headphones, a radio", _nothing(code, (radio,), (-45, -22))),
            ("headphones, voices", _nothing(code, (voice, babble), (-42, -20))),
            ("a faint echo", _echo(code, (-50, -34), any_ms)),
            (
                "a faint echo in noise",
                _echo(code, (-50, -34), any_ms, noises=STEADY, below_db=(-15, 3)),
            ),
        ),
        (
            ("an echo", WARNED, _echo(code, (-26, -13.5), any_ms)),
            (
                "an echo in steady noise",
                WARNED,
                _echo(code, (-26, -13.5), any_ms, noises=STEADY, below_db=(4, 10)),
            ),
            (
                "an echo beside others' sounds",
                WARNED,
                _echo(
                    code,
                    (-26, -13.5),
                    any_ms,
                    noises=(voice, babble, radio, drill, wrench),
                    below_db=(6, 15),
                ),
            ),
            ("loud", FAILED, _echo(code, (-6.5, 4), any_ms)),
            ("loud, in a hall", FAILED, _echo(code, (-6.5, 4), any_ms, fade_s=(0.7, 1.1))),
            (
                "loud, beside a voice",
                FAILED,
                _echo(code, (-6.5, 4), any_ms, noises=(voice, babble), below_db=(6, 15)),
            ),
            ("loud, by a small box", FAILED, _echo(code, (-6.0, 4), any_ms, clips_at=0.25)),
        ),
    )
    code, heard_db = "speaker.delay", (-26.0, 2.0)
    yield from blind_cases_of(
        code,
        SEED + 40,
        (
            ("soon", _echo(code, heard_db, (15, 132))),
            ("soon, in noise", _echo(code, heard_db, (15, 132), noises=NOISES, below_db=(6, 15))),
            ("soon, in a hall", _echo(code, heard_db, (15, 132), fade_s=(0.7, 1.1))),
        ),
        (
            ("late", WARNED, _echo(code, heard_db, (168, 264))),
            (
                "late, in noise",
                WARNED,
                _echo(code, heard_db, (168, 264), noises=NOISES, below_db=(6, 15)),
            ),
            ("late, by telephone", WARNED, _echo(code, heard_db, (168, 264), band_hz=3_400)),
            ("too late", FAILED, _echo(code, heard_db, (336, 740))),
            (
                "too late, in noise",
                FAILED,
                _echo(code, heard_db, (336, 740), noises=NOISES, below_db=(6, 15)),
            ),
            ("too late, by telephone", FAILED, _echo(code, heard_db, (336, 740), band_hz=3_400)),
        ),
        (("headphones", UNKNOWN, _nothing(code, NOISES, (-65, -25))),),
    )
