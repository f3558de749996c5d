"""Figures of a call."""

import asyncio
import time

import numpy as np
import pytest

from client_api.clock import SystemClock
from desktop.media import call_metrics
from desktop.media.call_metrics import CallMetrics
from desktop.media.livekit_room import LiveKitRoom
from desktop.viewmodels.pictures import PictureMailbox, PixelFormat, VideoPicture
from preflight.devices.time_code import write_time_code
from tests.fakes.loop_stalls import LoopStallMeter


def make_metrics(*, time_code: bool = True, stalls: bool = True) -> CallMetrics:
    room = LiveKitRoom(
        clock=SystemClock(), camera_pictures=PictureMailbox(), screen_pictures=PictureMailbox()
    )
    return CallMetrics(room, LoopStallMeter() if stalls else None, time_code=time_code)


def coded_picture(captured_ns: int) -> VideoPicture:
    pixels = np.full((720, 1280, 4), 90, np.uint8)
    write_time_code(pixels, captured_ns)
    return VideoPicture(
        pixels.reshape(-1), 1280, 720, PixelFormat.BGRA, 1280 * 4, time.monotonic_ns()
    )


async def test_a_blocked_loop_shows_in_the_stalls() -> None:
    meter = LoopStallMeter()
    meter.start()
    await asyncio.sleep(0.05)
    time.sleep(0.1)  # noqa: ASYNC251 - the stall is the point
    await asyncio.sleep(0.05)
    meter.stop()

    assert meter.spread.max == pytest.approx(100, abs=60)
    assert meter.spread.p50 is not None
    assert meter.spread.p50 < 50


async def test_a_meter_that_measured_nothing_says_so() -> None:
    meter = LoopStallMeter()
    meter.stop()

    assert meter.spread.p50 is None


def test_before_the_window_only_the_count_is_known() -> None:
    metrics = make_metrics()
    metrics.on_painted(coded_picture(time.monotonic_ns()))

    figures = metrics.figures()

    assert figures.remote_frames_painted == 1
    assert figures.remote_size == (1280, 720)
    assert figures.window_s == 0
    assert figures.remote_fps is None
    assert figures.cpu_cores is None
    assert figures.connect_ms is None
    assert figures.rss_mb > 10


def test_the_delay_is_read_from_the_painted_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_metrics, "SETTLE_S", 0.0)
    metrics = make_metrics()
    metrics.on_painted(coded_picture(time.monotonic_ns()))
    for _ in range(5):
        metrics.on_painted(coded_picture(time.monotonic_ns() - 40_000_000))

    figures = metrics.figures()

    assert figures.remote_frames_painted == 6
    assert figures.glass_to_glass_ms.p50 == pytest.approx(45, abs=10)
    assert figures.glass_to_glass_ms.max is not None
    assert figures.remote_fps is not None
    assert figures.cpu_cores is not None


def test_a_picture_without_a_code_has_no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_metrics, "SETTLE_S", 0.0)
    metrics = make_metrics()
    plain = VideoPicture(
        bytes(1280 * 720 * 4), 1280, 720, PixelFormat.BGRA, 1280 * 4, time.monotonic_ns()
    )
    for _ in range(3):
        metrics.on_painted(plain)

    assert metrics.figures().glass_to_glass_ms.p50 is None


def test_nobody_looks_for_a_code_in_a_call_without_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_metrics, "SETTLE_S", 0.0)
    metrics = make_metrics(time_code=False)
    for _ in range(3):
        metrics.on_painted(coded_picture(time.monotonic_ns()))

    figures = metrics.figures()

    assert figures.glass_to_glass_ms.p50 is None
    assert figures.arrival_to_painted_ms.p50 is not None


def test_stalls_that_nobody_asked_for_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_metrics, "SETTLE_S", 0.0)
    metrics = make_metrics(time_code=False, stalls=False)
    metrics.start()
    for _ in range(3):
        metrics.on_painted(coded_picture(time.monotonic_ns()))
    metrics.stop()

    figures = metrics.figures()

    assert figures.ui_stall_ms.p50 is None
    assert figures.remote_fps is not None
