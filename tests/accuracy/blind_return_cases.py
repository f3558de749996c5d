"""P13 and P21, blind: the camera's pictures through a codec, and a call over the other protocol.

Written from the catalogue (section 6), the time code's own interface and W3C's webrtc-stats,
without a look at what is worked out of them. Pictures are coded with their capture time, packed as
JPEG at half the size and read again. Not made: 9 to 11 and 4.5 to 5.5 pictures a second, luma off
by 14 to 26, a loss of UDP between 1.7 and 2.3 %, TCP ahead by 15 to 25 %, or its loss lower by 0.7
to 1.3 points.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeAlias, cast
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from livekit import rtc

from preflight.analysis.media_path import PathTotals
from preflight.analysis.round_trip import SeenPicture, SentPicture
from preflight.devices.opencv import cv2
from preflight.devices.time_code import read_time_code, write_time_code
from preflight.probe import own_devices
from preflight.probe.protocol import Drill, RoundTrip
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_stats import Came, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.media_drill_cases import MadePair
from tests.accuracy.tally import Case
from tests.fakes.media_probe import GOOD_TRIAL

SEED = 9_600_000
Luma: TypeAlias = npt.NDArray[np.uint8]

# --- P13 ---------------------------------------------------------------------------------------

_FILM_S = 6.0
Spoil: TypeAlias = Callable[[random.Random, Luma, float], Luma | None]
"""Makes of a coded picture, at a moment of the film, what the decoder gives; None: nothing."""


@contextlib.asynccontextmanager
async def _no_feed(*_: object) -> AsyncIterator[object]:
    yield None


class _Film:
    """Pictures that a camera takes, each coded with its time, and what becomes of them."""

    def __init__(
        self,
        loop: MadeTimeLoop,
        rng: random.Random,
        fps: float,
        spoil: Spoil,
    ) -> None:
        self._loop = loop
        self._sent, self._seen = list[SentPicture](), list[SeenPicture]()
        began, noise = loop.time(), np.random.default_rng(rng.randrange(1 << 40))
        level, swing = rng.uniform(70, 170), rng.uniform(0, 40)
        speed, delay_s = rng.uniform(0.2, 1.5), rng.uniform(0.05, 0.5)
        coarse = noise.integers(-40, 40, (9, 16))
        grain = cv2.resize(coarse.astype(np.float32), (640, 360), interpolation=cv2.INTER_CUBIC)
        for number in range(round(_FILM_S * fps)):
            at_s = began + number / fps + rng.uniform(0, 0.2) / fps
            mean = level + swing * np.sin(2 * np.pi * speed * (at_s - began))
            picture = np.asarray((grain + mean).clip(0, 255), np.uint8)
            captured_ns = round(at_s * 1e9)
            write_time_code(picture, captured_ns)
            self._sent.append(SentPicture(captured_ns // 1000, float(picture.mean())))
            came = spoil(rng, picture, at_s - began)
            if came is None:
                continue
            arrives_s = at_s + delay_s + rng.uniform(0, 0.04)
            code = read_time_code(came, round(arrives_s * 1e9))
            known = None if code is None else code // 1000
            self._seen.append(SeenPicture(arrives_s, float(came.mean()), known))

    @property
    def sent_pictures(self) -> list[SentPicture]:
        now_us = self._loop.time() * 1e6
        return [each for each in self._sent if each.code_us <= now_us]

    def since(self, at_s: float) -> list[SeenPicture]:
        now = self._loop.time()
        return sorted(
            (each for each in self._seen if at_s <= each.at_s <= now), key=lambda each: each.at_s
        )

    async def send_camera(self, _pictures: object) -> None:
        await asyncio.sleep(60)


def _film(fps: tuple[float, float], spoil: Callable[[random.Random, float], Spoil]) -> Make:
    """``spoil`` is given the camera's own rate."""

    def made(rng: random.Random) -> Found:
        rate = rng.uniform(*fps)

        async def trip(loop: MadeTimeLoop, wanted: RoundTrip) -> Figures:
            both = cast(Any, _Film(loop, rng, rate, spoil(rng, rate)))
            return await own_devices.camera_trip(both, both, wanted)

        with patch.object(own_devices, "device_feed", _no_feed):
            return media_figures("media.camera_roundtrip", MadeCall(trip=trip))

    return made


def _packed(rng: random.Random, picture: Luma) -> Luma:
    """Send it through a codec: smaller, packed, and large again or not."""
    small = cv2.resize(picture, (480, 270), interpolation=cv2.INTER_AREA)
    _, code = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(35, 80)])
    seen: Luma = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), np.uint8)
    return seen


def _through(keep_fps: tuple[float, float]) -> Callable[[random.Random, float], Spoil]:
    """That many pictures a second come through, evenly; more than there are: all of them."""

    def prepare(rng: random.Random, rate: float) -> Spoil:
        share = min(1.0, rng.uniform(*keep_fps) / rate)
        kept = [0.0]

        def spoil(rng: random.Random, picture: Luma, _at_s: float) -> Luma | None:
            kept[0] += share
            if kept[0] < 1 - 1e-9:
                return None
            kept[0] -= 1
            return _packed(rng, picture)

        return spoil

    return prepare


def _changed(change: Callable[[random.Random, Luma], Luma]) -> Callable[..., Spoil]:
    """Every picture comes, with its time, but is another one."""

    def prepare(_rng: random.Random, _rate: float) -> Spoil:
        return lambda rng, picture, _at_s: change(rng, _packed(rng, picture))

    return prepare


def _darker(_rng: random.Random, picture: Luma) -> Luma:
    """Only the top, where the time stands, is as it was."""
    picture[picture.shape[0] // 5 :] //= 4
    return picture


def _grey(_rng: random.Random, picture: Luma) -> Luma:
    """Below the time there is one bright grey, as of a decoder without a key picture."""
    picture[picture.shape[0] // 5 :] = 250
    return picture


def _unreadable(rng: random.Random, picture: Luma) -> Luma:
    """Other pictures altogether: green or black, as of an encoder that is broken."""
    picture[:] = rng.choice((0, 16, 149))
    return picture


def _stops_at_once(_rng: random.Random, _rate: float) -> Spoil:
    """One or two pictures, and then nothing more."""
    return lambda rng, picture, at_s: _packed(rng, picture) if at_s < 0.05 else None


def _nothing(_rng: random.Random, _rate: float) -> Spoil:
    return lambda _rng, _picture, _at_s: None


# --- P21 ---------------------------------------------------------------------------------------


def _both(
    udp_loss: tuple[float, float],
    tcp_share: tuple[float, float],
    tcp_loss_less: tuple[float, float] | None = None,
    *,
    comes: bool = True,
) -> Make:
    """The same call over UDP and then over TCP.

    Args:
        udp_loss: percent.
        tcp_share: what comes by TCP, of what came by UDP.
        tcp_loss_less: by how many points TCP loses less; None: it loses nothing at all.
        comes: whether a call over TCP comes about.
    """

    def made(rng: random.Random) -> Found:
        kbps, share, loss = rng.uniform(250, 3000), rng.uniform(*tcp_share), rng.uniform(*udp_loss)
        less = loss if tcp_loss_less is None else min(loss, rng.uniform(*tcp_loss_less))
        tcp_loss, size = (loss - less) / 100, rng.choice((900, 1000, 1150))

        def udp(at_s: float) -> PathTotals:
            packets = round(kbps * 125 * at_s / size)
            gone = round(packets * loss / (100 - loss))
            return PathTotals(
                at_s,
                received_bytes=size * packets,
                received_packets=packets,
                lost_down=gone,
                picture_packets=packets,
                picture_lost=gone,
            )

        async def drill(loop: MadeTimeLoop, wanted: Drill) -> Figures:
            if wanted.drill == "tcp":
                await loop.sleep(rng.uniform(0.3, 1.5))
                return {"tcp": comes, "tcp_packets": 75 if comes else 0}
            pair = MadePair(loop)
            pair.drills.begin(cast(Any, pair.sending), [udp(at) for at in range(12)])
            began, already = loop.time(), rng.randrange(5000)

            def came() -> rtc.RtcStats:
                packets = round(kbps * share * 125 * (loop.time() - began) / size)
                gone = round(packets * tcp_loss / (1 - tcp_loss))
                return stats_of_b(
                    Came(
                        picture_bytes=size * (already + packets),
                        picture_packets=already + packets,
                        picture_lost=round(already * loss / 100) + gone,
                    )
                )

            pair.b.stats = came
            return await pair.drills.run(wanted)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(rng.uniform(8, 14))
            return {**GOOD_TRIAL, "loss_down_percent": loss}

        offered: Figures = {"told": True, "tcp_offered": True, "turn_offered": False}
        call = MadeCall(trial, drill, offered=offered)
        return media_figures("media.protocol_choice", call)

    return made


# --- all ---------------------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "media.camera_roundtrip",
        SEED,
        (
            ("all come back", _film((12, 30), _through((40, 40)))),
            ("some are lost", _film((24, 30), _through((11.5, 20)))),
        ),
        (
            ("few come back", WARNED, _film((24, 30), _through((5.7, 8.8)))),
            ("hardly any", FAILED, _film((24, 30), _through((1, 4)))),
            ("none", FAILED, _film((12, 30), _nothing)),
            ("they stop", FAILED, _film((12, 30), _stops_at_once)),
            ("darker", FAILED, _film((15, 30), _changed(_darker))),
            ("grey", FAILED, _film((15, 30), _changed(_grey))),
            ("unreadable", FAILED, _film((15, 30), _changed(_unreadable))),
        ),
        (("a slow camera, all of it", UNTOLD, _film((5.8, 8.5), _through((40, 40)))),),
    )
    yield from blind_cases_of(
        "media.protocol_choice",
        SEED + 20_000,
        (
            ("UDP loses little", _both((0, 1.6), (0.5, 2))),
            ("TCP loses as much", _both((2.4, 9), (0.6, 1.13), (-1, 0.6))),
        ),
        (
            ("more by TCP", WARNED, _both((2.4, 9), (1.27, 2), (-1, 0.6))),
            ("less lost by TCP", WARNED, _both((2.4, 9), (0.85, 1.13), (1.4, 9))),
            ("nothing lost by TCP", WARNED, _both((2.4, 9), (0.85, 1.13))),
        ),
        (("no call over TCP", UNTOLD, _both((2.4, 9), (1, 1), comes=False)),),
    )
