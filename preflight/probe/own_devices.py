"""P12 and P13: the person's own sound and pictures, once through the media server and back.

Belongs to the probe process alone. What comes is compared here and forgotten; only the figures
leave this process.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import numpy as np

from client_api.tasks import Tasks
from preflight.analysis.round_trip import (
    ENOUGH_SOUND_S,
    SoundMatch,
    picture_match,
    sound_match,
)
from preflight.model import MeasuredValue
from preflight.probe import feed_format
from preflight.probe.feed_reader import device_feed
from preflight.probe.protocol import RoundTrip
from preflight.probe.trial_receiving import Receiving
from preflight.probe.trial_sending import Sending

CAMERA_S = 2.0
SURE, SURE_FINE = 0.8, 0.6
"""A match as good as this needs no more sound: in 3 s another voice reached 0.55 at most."""
_LOOK_EVERY_S = 0.5
_ARRIVE_S = 1.0
"""The first of the camera's pictures is given this long to arrive."""


async def microphone_trip(
    sending: Sending, receiving: Receiving, wanted: RoundTrip
) -> dict[str, MeasuredValue]:
    """Send the microphone until its voice surely came back, or ``max_s`` is over."""
    began = time.monotonic()
    match = SoundMatch(voice_heard=False)
    async with device_feed(wanted.port, wanted.key, feed_format.SOUND_BYTES) as blocks:
        async with _beside(receiving.listen, lambda: sending.send_microphone(blocks)):
            while time.monotonic() - began < wanted.max_s:
                await asyncio.sleep(_LOOK_EVERY_S)
                if time.monotonic() - began < ENOUGH_SOUND_S:
                    continue
                match = sound_match(sending.sent_squares, receiving.squares)
                if match.voice_heard and _sure(match):
                    break
    return {
        "voice_heard": match.voice_heard,
        "correlation": match.correlation,
        "fine": match.fine,
        "lag_ms": None if match.lag_s is None else match.lag_s * 1000,
        "sent_s": len(sending.sent_squares) / 100,
        "starved_share": float(np.mean(np.isnan(sending.sent_squares or [0.0]))),
        "received_s": len(receiving.squares) / 100,
    }


async def camera_trip(
    sending: Sending, receiving: Receiving, wanted: RoundTrip
) -> dict[str, MeasuredValue]:
    """Send the camera for 2 s from the first of its pictures that comes back."""
    began = time.monotonic()
    async with device_feed(wanted.port, wanted.key, feed_format.PICTURE_BYTES) as pictures:
        async with _beside(lambda: sending.send_camera(pictures)):
            first_s = await _first_back(sending, receiving, began)
            await asyncio.sleep(max(0.0, first_s + CAMERA_S - time.monotonic()))
            seen = [each for each in receiving.since(first_s) if each.at_s <= first_s + CAMERA_S]
            match = picture_match(sending.sent_pictures, seen, CAMERA_S)
            sent_fps = len(sending.sent_pictures) / max(CAMERA_S, time.monotonic() - began)
    return {
        "camera_sent_fps": sent_fps,
        "camera_back_fps": match.back_fps,
        "luma_off": match.luma_off,
    }


def _sure(match: SoundMatch) -> bool:
    return (match.correlation or 0.0) >= SURE and (match.fine or 0.0) >= SURE_FINE


async def _first_back(sending: Sending, receiving: Receiving, began: float) -> float:
    """Wait for the first of the camera's pictures; return when it came, or when it should have."""
    while time.monotonic() - began < _ARRIVE_S:
        codes = {each.code_us for each in sending.sent_pictures}
        for each in receiving.since(began):
            if each.code_us in codes:
                return each.at_s
        await asyncio.sleep(0.02)
    return time.monotonic()


@contextlib.asynccontextmanager
async def _beside(*works: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run these beside the block and end them with it."""
    tasks = Tasks()
    for number, work in enumerate(works):
        tasks.spawn(work(), name=f"round trip {number}")
    try:
        yield
    finally:
        await tasks.close()
