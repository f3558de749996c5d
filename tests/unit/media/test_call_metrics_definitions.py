"""What each figure of a call means, on a clock that moves only when a test says so."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from desktop.media import call_metrics
from desktop.media.call_metrics import CallFigures, CallMetrics, Series, Spread
from desktop.media.room_stay import StayTimes
from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from preflight.devices.time_code import write_time_code

START_S = 1000.0
FULL, SMALL = (1280, 720), (640, 360)


@dataclass
class FakeStay:
    """A stay whose times a test sets."""

    times: StayTimes = field(default_factory=StayTimes)
    camera_published_s: float | None = None


@dataclass
class FakeRoom:
    """A room with one stay."""

    stay: FakeStay | None = field(default_factory=FakeStay)


class CountedStalls:
    """A stall meter that only notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.spread = Spread(None, None, None, None)

    def start(self) -> None:
        self.told.append("start")

    def reset(self) -> None:
        self.told.append("reset")

    def stop(self) -> None:
        self.told.append("stop")


class Call:
    """A measured call at one moment; ``at`` moves on to another, in seconds since its start."""

    def __init__(self, *, time_code: bool = False) -> None:
        self.now_s = START_S
        self.room = FakeRoom()
        self.stalls = CountedStalls()
        self.metrics = CallMetrics(
            self.room, self.stalls, time_code=time_code, now_ns=lambda: round(self.now_s * 1e9)
        )

    def at(self, since_start_s: float) -> "Call":
        self.now_s = START_S + since_start_s
        return self

    def paint(
        self,
        size: tuple[int, int] = FULL,
        *,
        arrived_ms_ago: float = 5.0,
        captured_ms_ago: float | None = None,
    ) -> None:
        width, height = size
        pixels = np.full((height, width, 4), 90, np.uint8)
        now_ns = round(self.now_s * 1e9)
        if captured_ms_ago is not None:
            write_time_code(pixels, now_ns - round(captured_ms_ago * 1e6))
        arrived_ns = now_ns - round(arrived_ms_ago * 1e6)
        self.metrics.on_painted(
            VideoPicture(pixels.reshape(-1), width, height, PixelFormat.BGRA, width * 4, arrived_ns)
        )

    def open_window(self) -> None:
        """Get to the window's first moment, 8 s after the start."""
        self.at(0.0).paint()
        self.at(8.0).paint()

    @property
    def figures(self) -> CallFigures:
        return self.metrics.figures()


def stay_of(connect_s: float | None, connected_s: float | None, published_s: float | None) -> Call:
    call = Call()
    call.room.stay = FakeStay(
        StayTimes(
            connect_called_s=None if connect_s is None else START_S + connect_s,
            connected_s=None if connected_s is None else START_S + connected_s,
        ),
        None if published_s is None else START_S + published_s,
    )
    return call


@pytest.mark.parametrize(
    ("connect_s", "published_s", "expected_ms"),
    [
        (1.0, 3.0, 1000),
        (3.0, 1.0, 1000),
        (1.0, None, 3000),
    ],
)
def test_the_first_picture_counts_from_the_later_of_the_own_connect_and_the_peers_track(
    connect_s: float, published_s: float | None, expected_ms: float
) -> None:
    call = stay_of(connect_s, connect_s + 0.5, published_s)

    call.at(4.0).paint(SMALL)
    call.at(9.0).paint(FULL)

    assert call.figures.connect_to_first_frame_ms == pytest.approx(expected_ms)


def test_connecting_counts_from_the_call_of_connect_to_its_success() -> None:
    call = stay_of(1.0, 1.25, 5.0)

    assert call.figures.connect_ms == pytest.approx(250)


def test_before_a_connect_or_a_picture_there_is_no_time_to_the_first_one() -> None:
    unpainted = stay_of(1.0, 1.2, 1.1)
    unconnected = stay_of(None, None, 1.1)
    roomless = Call()
    roomless.room.stay = None

    unconnected.at(2.0).paint()
    roomless.at(2.0).paint()

    for call in (unpainted, unconnected, roomless):
        assert call.figures.connect_to_first_frame_ms is None
    assert unconnected.figures.connect_ms is None
    assert roomless.figures.connect_ms is None


def test_the_window_opens_8_seconds_after_the_first_picture_of_full_size() -> None:
    call = Call()
    call.at(0.0).paint(SMALL)
    call.at(10.0).paint(SMALL)
    opened = [call.metrics.window_s > 0]

    call.at(12.0).paint(FULL)
    call.at(19.95).paint(FULL)
    call.at(19.99)
    opened.append(call.metrics.window_s > 0)
    call.at(20.05).paint(FULL)
    call.at(21.05)

    assert opened == [False, False]
    assert call.metrics.window_s == pytest.approx(1.0)
    assert call.figures.window_s == pytest.approx(1.0)


def test_a_smaller_picture_meanwhile_does_not_begin_the_8_seconds_anew() -> None:
    call = Call()

    call.at(0.0).paint(FULL)
    call.at(4.0).paint(SMALL)
    call.at(8.0).paint(SMALL)
    call.at(9.0)

    assert call.metrics.window_s == pytest.approx(1.0)
    assert call.figures.remote_size == SMALL


@pytest.mark.parametrize(("size", "is_full"), [((1279, 719), False), ((720, 1280), True)])
def test_full_size_is_720_lines_whichever_way_the_camera_is_held(
    size: tuple[int, int], is_full: bool
) -> None:
    call = Call()

    call.at(0.0).paint(size)
    call.at(8.0).paint(size)
    call.at(9.0)

    assert (call.metrics.window_s > 0) is is_full


def test_the_rate_counts_the_pictures_of_the_window_and_the_sum_all_of_them() -> None:
    call = Call()
    for at_s in (0.0, 1.0, 2.0, 8.0):
        call.at(at_s).paint()
    for at_s in (9.0, 10.0, 11.0, 12.0, 13.0, 14.0):
        call.at(at_s).paint()
    call.at(28.0)

    assert call.figures.remote_fps == pytest.approx(6 / 20)
    assert call.figures.remote_frames_painted == 10


def test_nothing_of_the_time_before_the_window_is_in_its_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used_s = 30.0
    monkeypatch.setattr(call_metrics.CallMetrics, "_cpu_s", lambda _self: used_s)
    call = Call(time_code=True)
    call.at(0.0).paint(captured_ms_ago=900, arrived_ms_ago=800)
    call.at(8.0).paint(captured_ms_ago=900, arrived_ms_ago=800)
    assert call.stalls.told == ["reset"]
    before = call.figures

    used_s = 40.0
    call.at(18.0).paint(captured_ms_ago=40, arrived_ms_ago=7)
    call.at(28.0)

    assert before.glass_to_glass_ms.p50 is None
    assert before.arrival_to_painted_ms.p50 is None
    assert call.figures.glass_to_glass_ms.max == pytest.approx(40, abs=1.1)
    assert call.figures.arrival_to_painted_ms.max == pytest.approx(7)
    assert call.figures.cpu_cores == pytest.approx(0.5)


def test_a_delay_is_told_by_its_median_and_not_by_its_mean() -> None:
    call = Call(time_code=True)
    call.open_window()

    for index, delay_ms in enumerate((30, 40, 50, 60, 400)):
        call.at(9.0 + index).paint(captured_ms_ago=delay_ms, arrived_ms_ago=delay_ms / 10)

    assert call.figures.glass_to_glass_ms.p50 == pytest.approx(50, abs=1.1)
    assert call.figures.arrival_to_painted_ms.p50 == pytest.approx(5)
    assert call.figures.arrival_to_painted_ms.max == pytest.approx(40)


def test_percentiles_are_those_of_all_numbers() -> None:
    series = Series()
    for number in range(101):
        series.add(float(number))

    assert series.spread() == Spread(p50=50.0, p95=95.0, p99=99.0, max=100.0)
