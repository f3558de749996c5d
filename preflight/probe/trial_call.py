"""P01 to P16 and H01: a trial call of two participants through the media server, measured.

Imports LiveKit: belongs to the probe process alone. A sends pictures and sound that are as hard to
encode as a workshop is, and a numbered stream of data packets; B receives. Nothing of the
person's own camera or microphone is sent.
"""

import asyncio
import contextlib
import struct
import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from livekit import rtc

from client_api.tasks import Tasks
from preflight.analysis.media_path import (
    Packet,
    PathTotals,
    downlink_kbps,
    over,
    uplink_kbps,
)
from preflight.model import MeasuredValue
from preflight.offload import TASKS_END_WITHIN_S
from preflight.probe.path_stats import path_of, totals_of
from preflight.probe.trial_figures import figures_of

WIDTH, HEIGHT, FPS = 1280, 720, 30
CAP_BPS = 3_500_000
"""A little above what the highest rung needs."""
SAMPLE_S = 1.0
FIRST_FRAME_POLL_S = 0.1
PACKET_EVERY_S = 0.02
PACKET_BYTES = 100
_LAST_PACKETS_S = 0.5
"""What was sent this shortly before the end may still be on its way."""
_SCROLL_PX = 4
_RATE_HZ, _SOUND_SAMPLES = 48_000, 480
_HEAD = struct.Struct("<I")


@dataclass(slots=True)
class TrialResult:
    """What one trial call brought.

    Attributes:
        measured: figures by name, units in the names.
        series: columns over time, all of one length.
    """

    measured: dict[str, MeasuredValue]
    series: dict[str, list[float | None]] = field(default_factory=dict)


class TrialCall:
    """Two participants in the probe room; one use."""

    def __init__(self) -> None:
        self._rooms = (rtc.Room(), rtc.Room())
        self._sent_s: dict[int, float] = {}
        self._came_s: dict[int, float] = {}
        self._first_frame_s: float | None = None
        self._tasks = Tasks()
        self._texture = cloud(HEIGHT * 2, WIDTH)

    async def run(self, url: str, token_a: str, token_b: str, *, max_s: float) -> TrialResult:
        """Join, send until more would tell nothing new or ``max_s`` is over, and leave.

        A connect cannot be called off: whoever loses patience kills the process.
        """
        a, b = self._rooms
        b.on("data_received", self._on_data)
        try:
            await asyncio.gather(
                *(
                    room.connect(url, token, rtc.RoomOptions(single_peer_connection=False))
                    for room, token in ((a, token_a), (b, token_b))
                )
            )
        except rtc.ConnectError:
            # Its words hold the token.
            return TrialResult({"joined": False})
        began = time.perf_counter()
        self._tasks.spawn(self._send_packets(a), name="loss stream")
        self._tasks.spawn(self._await_first_frame(b, began), name="first frame")
        try:
            await self._publish(a)
            totals = await self._measure(a, b, began, max_s)
        finally:
            await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        stats = await a.get_rtc_stats()
        figures: dict[str, MeasuredValue] = {
            "joined": True,
            "seconds": totals[-1].at_s,
            "first_frame_ms": None if self._first_frame_s is None else self._first_frame_s * 1000,
            **path_of(stats),
            **figures_of(totals, self._packets()),
        }
        return TrialResult(figures, _series(totals))

    async def leave(self) -> None:
        """Leave both rooms; safe without a join."""
        for room in self._rooms:
            await room.disconnect()

    async def _publish(self, a: rtc.Room) -> None:
        # Tracks are made in an open room only: made before it they get a runtime of their own.
        pictures = rtc.VideoSource(WIDTH, HEIGHT)
        sound = rtc.AudioSource(_RATE_HZ, 1, 100)
        camera = rtc.LocalVideoTrack.create_video_track("trial-picture", pictures)
        microphone = rtc.LocalAudioTrack.create_audio_track("trial-sound", sound)
        self._tasks.spawn(self._send_pictures(pictures), name="trial pictures")
        self._tasks.spawn(_send_sound(sound), name="trial sound")
        await a.local_participant.publish_track(camera, _camera_options())
        await a.local_participant.publish_track(microphone, _microphone_options())

    async def _measure(
        self, a: rtc.Room, b: rtc.Room, began: float, max_s: float
    ) -> list[PathTotals]:
        totals: list[PathTotals] = []
        while True:
            at_s = time.perf_counter() - began
            totals.append(totals_of(at_s, await a.get_rtc_stats(), await b.get_rtc_stats()))
            if at_s >= max_s or over(totals):
                return totals
            await asyncio.sleep(SAMPLE_S)

    async def _await_first_frame(self, b: rtc.Room, began: float) -> None:
        while True:
            stats = await b.get_rtc_stats()
            if totals_of(0.0, stats, stats).frames_decoded > 0:
                self._first_frame_s = time.perf_counter() - began
                return
            await asyncio.sleep(FIRST_FRAME_POLL_S)

    async def _send_pictures(self, source: rtc.VideoSource) -> None:
        luma = WIDTH * HEIGHT
        data = np.full(luma * 3 // 2, 128, dtype=np.uint8)
        picture = data[:luma].reshape(HEIGHT, WIDTH)
        colour = data[luma:].reshape(HEIGHT, WIDTH // 2)
        number, began = 0, time.perf_counter()
        while True:
            top = number * _SCROLL_PX % HEIGHT
            picture[:] = self._texture[top : top + HEIGHT]
            colour[:] = 96 + self._texture[top : top + HEIGHT, ::2] // 4
            # A view, not a copy: the SDK takes it over before it returns.
            frame = rtc.VideoFrame(
                WIDTH, HEIGHT, rtc.VideoBufferType.I420, memoryview(data.data).cast("B")
            )
            source.capture_frame(frame)
            number += 1
            await asyncio.sleep(max(0.0, began + number / FPS - time.perf_counter()))

    async def _send_packets(self, a: rtc.Room) -> None:
        number, began = 0, time.perf_counter()
        filling = bytes(PACKET_BYTES - _HEAD.size)
        while True:
            self._sent_s[number] = time.perf_counter()
            payload = _HEAD.pack(number) + filling
            with contextlib.suppress(rtc.participant.PublishDataError):
                await a.local_participant.publish_data(payload, reliable=False)
            number += 1
            await asyncio.sleep(max(0.0, began + number * PACKET_EVERY_S - time.perf_counter()))

    def _on_data(self, packet: rtc.DataPacket) -> None:
        if len(packet.data) >= _HEAD.size:
            (number,) = _HEAD.unpack_from(packet.data)
            self._came_s.setdefault(number, time.perf_counter())

    def _packets(self) -> list[Packet]:
        if not self._came_s:
            return []
        # Before the data channel was open nothing could come: that is no loss of the line.
        first = min(self._came_s)
        end_s = time.perf_counter() - _LAST_PACKETS_S
        return [
            Packet(number, sent_s, self._came_s.get(number))
            for number, sent_s in self._sent_s.items()
            if number >= first and sent_s <= end_s
        ]


def cloud(height: int, width: int, *, seed: int = 11) -> npt.NDArray[np.uint8]:
    """Return a texture with the spectrum of natural pictures (1/f), uint8 of shape (height, width).

    Flat colour starves an encoder and white noise chokes it. It tiles: the lower half repeats the
    upper one, so that it can be scrolled for ever.
    """
    half = height // 2
    rng = np.random.default_rng(seed)
    across = np.fft.rfftfreq(width)[None, :]
    down = np.fft.fftfreq(half)[:, None]
    radius = np.hypot(across, down)
    radius[0, 0] = 1.0
    phases = np.exp(2j * np.pi * rng.random(radius.shape))
    field_ = np.fft.irfft2(phases / radius, s=(half, width))
    field_ = (field_ - field_.mean()) / field_.std()
    tile = np.clip(128 + 45 * field_, 16, 235).astype(np.uint8)
    return np.concatenate([tile, tile])


async def _send_sound(source: rtc.AudioSource) -> None:
    rng = np.random.default_rng(12)
    noise = (rng.standard_normal(_RATE_HZ) * 900).astype(np.int16)
    at = 0
    while True:
        block = noise[at : at + _SOUND_SAMPLES]
        await source.capture_frame(rtc.AudioFrame(block.tobytes(), _RATE_HZ, 1, _SOUND_SAMPLES))
        at = (at + _SOUND_SAMPLES) % _RATE_HZ


def _camera_options() -> rtc.TrackPublishOptions:
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_CAMERA
    # Not the call's H.264 (decision 0022): its encoder leaves out a third of the pictures at this
    # rate, which would be blamed on the line.
    options.video_codec = rtc.VideoCodec.VP8
    options.simulcast = False
    options.video_encoding.max_bitrate = CAP_BPS
    options.video_encoding.max_framerate = float(FPS)
    return options


def _microphone_options() -> rtc.TrackPublishOptions:
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_MICROPHONE
    options.dtx = False
    return options


def _series(totals: list[PathTotals]) -> dict[str, list[float | None]]:
    later = totals[1:]
    return {
        "at_s": [round(each.at_s, 2) for each in later],
        "uplink_kbps": [round(rate) for rate in uplink_kbps(totals)],
        "downlink_kbps": [round(rate) for rate in downlink_kbps(totals)],
        "estimate_kbps": [_rounded(each.estimate_kbps) for each in later],
        "rtt_ms": [None if each.rtt_s is None else round(each.rtt_s * 1000, 1) for each in later],
        "pixels": [float(each.pixels) for each in later],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value)
