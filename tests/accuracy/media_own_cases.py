"""P12 and P13: the person's own voice and pictures, through the probe's own round trips.

Truth: which voice and which pictures came back (`round_trip_cases`, other seeds than those of the
unit tests); without a voice, or on a machine that did not keep pace, nothing can be told.
"""

import asyncio
import contextlib
import math
import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast
from unittest.mock import patch

import numpy as np

from preflight.analysis.round_trip import SeenPicture, SentPicture
from preflight.probe import own_devices
from preflight.probe.protocol import RoundTrip
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.round_trip_cases import camera_pair, returned, voice
from tests.accuracy.tally import Case

SEED = 500_000


# --- P12 and P13 -------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _no_feed(*_: object) -> AsyncIterator[object]:
    yield None


class _Trip:
    """What goes out and what comes back, both growing as made time passes."""

    def __init__(self, loop: MadeTimeLoop, sent: list[float], back: list[float]) -> None:
        self._loop, self._sent, self._back = loop, sent, back
        self._began = loop.time()

    def _count(self) -> int:
        return round((self._loop.time() - self._began) * 100)

    @property
    def sent_squares(self) -> list[float]:
        return self._sent[: self._count()]

    @property
    def squares(self) -> list[float]:
        return self._back[: self._count()]

    async def send_microphone(self, _blocks: object) -> None:
        await asyncio.sleep(60)

    async def listen(self) -> None:
        await asyncio.sleep(60)


def spoken(make: Callable[[np.random.Generator], tuple[list[float], list[float]]]) -> Make:
    def made(rng: random.Random) -> Found:
        sent, back = make(np.random.default_rng(rng.randrange(1 << 40)))

        async def trip(loop: MadeTimeLoop, wanted: RoundTrip) -> Figures:
            both = cast(Any, _Trip(loop, sent, back))
            return await own_devices.microphone_trip(both, both, wanted)

        with patch.object(own_devices, "device_feed", _no_feed):
            return media_figures("media.mic_roundtrip", MadeCall(trip=trip))

    return made


def _same(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    sent = voice(rng, 7.0)
    return sent, returned(rng, sent)


def _other(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    return voice(rng, 7.0), returned(rng, voice(rng, 7.0))


def _nothing_back(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    return voice(rng, 7.0), [] if rng.random() < 0.5 else [float(rng.uniform(0, 3))] * 700


def _no_voice(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    room = list(rng.uniform(5, 90) * rng.chisquare(50, 700) / 50)
    return room, returned(rng, room)


def _starved(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """A machine that did not keep pace: much of what should have gone out never did."""
    sent = np.asarray(voice(rng, 7.0))
    sent[rng.random(len(sent)) < 0.35] = math.nan
    return list(sent), returned(rng, voice(rng, 7.0))


def _pictures(*, broken: bool) -> Make:
    def made(rng: random.Random) -> Found:
        return _returned(*camera_pair(np.random.default_rng(rng.randrange(1 << 40)), broken=broken))

    return made


def _returned(sent: list[SentPicture], seen: list[SeenPicture]) -> Found:
    async def trip(loop: MadeTimeLoop, wanted: RoundTrip) -> Figures:
        both = cast(Any, _Film(loop, sent, seen))
        return await own_devices.camera_trip(both, both, wanted)

    with patch.object(own_devices, "device_feed", _no_feed):
        return media_figures("media.camera_roundtrip", MadeCall(trip=trip))


def _few(low_fps: float, high_fps: float) -> Make:
    """So many pictures a second of a quick camera come back, evenly."""

    def made(rng: random.Random) -> Found:
        fps, back_fps, delay_s = rng.uniform(24, 30), rng.uniform(low_fps, high_fps), rng.random()
        luma = [rng.uniform(60, 180)] * round(2.5 * fps)
        sent = [SentPicture(round(n * 1e6 / fps), each) for n, each in enumerate(luma)]
        step = fps / back_fps
        seen = [
            SeenPicture(sent[n].code_us / 1e6 + delay_s, sent[n].luma + 1, sent[n].code_us)
            for n in (int(k * step) for k in range(int(len(sent) / step)))
        ]
        return _returned(sent, seen)

    return made


class _Film:
    """Two seconds of pictures, of which some come back."""

    def __init__(
        self, loop: MadeTimeLoop, sent: list[SentPicture], seen: list[SeenPicture]
    ) -> None:
        self._loop = loop
        self._began = began = loop.time()
        self._sent = [SentPicture(int(each.code_us), float(each.luma)) for each in sent]
        known = {each.code_us for each in sent}
        # The film ends after two seconds, where a camera goes on: it comes back soon.
        late_s = [each.at_s - (each.code_us or 0) / 1e6 for each in seen if each.code_us in known]
        ahead_s = float(min(late_s, default=0.1)) - 0.1
        self._seen = [
            SeenPicture(began + float(each.at_s) - ahead_s, float(each.luma), each.code_us)
            for each in seen
        ]

    @property
    def sent_pictures(self) -> list[SentPicture]:
        passed_us = (self._loop.time() - self._began) * 1e6
        return [each for each in self._sent if each.code_us <= passed_us]

    def since(self, at_s: float) -> list[SeenPicture]:
        now = self._loop.time()
        return [each for each in self._seen if at_s <= each.at_s <= now]

    async def send_camera(self, _pictures: object) -> None:
        await asyncio.sleep(60)


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from cases_of(
        "media.mic_roundtrip",
        SEED,
        (("the same voice", spoken(_same)),),
        (
            ("another voice", WARNED | FAILED, spoken(_other)),
            ("nothing", FAILED, spoken(_nothing_back)),
        ),
        (("no voice", UNKNOWN, spoken(_no_voice)), ("a busy machine", UNKNOWN, spoken(_starved))),
    )
    yield from cases_of(
        "media.camera_roundtrip",
        SEED + 10_000,
        (("the same pictures", _pictures(broken=False)),),
        (("others, dark or rare", FAILED, _pictures(broken=True)),),
    )
    # The warning band of 5 to 10 pictures a second, and just outside it.
    yield from cases_of(
        "media.camera_roundtrip",
        SEED + 20_000,
        (("10.8 to 12 a second", _few(10.8, 12)),),
        (),
        (
            ("5.7 to 9.2 a second", WARNED, _few(5.7, 9.2)),
            ("3.5 to 4.4 a second", FAILED, _few(3.5, 4.4)),
        ),
        each_half=12,
        of_a_kind=24,
    )
