"""Figures of a running call: joining, pictures, delay, stalls of the window, cost of the process.

The demo, the tests and the benchmark read them; nothing here changes the call. Everything runs
on the Qt/asyncio thread.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import psutil

from desktop.media.room_stay import StayTimes
from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from preflight.devices.time_code import read_time_code

SETTLE_S = 8.0
"""From the first full-size picture to the window: by then the encoder has reached its rate."""

TICK_S = 0.005
_MOST_SAMPLES = 60_000
_FULL_HEIGHT = 720


@dataclass(frozen=True, slots=True)
class Spread:
    """How a series is spread; None where there was nothing to measure."""

    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


_NOTHING = Spread(None, None, None, None)


@dataclass(frozen=True, slots=True)
class CallFigures:
    """What one side measured of one call.

    Attributes:
        connect_ms: the SDK's connect, from call to success.
        connect_to_first_frame_ms: to the first painted remote picture, from the later of the own
            connect and the peer's publication.
        remote_frames_painted: since the start; the others below cover the window.
        remote_fps: painted pictures for each second of the window.
        remote_size: width and height of the newest painted picture.
        window_s: how long the window is; 0 while it has not begun.
        glass_to_glass_ms: from capture, as coded into the picture, to painted.
        arrival_to_painted_ms: the part of it from the SDK's hand-over to painted.
        ui_stall_ms: how late a timer of 5 ms came.
    """

    connect_ms: float | None
    connect_to_first_frame_ms: float | None
    remote_frames_painted: int
    remote_fps: float | None
    remote_size: tuple[int, int] | None
    window_s: float
    glass_to_glass_ms: Spread
    arrival_to_painted_ms: Spread
    ui_stall_ms: Spread
    cpu_cores: float | None
    rss_mb: float


class StallMeter(Protocol):
    """Measures how late a thread runs what is due: a timer of 5 ms that counts its delays."""

    @property
    def spread(self) -> Spread: ...

    def start(self) -> None: ...

    def reset(self) -> None: ...

    def stop(self) -> None: ...


class MeasuredStay(Protocol):
    """One stay in a room, as far as its figures need it."""

    @property
    def times(self) -> StayTimes: ...

    @property
    def camera_published_s(self) -> float | None:
        """When the other side's camera was published; None while it is not known."""


class MeasuredRoom(Protocol):
    """The room of the measured call."""

    @property
    def stay(self) -> MeasuredStay | None: ...


class CallMetrics:
    """Collects the figures of one side; give its ``on_painted`` to the remote view.

    The window opens by itself 8 s after the first picture of full size was painted, and stays
    open; ``figures()`` may be asked at any time.
    """

    def __init__(
        self,
        room: MeasuredRoom,
        stalls: StallMeter | None,
        *,
        time_code: bool,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Measure one room's call.

        Args:
            stalls: started and stopped from here; None measures none.
            time_code: pictures carry one; without, looking for it would only cost.
            now_ns: the clock that the stay's times and the pictures are stamped with.
        """
        self._room = room
        self._now_ns = now_ns
        self._has_time_code = time_code
        self._process = psutil.Process()
        self._stalls = stalls
        self._delays_ms = Series()
        self._paint_ms = Series()
        self._painted = 0
        self._first_painted_s: float | None = None
        self._full_size_s: float | None = None
        self._window_s: float | None = None
        self._window_painted = 0
        self._window_cpu_s = 0.0
        self._size: tuple[int, int] | None = None

    @property
    def window_s(self) -> float:
        """How long the window has been open."""
        return 0.0 if self._window_s is None else self._now_ns() / 1e9 - self._window_s

    def start(self) -> None:
        """Begin to measure the loop."""
        if self._stalls is not None:
            self._stalls.start()

    def stop(self) -> None:
        """End the timer. Idempotent."""
        if self._stalls is not None:
            self._stalls.stop()

    def on_painted(self, picture: VideoPicture) -> None:
        """Count a remote picture that reached the screen just now."""
        now_ns = self._now_ns()
        now_s = now_ns / 1e9
        self._painted += 1
        self._size = picture.full_size
        if self._first_painted_s is None:
            self._first_painted_s = now_s
        if self._full_size_s is None and min(self._size) >= _FULL_HEIGHT:
            self._full_size_s = now_s
        if self._window_s is None:
            if self._full_size_s is not None and now_s - self._full_size_s >= SETTLE_S:
                self._open_window(now_s)
            return
        self._paint_ms.add((now_ns - picture.captured_ns) / 1e6)
        if not self._has_time_code:
            return
        captured_ns = read_time_code(_pixels(picture), now_ns)
        if captured_ns is not None:
            self._delays_ms.add((now_ns - captured_ns) / 1e6)

    def figures(self) -> CallFigures:
        """What is known now."""
        window_s = self.window_s
        frames = self._painted - self._window_painted
        return CallFigures(
            connect_ms=self._connect_ms(),
            connect_to_first_frame_ms=self._first_frame_ms(),
            remote_frames_painted=self._painted,
            remote_fps=frames / window_s if window_s > 0 else None,
            remote_size=self._size,
            window_s=window_s,
            glass_to_glass_ms=self._delays_ms.spread(),
            arrival_to_painted_ms=self._paint_ms.spread(),
            ui_stall_ms=_NOTHING if self._stalls is None else self._stalls.spread,
            cpu_cores=(self._cpu_s() - self._window_cpu_s) / window_s if window_s > 0 else None,
            rss_mb=self._process.memory_info().rss / 1e6,
        )

    def _open_window(self, now_s: float) -> None:
        self._window_s = now_s
        self._window_painted = self._painted
        self._window_cpu_s = self._cpu_s()
        self._delays_ms.clear()
        self._paint_ms.clear()
        if self._stalls is not None:
            self._stalls.reset()

    def _cpu_s(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def _connect_ms(self) -> float | None:
        stay = self._room.stay
        if stay is None or stay.times.connected_s is None or stay.times.connect_called_s is None:
            return None
        return (stay.times.connected_s - stay.times.connect_called_s) * 1000

    def _first_frame_ms(self) -> float | None:
        stay = self._room.stay
        if stay is None or stay.times.connect_called_s is None or self._first_painted_s is None:
            return None
        begin_s = max(stay.times.connect_called_s, stay.camera_published_s or 0.0)
        return (self._first_painted_s - begin_s) * 1000


class Series:
    """Numbers in a buffer of fixed size; when it is full the oldest are overwritten."""

    def __init__(self) -> None:
        self._values = np.zeros(_MOST_SAMPLES, np.float32)
        self._count = 0

    def add(self, value: float) -> None:
        """Append a number."""
        self._values[self._count % _MOST_SAMPLES] = value
        self._count += 1

    def clear(self) -> None:
        """Forget all of them."""
        self._count = 0

    def spread(self) -> Spread:
        """Return percentiles and maximum; all None without a number."""
        if self._count == 0:
            return Spread(None, None, None, None)
        values = self._values[: min(self._count, _MOST_SAMPLES)]
        p50, p95, p99 = (float(each) for each in np.percentile(values, (50, 95, 99)))
        return Spread(p50, p95, p99, float(values.max()))


def _pixels(picture: VideoPicture) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    channels = 4 if picture.pixels is PixelFormat.BGRA else 3
    rows = np.frombuffer(picture.data, np.uint8)[: picture.height * picture.bytes_per_line]
    table = rows.reshape(picture.height, picture.bytes_per_line)
    return table[:, : picture.width * channels].reshape(picture.height, picture.width, channels)
