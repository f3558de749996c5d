"""What two pages reported becomes the figures of a browser call."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.browser_peer import BrowserPeer, Display, PageConfig
from benchmarks.calls import _of_page, _seen
from benchmarks.glass_to_glass import Captured, Delay, Shown
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


def test_what_one_side_shows_is_measured_from_the_other_sides_capture(
    peers: dict[Side, BrowserPeer],
) -> None:
    customer, mechanic = peers[Side.CUSTOMER], peers[Side.MECHANIC]
    customer.captured = [Captured(7, BEGUN_MS + 5.0)]
    mechanic.captured = [Captured(7, BEGUN_MS + 10.0)]
    customer.shown = [Shown(7, BEGUN_MS + 60.0, BEGUN_MS + 70.0)]
    mechanic.shown = [Shown(7, BEGUN_MS + 80.0, BEGUN_MS + 80.0)]

    assert _seen(peers, Side.CUSTOMER, BEGUN_MS) == [Delay(50.0, 60.0)]
    assert _seen(peers, Side.MECHANIC, BEGUN_MS) == [Delay(75.0, 75.0)]


def test_what_was_shown_before_the_window_does_not_count(peers: dict[Side, BrowserPeer]) -> None:
    peers[Side.MECHANIC].captured = [Captured(1, 900.0), Captured(2, 950.0)]
    peers[Side.CUSTOMER].shown = [Shown(1, 990.0, 1010.0), Shown(2, 1005.0, 1010.0)]

    assert _seen(peers, Side.CUSTOMER, BEGUN_MS) == [Delay(55.0, 60.0)]


def test_a_window_is_as_long_as_the_pages_reports_are_apart() -> None:
    before, after = report(5_000.0, 300, 40.0), report(25_500.0, 812, 245.0)

    figures = _of_page(before, after, COST, [Delay(50.0, 60.0)] * 100)

    assert figures.fps == pytest.approx(512 / 20.5)
    assert figures.reading_ms_per_s == pytest.approx(10.0)
    assert (figures.cpu_cores, figures.pss_mb, figures.peak_hz) == (0.9, 400.0, 440.0)


def test_the_ratios_latency_ends_at_the_compositor_and_the_later_one_stands_beside_it() -> None:
    seen = [Delay(float(ms), ms + 15.0) for ms in range(1, 201)]

    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, seen)

    assert (figures.latency_p50_ms, figures.latency_p95_ms) == (100.5, 191.0)
    assert (figures.displayed_p50_ms, figures.displayed_p95_ms) == (115.5, 206.0)


def test_fewer_than_a_hundred_pictures_say_nothing_about_the_latency() -> None:
    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, [Delay(50.0, 60.0)] * 99)

    assert figures.latency_p50_ms is None
    assert figures.displayed_p95_ms is None


def test_a_call_without_numbers_has_no_latency_and_spent_no_time_on_them() -> None:
    figures = _of_page(report(0.0, 0), report(20_000.0, 600), COST, [])

    assert figures.latency_p50_ms is None
    assert figures.reading_ms_per_s is None
    assert figures.fps == 30.0
