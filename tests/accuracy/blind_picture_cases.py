"""P11, P14 and N14, blind: pictures through another codec, and echoes that other boxes answer.

Written from the catalogue, the time code's and the echo's own interfaces and RFC 9110, without a
look at what is worked out of them. The older pictures were blurred and noisy; these went through
JPEG, lost blocks, and were scaled back, and come late by a queue that swings.
"""

import random
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from client_api.clock import Clock
from preflight.analysis.round_trip import SeenPicture, delay_ms
from preflight.devices.opencv import cv2
from preflight.devices.time_code import read_time_code, write_time_code
from preflight.probe import large_packets, plain_http
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.asked_network import network_figures, on_real_sockets
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.media_ramp_cases import MadeRamp, ramp
from tests.accuracy.tally import Case
from tests.fakes.http_service import Received, Reply, http_service

SEED = 9_100_000
Luma = npt.NDArray[np.uint8]

# --- P14 ---------------------------------------------------------------------------------------


def _resized(picture: Luma, width: int, height: int, how: int) -> Luma:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def _coded(rng: random.Random, noise: np.random.Generator, captured_ns: int) -> Luma:
    """Paint the time into a picture, and send it through a codec and a scaler."""
    coarse = noise.integers(20, 235, (12, 20), dtype=np.uint8)
    picture = _resized(coarse, 640, 360, cv2.INTER_CUBIC)
    write_time_code(picture, captured_ns)
    scale = rng.choice((1.0, 0.75, 0.5))
    small = _resized(picture, round(640 * scale), round(360 * scale), cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 70)])
    seen: Luma = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    if rng.random() < 0.15:
        # A lost packet leaves some rows grey, below the code.
        seen[seen.shape[0] * 2 // 3 :] = 128
    return seen


def _delayed(low_s: float, high_s: float) -> Make:
    """Half of the pictures come sooner than this, half later."""

    def make(rng: random.Random) -> Found:
        noise, middle = np.random.default_rng(rng.randrange(1 << 30)), rng.uniform(low_s, high_s)
        pictures: list[SeenPicture] = []
        for number in range(30):
            captured_ns = 81_000_000_000_000 + number * 50_000_000
            swing = 0.03 * np.sin(number / 3 + middle)
            at_ns = captured_ns + round((middle + swing) * 1e9)
            seen = _coded(rng, noise, captured_ns)
            code = read_time_code(seen, at_ns)
            known = None if code is None else code // 1000
            pictures.append(SeenPicture(at_ns / 1e9, float(seen.mean()), known))

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(7)
            median, high = delay_ms(pictures) or (None, None)
            return {"joined": True, "delay_ms": median, "delay_p95_ms": high}

        return media_figures("media.delay", MadeCall(trial=trial))

    return make


# --- P11 ---------------------------------------------------------------------------------------


def _first(low_s: float, high_s: float, freezes: Sequence[int] = (0,)) -> Make:
    def make(rng: random.Random) -> Found:
        made = MadeRamp(
            first_frame_s=rng.uniform(low_s, high_s),
            freezes=rng.choice(freezes),
            up=rng.uniform(700, 5000),
            seconds=rng.uniform(11, 18),
        )
        return ramp("media.video_stuck", rng, made)

    return make


def _never(rng: random.Random) -> Found:
    return ramp("media.video_stuck", rng, MadeRamp(first_frame_s=None, seconds=14.0))


# --- N14 ---------------------------------------------------------------------------------------


def _echo(stalls: int, *, small_too: bool = False, refused: bool = False) -> Make:
    """Echo over a line on which so many of the large requests vanish.

    Args:
        refused: somebody between takes no large request, and says so.
    """

    def make(rng: random.Random) -> Found:
        left = stalls
        real = plain_http.exchange

        def exchange(
            url: str, *, timeout_s: float, limit: int, body: bytes | None = None
        ) -> plain_http.Reply:
            nonlocal left
            is_large = body is not None and len(body) > 1400
            if small_too or (is_large and left > 0):
                left -= is_large
                raise TimeoutError
            return real(url, timeout_s=min(timeout_s, 5.0), limit=limit, body=body)

        def answer(asked: Received) -> Reply:
            if refused and len(asked.body) > 1400:
                status = rng.choice((413, 403, 400, 502))
                return Reply(status, b"<html>too large</html>", media_type="text/html")
            pieces = rng.choice((None, (asked.body[:777], asked.body[777:])))
            kind = "application/octet-stream"
            return Reply(200, b"" if pieces else asked.body, media_type=kind, chunks=pieces)

        async def work(clock: Clock) -> Found:
            async with http_service() as service:
                service.otherwise = answer
                return await network_figures("net.mtu", clock, url=service.url)

        with patch.object(large_packets, "exchange", exchange):
            return on_real_sockets(work)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within a twentieth of a limit is not made."""
    yield from blind_cases_of(
        "media.delay",
        SEED,
        (("soon", _delayed(0.04, 0.2)),),
        (("late", WARNED, _delayed(0.29, 0.46)), ("too late", FAILED, _delayed(0.54, 1.5))),
    )
    yield from blind_cases_of(
        "media.video_stuck",
        SEED + 20_000,
        (("soon", _first(0.1, 2.8)),),
        (
            ("late", WARNED, _first(3.2, 7.6)),
            ("it freezes", WARNED, _first(0.2, 2.5, (1, 2))),
            ("never", FAILED, _never),
        ),
    )
    yield from blind_cases_of(
        "net.mtu",
        SEED + 40_000,
        (("it comes back", _echo(0)), ("once it does not", _echo(1))),
        (("it never does", FAILED, _echo(9)),),
        (
            ("nothing comes back", UNTOLD, _echo(0, small_too=True)),
            ("somebody takes no large ones", UNTOLD, _echo(0, refused=True)),
        ),
    )
