"""What two pages reported becomes the figures of a browser call."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.browser_peer import BrowserPeer, PageConfig
from benchmarks.calls import _delays_ms, _of_page, _of_timeline
from benchmarks.display import Display
from benchmarks.glass import Sight
from benchmarks.glass_to_glass import Captured
from benchmarks.process_tree import Cost
from desktop.app.demo.stages import Side

COST = Cost(cpu_cores=0.9, pss_mb=400.0, seconds=20.0)
BEGUN_MS = 1000.0


def report(at_ms: float, frames: int, reading_ms: float = 0.0) -> dict[str, Any]:
    return {
        "atMs": at_ms,
        "framesShown": frames,
        "connectToFirstFrameMs": 300.0,
        "width": 1280,
        "height": 720,
        "limitedBy": "none",
        "audio": {"peakHz": 440.0},
        "readingMs": reading_ms,
    }


@pytest.fixture
def peers(tmp_path: Path) -> dict[Side, BrowserPeer]:
    """Two pages that have not been started."""
    config = PageConfig("ws://127.0.0.1:1", "token", reads_numbers=True)
    return {side: BrowserPeer(config, tmp_path, Display()) for side in Side}


def test_what_is_seen_on_one_screen_is_measured_from_the_other_sides_capture(
    peers: dict[Side, BrowserPeer],
) -> None:
    peers[Side.CUSTOMER].captured = [Captured(7, BEGUN_MS + 5.0)]
    peers[Side.MECHANIC].captured = [Captured(7, BEGUN_MS + 10.0)]
    sights = {
        Side.CUSTOMER: [Sight(7, 0, BEGUN_MS + 60.0)],
        Side.MECHANIC: [Sight(7, 0, BEGUN_MS + 80.0)],
    }

    assert _delays_ms(peers, Side.CUSTOMER, sights) == [50.0]
    assert _delays_ms(peers, Side.MECHANIC, sights) == [75.0]


def test_a_call_whose_screens_nobody_watched_has_no_delays(
    peers: dict[Side, BrowserPeer],
) -> None:
    assert _delays_ms(peers, Side.CUSTOMER, {}) == []


def test_a_window_is_as_long_as_the_pages_reports_are_apart() -> None:
    before, after = report(5_000.0, 300, 40.0), report(25_500.0, 812, 245.0)

    figures = _of_page(before, after, COST, [50.0] * 100)

    assert figures.fps == pytest.approx(512 / 20.5)
    assert figures.reading_ms_per_s == pytest.approx(10.0)
    assert (figures.cpu_cores, figures.pss_mb, figures.peak_hz) == (0.9, 400.0, 440.0)


def test_the_latency_is_the_median_and_the_95th_percentile_of_the_delays() -> None:
    seen_ms = [float(ms) for ms in range(1, 201)]

    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, seen_ms)

    assert (figures.latency_p50_ms, figures.latency_p95_ms) == (100.5, 191.0)


def test_liftbays_latency_is_what_was_seen_in_the_window_and_its_own_figure_stands_beside_it() -> (
    None
):
    told = {
        "remote_size": [1280, 720],
        "connect_to_first_frame_ms": 200.0,
        "remote_fps": 30.0,
        "glass_to_glass_ms": {"p50": 17.0, "p95": 30.0},
    }
    begun_us = 1_000_000
    in_window = [
        Sight(begun_us + 100_000 * at, (begun_us + 100_000 * at + 20_000) * 1000, 0.0)
        for at in range(200)
    ]
    after_it = [Sight(begun_us, (begun_us + 30_000_000 + at) * 1000, 0.0) for at in range(300)]

    figures = _of_timeline(told, COST, in_window + after_it, 20.0)

    assert (figures.latency_p50_ms, figures.latency_p95_ms) == (20.0, 20.0)
    assert figures.painted_p50_ms == 17.0


def test_fewer_than_a_hundred_pictures_say_nothing_about_the_latency() -> None:
    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, [50.0] * 99)

    assert (figures.latency_p50_ms, figures.latency_p95_ms) == (None, None)


def test_a_call_without_numbers_has_no_latency_and_spent_no_time_on_them() -> None:
    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, [])

    assert figures.latency_p50_ms is None
    assert figures.reading_ms_per_s is None
    assert figures.fps == 30.0
