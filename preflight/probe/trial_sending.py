"""What A of a trial call sends: made pictures and sound, or the person's own for a moment.

Imports LiveKit: belongs to the probe process alone. The made ones are as hard to encode as a
workshop is. Each picture carries the time of its capture (`preflight.devices.time_code`), so that
B can tell its delay and which picture it is.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from livekit import rtc

from client_api.tasks import Tasks
from preflight.analysis.packet_train import NARROW_KBPS
from preflight.analysis.round_trip import SentPicture
from preflight.analysis.sound import mean_square
from preflight.devices.time_code import write_time_code
from preflight.probe import feed_format
from preflight.verdicts.recommendation import LADDER, rung_for

WIDTH, HEIGHT, FPS = 1280, 720, 30
NARROW_SOUND_BPS = 24_000
_NARROW = [rung for rung in LADDER if rung.uplink_kbps < NARROW_KBPS][-1]
_SOUND_ALONE_FPS, _SOUND_ALONE_BPS = 5, 50_000


@dataclass(frozen=True, slots=True)
class MadePicture:
    """The size, the pictures a second and the most bit/s of what is sent."""

    width: int
    height: int
    fps: int
    cap_bps: int


NARROW = MadePicture(_NARROW.width, _NARROW.height, _NARROW.fps, 1000 * _NARROW.bitrate_kbps)
"""What a line below 500 kbit/s is sent: its rung of the ladder, not what would flood it."""
NARROWEST = MadePicture(_NARROW.width, _NARROW.height, _SOUND_ALONE_FPS, _SOUND_ALONE_BPS)
"""Where a call would begin with sound alone: enough to see whether a picture comes at all."""


def picture_for(narrow_kbps: float | None, cap_bps: int) -> MadePicture:
    """Return what is sent over a line of this rate, as bursts tell it; None: not narrow."""
    if narrow_kbps is None:
        return MadePicture(WIDTH, HEIGHT, FPS, cap_bps)
    return NARROW if rung_for(narrow_kbps) >= _NARROW.number else NARROWEST


_SCROLL_PX = 4
_RATE_HZ, _SOUND_SAMPLES = 48_000, feed_format.SOUND_SAMPLES
_QUEUE_MS = 100
_KEPT_PICTURES = 300
"""10 s of sent pictures."""
_BLOCK_S = 0.01
_KEPT_BLOCKS = 50
_SILENT_S = 0.1
"""A microphone that gives nothing for this long is silent."""


class Sending:
    """A's camera and microphone tracks; one use, in an open room.

    Args:
        cap_bps: the most that the picture may take.
        narrow_kbps: the rate of a line that carries little: key frames of the large picture alone
            would fill it, and their loss makes B ask for new ones.
    """

    def __init__(self, tasks: Tasks, cap_bps: int, narrow_kbps: float | None = None) -> None:
        self._tasks = tasks
        self._made = picture_for(narrow_kbps, cap_bps)
        self._narrow = narrow_kbps is not None
        self._texture = cloud(HEIGHT * 2, WIDTH)
        self._pictures: rtc.VideoSource | None = None
        self._microphone: rtc.LocalAudioTrack | None = None
        self._camera_on = False
        self._blocks: asyncio.Queue[bytes] | None = None
        self.sent_pictures: deque[SentPicture] = deque(maxlen=_KEPT_PICTURES)
        self.sent_squares: list[float] = []
        self._due_s = 0.0

    async def publish(self, a: rtc.Room) -> None:
        """Publish picture and sound and begin to send both."""
        # Tracks are made in an open room only: made before it they get a runtime of their own.
        self._pictures = rtc.VideoSource(WIDTH, HEIGHT)
        sound = rtc.AudioSource(_RATE_HZ, 1, _QUEUE_MS)
        camera = rtc.LocalVideoTrack.create_video_track("trial-picture", self._pictures)
        self._microphone = rtc.LocalAudioTrack.create_audio_track("trial-sound", sound)
        self._tasks.spawn(self._send_pictures(self._pictures), name="trial pictures")
        self._tasks.spawn(self._send_sound(sound), name="trial sound")
        await a.local_participant.publish_track(camera, _camera_options(self._made))
        options = _microphone_options(twice=not self._narrow)
        await a.local_participant.publish_track(self._microphone, options)

    @property
    def muted(self) -> bool:
        """Whether the sound is muted."""
        return self._microphone is not None and self._microphone.muted

    def mute(self, *, on: bool) -> None:
        """Mute the sound, or let it be heard again."""
        if self._microphone is not None:
            self._microphone.mute() if on else self._microphone.unmute()

    async def send_camera(self, pictures: AsyncIterator[tuple[int, bytes]]) -> None:
        """Send these I420 pictures of 640x360 in place of the made ones, until cancelled."""
        self.sent_pictures.clear()
        self._camera_on = True
        size = (feed_format.HEIGHT * 3 // 2, feed_format.WIDTH)
        try:
            async for captured_ns, data in pictures:
                planes = np.frombuffer(data, np.uint8).reshape(size).copy()
                luma = planes[: feed_format.HEIGHT]
                write_time_code(luma, captured_ns)
                self.sent_pictures.append(SentPicture(captured_ns // 1000, float(luma.mean())))
                self._capture(planes, feed_format.WIDTH, feed_format.HEIGHT)
        finally:
            self._camera_on = False

    async def send_microphone(self, blocks: AsyncIterator[tuple[int, bytes]]) -> None:
        """Send these blocks of 10 ms in place of the made sound, until cancelled."""
        self.sent_squares = []
        waiting: asyncio.Queue[bytes] = asyncio.Queue(_KEPT_BLOCKS)
        self._blocks = waiting
        try:
            async for _, data in blocks:
                if waiting.full():
                    waiting.get_nowait()
                waiting.put_nowait(data)
            await asyncio.Event().wait()
        finally:
            self._blocks = None

    def _capture(self, planes: npt.NDArray[np.uint8], width: int, height: int) -> None:
        if self._pictures is None:
            return
        # A view, not a copy: the SDK takes it over before it returns.
        data = memoryview(planes.reshape(-1).data).cast("B")
        frame = rtc.VideoFrame(width, height, rtc.VideoBufferType.I420, data)
        self._pictures.capture_frame(frame)

    async def _send_pictures(self, source: rtc.VideoSource) -> None:
        width, height, fps = self._made.width, self._made.height, self._made.fps
        planes = np.full((height * 3 // 2, width), 128, dtype=np.uint8)
        picture = planes[:height]
        colour = planes[height:].reshape(height, width // 2)
        number, began = 0, time.perf_counter()
        while True:
            if not self._camera_on:
                top = number * _SCROLL_PX % HEIGHT
                texture = self._texture[top : top + height, :width]
                picture[:] = texture
                colour[:] = 96 + texture[:, ::2] // 4
                write_time_code(picture, time.monotonic_ns())
                self._capture(planes, width, height)
            number += 1
            await asyncio.sleep(max(0.0, began + number / fps - time.perf_counter()))

    async def _send_sound(self, source: rtc.AudioSource) -> None:
        rng = np.random.default_rng(12)
        noise = (rng.standard_normal(_RATE_HZ) * 900).astype(np.int16)
        at = 0
        while True:
            data = await self._own_block()
            if data is None:
                data = noise[at : at + _SOUND_SAMPLES].tobytes()
                at = (at + _SOUND_SAMPLES) % _RATE_HZ
            # Waits once the source's queue is full: that is the pace.
            await source.capture_frame(rtc.AudioFrame(data, _RATE_HZ, 1, _SOUND_SAMPLES))

    async def _own_block(self) -> bytes | None:
        """Return the microphone's next 10 ms; None when it is not asked for."""
        blocks = self._blocks
        if blocks is None:
            return None
        starved = False
        try:
            async with asyncio.timeout(_SILENT_S):
                data = await blocks.get()
        except TimeoutError:
            data, starved = bytes(feed_format.SOUND_BYTES), True
        self._note_gap()
        square = mean_square(np.frombuffer(data, "<i2").astype(np.int16))
        self.sent_squares.append(math.nan if starved else square)
        return data

    def _note_gap(self) -> None:
        """Note what the source ran dry of since the last block, so that times stay right."""
        now = time.monotonic()
        missing = int((now - self._due_s) / _BLOCK_S)
        if missing > 0 and self.sent_squares:
            self.sent_squares.extend([math.nan] * missing)
            self._due_s += missing * _BLOCK_S
        self._due_s = max(self._due_s, now) if not self.sent_squares else self._due_s
        self._due_s += _BLOCK_S


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


def _camera_options(made: MadePicture) -> rtc.TrackPublishOptions:
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_CAMERA
    # Not the call's H.264 (decision 0022): its encoder leaves out a third of the pictures at this
    # rate, which would be blamed on the line.
    options.video_codec = rtc.VideoCodec.VP8
    options.simulcast = False
    options.video_encoding.max_bitrate = made.cap_bps
    options.video_encoding.max_framerate = float(made.fps)
    return options


def _microphone_options(*, twice: bool) -> rtc.TrackPublishOptions:
    """Return how the sound is sent; ``twice`` with each packet repeated in the next, as a call."""
    options = rtc.TrackPublishOptions()
    options.red = twice
    if not twice:
        options.audio_encoding.max_bitrate = NARROW_SOUND_BPS
    options.source = rtc.TrackSource.SOURCE_MICROPHONE
    options.dtx = False
    return options
