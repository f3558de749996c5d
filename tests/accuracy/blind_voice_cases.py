"""P12, P15 and P20, blind: voices of another model, and what servers say of a call in trouble.

Written from the catalogue, the harness's made pairs and the SDK's events, without a look at what is
worked out of them. The older voices are drawn syllable by syllable; these are noise, filtered to
the 2 to 8 changes a second that speech has, in phrases with breaths between. What comes back went
through a compressor, a noise gate, lost and stretched packets, and waited.
"""

import asyncio
import random
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
from livekit import rtc

from tests.accuracy.kinds import FAILED, FAULTY, UNKNOWN, WARNED, Make, blind_cases_of
from tests.accuracy.media_drill_cases import MadePair, drilled
from tests.accuracy.media_own_cases import spoken
from tests.accuracy.tally import Case

SEED = 9_000_000
SECONDS, BLOCKS_A_SECOND = 7.0, 100
FULL = 32_768.0

Floats = npt.NDArray[np.float64]
Quality = rtc.ConnectionQuality

# --- P12 ---------------------------------------------------------------------------------------


def _power(dbfs: float | Floats) -> Floats:
    return np.asarray(FULL**2 * 10 ** (np.asarray(dbfs) / 10))


def _voice(rng: np.random.Generator) -> Floats:
    """Return mean squares of int16, one for each 10 ms."""
    count = round(SECONDS * BLOCKS_A_SECOND)
    spectrum = np.fft.rfft(rng.standard_normal(4 * count))
    hertz = np.fft.rfftfreq(4 * count, 1 / BLOCKS_A_SECOND)
    centre = rng.uniform(3.2, 5.2)
    spectrum *= np.exp(-0.5 * ((hertz - centre) / rng.uniform(1.2, 2.2)) ** 2)
    rhythm = np.fft.irfft(spectrum)[count : 2 * count]
    rhythm = rhythm / rhythm.std()
    level = rng.uniform(-34, -14) + rng.uniform(5, 8) * rhythm
    at = 0
    while at < count:
        at += round(rng.uniform(0.7, 2.2) * BLOCKS_A_SECOND)
        pause = round(rng.uniform(0.12, 0.6) * BLOCKS_A_SECOND)
        level[at : at + pause] = -90
        at += pause
    floor = rng.uniform(-72, -55)
    heard = _power(level) * rng.chisquare(30, count) / 30
    return heard + _power(floor) * rng.chisquare(60, count) / 60


def _back(rng: np.random.Generator, sent: Floats) -> list[float]:
    """Return what B hears of it."""
    level = 10 * np.log10(sent / FULL**2)
    # A compressor follows within some tenths of a second, towards a level of its own.
    gain, wanted, gained = 0.0, rng.uniform(-24, -18), np.empty(len(level))
    for number, each in enumerate(level):
        if each > -50:
            gain += (np.clip(wanted - each, -12, 12) - gain) * 0.01
        gained[number] = each + gain
    gate = rng.uniform(-60, -48)
    gained = np.where(gained < gate, gained - rng.uniform(0, 25), gained)
    back = list(_power(gained) * rng.chisquare(80, len(gained)) / 80)
    heard: list[float] = []
    lost = rng.choice((0.0, 0.01, 0.04))
    for first in range(0, len(back), 2):
        pair = back[first : first + 2]
        if rng.random() < lost and heard:
            # A concealed packet is its predecessor, fading.
            pair = [heard[-1] * 0.6, heard[-1] * 0.4]
        heard += pair
        if rng.random() < 0.004:
            heard += pair
    quiet = list(_power(-75.0) * rng.chisquare(60, round(rng.uniform(6, 90))) / 60)
    return quiet + heard


def _same(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    sent = _voice(rng)
    return list(sent), _back(rng, sent)


def _another(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    return list(_voice(rng)), _back(rng, _voice(rng))


def _noise(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """A broken encoder: steady noise comes back."""
    count = round(SECONDS * BLOCKS_A_SECOND)
    steady = _power(rng.uniform(-55, -25)) * rng.chisquare(50, count) / 50
    return list(_voice(rng)), list(steady)


def _nobody_speaks(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    count = round(SECONDS * BLOCKS_A_SECOND)
    room = _power(rng.uniform(-70, -45)) * rng.chisquare(60, count) / 60
    return list(room), _back(rng, room)


# --- P15 and P20 -------------------------------------------------------------------------------


def _told(one: tuple[int, ...], other: tuple[int, ...]) -> Make:
    """The server tells this of one side and that of the other, one soon after the other."""

    def prepare(rng: random.Random, pair: MadePair) -> None:
        loop = asyncio.get_running_loop()
        rooms = [pair.a, pair.b]
        rng.shuffle(rooms)
        at_s = rng.uniform(0.1, 4.0)
        for room, several in zip(rooms, (one, other), strict=True):
            person, told = room.local_participant, rng.choice(several)
            loop.call_later(at_s, room.tell, "connection_quality_changed", person, told)
            at_s += rng.uniform(0, 0.6)

    return drilled("media.server_quality", prepare)


def _returns(
    signal_s: tuple[float, float] | None, full_s: tuple[float, float] | None, gap_s: float = 0.8
) -> Make:
    """Both breaks end after so long; None: one does not; pictures are missing for a while."""

    def prepare(rng: random.Random, pair: MadePair) -> None:
        kinds = rtc.SimulateScenarioKind
        pair.a.returns_s = {
            kinds.SIMULATE_SIGNAL_RECONNECT: None if signal_s is None else rng.uniform(*signal_s),
            kinds.SIMULATE_FULL_RECONNECT: None if full_s is None else rng.uniform(*full_s),
        }
        began = rng.uniform(0.05, 0.4)
        pair.gap = (began, began + gap_s * rng.uniform(0.8, 1.2))
        track = SimpleNamespace(muted=True, kind=rtc.TrackKind.KIND_AUDIO)
        pair.b.remote_participants["a"] = SimpleNamespace(track_publications={"1": track})

    return drilled("media.reconnect", prepare)


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "media.mic_roundtrip",
        SEED,
        (("the same voice", spoken(_same)),),
        (
            ("another voice", FAULTY, spoken(_another)),
            ("steady noise", FAILED, spoken(_noise)),
        ),
        (("nobody speaks", UNKNOWN, spoken(_nobody_speaks)),),
    )
    well = (Quality.QUALITY_GOOD, Quality.QUALITY_EXCELLENT)
    poor, lost = (Quality.QUALITY_POOR,), (Quality.QUALITY_LOST,)
    yield from blind_cases_of(
        "media.server_quality",
        SEED + 20_000,
        (("well", _told(well, well)),),
        (
            ("one is poor", WARNED, _told(well, poor)),
            ("one is lost", FAILED, _told(well, lost)),
            ("neither is well", FAILED, _told(poor, lost)),
        ),
    )
    yield from blind_cases_of(
        "media.reconnect",
        SEED + 40_000,
        (("both quick", _returns((0.1, 4.5), (0.1, 4.5))),),
        (
            ("one slow", WARNED, _returns((5.6, 11), (0.2, 4))),
            ("the other slow", WARNED, _returns((0.2, 4), (5.6, 11))),
            ("the signalling stays away", FAILED, _returns(None, (0.2, 4))),
            ("the call stays away", FAILED, _returns((0.2, 4), None)),
        ),
    )
