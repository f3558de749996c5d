"""What came back of the person's own sound and picture after a trip through the media server.

Pure. Sound is compared by its level over time alone: a codec changes every sample, and loudness
does not matter. Pictures are compared by their brightness. Limits live in
``preflight.verdicts.advice.media``.
"""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from preflight.analysis.sound import VOICE_PERCENTILE, dbfs, levels

_Levels: TypeAlias = npt.NDArray[np.float64]

LEVEL_S = 0.02
LONGEST_LAG_S = 2.0
VOICE_OVER_FLOOR_DB = 10.0
"""Steady noise measures below 1 dB, speech 15 to 41 (section 3 of the catalogue)."""
QUIETEST_VOICE_DBFS = -60.0
ENOUGH_SOUND_S = 3.0
LUMA_WITHIN = 20.0

_RANGE_DB = 20.0
"""How far below the voice levels count: what is lower is a room, which a codec leaves out."""
_BROAD, _FINE = 25, 4
"""Levels (0.5 s and 0.08 s) over which the trend is taken out of an envelope.

The broad envelope is the same after any codec, but at the best of a hundred lags it fits another
voice by up to 0.5 in 6 s: everybody speaks in syllables. The fine one is weaker after a codec and
does not fit another voice: it says whether a lag is one at all."""
FINE_ENOUGH = 0.35
LONG_S, BROAD_ENOUGH = 5.5, 0.65
"""Above what another voice reaches by chance in so much sound."""


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """How much of what was sent came back.

    Attributes:
        voice_heard: whether there was a voice in what was sent; without one nothing can be told.
        correlation: -1..1 of the broad envelopes at the best lag, or of the fine ones where these
            say that there is no such lag; None below 3 s of sound on either side.
        fine: -1..1 of the fine envelopes at the best lag.
        lag_s: the best lag, 0..2.
    """

    voice_heard: bool
    correlation: float | None = None
    fine: float | None = None
    lag_s: float | None = None


def sound_match(sent: Sequence[float], received: Sequence[float]) -> SoundMatch:
    """Compare mean squares of int16 sound, one for each 10 ms, both from the same moment on.

    Args:
        sent: NaN where nothing was there to be sent.
        received: may begin with what was sent earlier: the lag is searched from 0 to 2 s.
    """
    out, back = _level_of(sent), _level_of(received)
    heard = _voice_in([each for each in _pairs(sent) if math.isfinite(each)])
    enough = round(ENOUGH_SOUND_S / LEVEL_S)
    if min(len(out), len(back)) < enough:
        return SoundMatch(heard)
    fine, lag = _best(_without_trend(out, _FINE), _without_trend(back, _FINE))
    out, back = _without_trend(out, _BROAD), _without_trend(back, _BROAD)
    if fine >= FINE_ENOUGH:
        broad = _correlation(*_aligned(out, back, lag))
        return SoundMatch(heard, broad, fine, lag * LEVEL_S)
    if len(out) >= round(LONG_S / LEVEL_S):
        # A jitter buffer that stretches and shortens sound takes the fine likeness away.
        broad, broad_lag = _best(out, back)
        if broad >= BROAD_ENOUGH:
            return SoundMatch(heard, broad, fine, broad_lag * LEVEL_S)
    return SoundMatch(heard, fine, fine, lag * LEVEL_S)


def _best(out: _Levels, back: _Levels) -> tuple[float, int]:
    """Return the highest correlation over all lags, and its lag in levels."""
    least = round(ENOUGH_SOUND_S / LEVEL_S) // 2
    longest = min(round(LONGEST_LAG_S / LEVEL_S), len(back) - least)
    found = [_correlation(*_aligned(out, back, lag)) for lag in range(longest + 1)]
    best = int(np.argmax(found))
    return found[best], best


def _voice_in(squares: Sequence[float]) -> bool:
    found = levels(squares)
    over_floor = found.voice_dbfs - found.floor_dbfs >= VOICE_OVER_FLOOR_DB
    return over_floor and found.voice_dbfs >= QUIETEST_VOICE_DBFS


def _pairs(squares: Sequence[float]) -> _Levels:
    whole = len(squares) // 2 * 2
    pairs: _Levels = np.asarray(squares[:whole], float).reshape(-1, 2).mean(axis=1)
    return pairs


def _level_of(squares: Sequence[float]) -> _Levels:
    """Return 20 ms levels in dBFS, no lower than 20 dB below the voice."""
    found = np.array([dbfs(float(value)) for value in np.nan_to_num(_pairs(squares))])
    if not len(found):
        return found
    lowest = float(np.percentile(found, VOICE_PERCENTILE)) - _RANGE_DB
    above: _Levels = np.maximum(found, lowest)
    return above


def _without_trend(found: _Levels, over: int) -> _Levels:
    kernel = np.ones(over)
    trend = np.convolve(found, kernel, "same") / np.convolve(np.ones_like(found), kernel, "same")
    without: _Levels = found - trend
    return without


def _aligned(out: _Levels, back: _Levels, lag: int) -> tuple[_Levels, _Levels]:
    count = min(len(out), len(back) - lag)
    return out[:count], back[lag : lag + count]


def _correlation(one: _Levels, other: _Levels) -> float:
    a, b = one - one.mean(), other - other.mean()
    power = float(np.sqrt((a @ a) * (b @ b)))
    # Sound without any change goes with nothing: 1e-6 is far below a level's own rounding.
    return float(a @ b) / power if power > 1e-6 else 0.0


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that went out: when it was captured (µs), and its mean luma."""

    code_us: int
    luma: float


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture that arrived.

    Attributes:
        at_s: on the clock of the receiver.
        luma: mean, 0..255.
        code_us: the capture time painted into it; None where it could not be read.
    """

    at_s: float
    luma: float
    code_us: int | None


@dataclass(frozen=True, slots=True)
class PictureMatch:
    """How much of the camera came back.

    Attributes:
        sent_fps: pictures a second that went out.
        back_fps: pictures a second that arrived with the brightness of what was sent.
        luma_off: median difference in mean luma over all that arrived; None without any.
    """

    sent_fps: float
    back_fps: float
    luma_off: float | None


def picture_match(
    sent: Sequence[SentPicture], seen: Sequence[SeenPicture], window_s: float
) -> PictureMatch:
    """Compare the camera's pictures with those that arrived of them.

    Args:
        seen: pictures that arrived within ``window_s``; those that are not the camera's, by
            their painted time, count for nothing.
    """
    lumas = {each.code_us: each.luma for each in sent}
    off = [
        abs(each.luma - lumas[each.code_us])
        for each in seen
        if each.code_us is not None and each.code_us in lumas
    ]
    good = sum(each <= LUMA_WITHIN for each in off)
    return PictureMatch(
        len(sent) / window_s,
        good / window_s,
        statistics.median(off) if off else None,
    )


def delay_ms(seen: Sequence[SeenPicture]) -> tuple[float, float] | None:
    """Return median and 95th percentile of the delay from capture to arrival; None below 10.

    ``at_s`` and the painted times are of one clock.
    """
    found = [each.at_s * 1000 - each.code_us / 1000 for each in seen if each.code_us is not None]
    if len(found) < 10:
        return None
    median, high = np.percentile(found, [50, 95])
    return float(median), float(high)


def longest_gap_s(times_s: Sequence[float], begin_s: float, end_s: float) -> float:
    """Return the longest time without a picture between two moments."""
    within = [begin_s, *(at for at in sorted(times_s) if begin_s < at < end_s), end_s]
    return max(later - earlier for earlier, later in itertools.pairwise(within))
