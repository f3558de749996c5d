"""Plays made pictures to the very checks and taps that look at a camera, in made time."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from preflight.check import CannotTell
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.group import camera_group
from preflight.devices.frames import CameraFrame, DeviceInfo, is_picture
from preflight.devices.ports import SourceState, SourceStatus
from preflight.model import Measured
from tests.fakes.devices import CAMERA, FakeCatalogue, FakeSystem
from tests.fakes.offload import at_once

SECOND_NS = 1_000_000_000


class FilmClock:
    """A `Clock` that stands where the film stands."""

    def __init__(self) -> None:
        self.now_ns = SECOND_NS

    def monotonic_ns(self) -> int:
        return self.now_ns

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_ns / SECOND_NS, UTC)

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("a played check waits for pictures alone")


class PlayedBench(CameraBench):
    """A bench whose camera is a film: waiting plays it on, frame by frame.

    Args:
        from_the_open: the check looks on from the open device, not from its first picture.
    """

    def __init__(
        self,
        film: Iterable[CameraFrame],
        info: DeviceInfo = CAMERA,
        *,
        from_the_open: bool = False,
    ) -> None:
        self.film_clock = FilmClock()
        super().__init__(FakeCatalogue(self.film_clock), self.film_clock, FakeSystem(), at_once)
        self._film: Iterator[CameraFrame] = iter(film)
        self._next: CameraFrame | None = None
        self._played = info
        self._first_ms: float | None = None
        if not from_the_open:
            self._show(next(self._film))

    @property
    def info(self) -> DeviceInfo:
        return self._played

    @property
    def present(self) -> bool:
        return True

    @property
    def status(self) -> SourceStatus:
        return SourceStatus(SourceState.RUNNING, open_ms=200.0, first_ms=self._first_ms)

    async def until(self, holds: Callable[[], bool], *, within_s: float) -> bool:
        end_ns = self.film_clock.now_ns + round(within_s * SECOND_NS)
        while not holds():
            frame = self._next or next(self._film, None)
            self._next = frame
            if frame is None or frame.captured_ns > end_ns:
                self.film_clock.now_ns = end_ns
                return False
            self._next = None
            self._show(frame)
        return True

    def _show(self, frame: CameraFrame) -> None:
        self.film_clock.now_ns = frame.captured_ns
        if self._first_ms is None and is_picture(frame.pixels):
            self._first_ms = (frame.captured_ns - SECOND_NS) / 1e6
        for tap in (self.window.tap, self.sharpness.tap, self.flicker.tap):
            tap(frame)


def camera_figures(
    code: str,
    film: Iterable[CameraFrame],
    info: DeviceInfo = CAMERA,
    *,
    from_the_open: bool = False,
    live_after_s: float = 0.0,
) -> Measured:
    """Return what a camera's check measures of a film; nothing where it cannot tell.

    Args:
        live_after_s: look on for so long after its verdict, and take the live figures then.
    """
    bench = PlayedBench(film, info, from_the_open=from_the_open)
    check = next(each for each in camera_group(bench).checks if each.code == code)

    async def measure() -> Measured:
        try:
            found = await check.measure()
            if live_after_s and check.live is not None:
                await bench.until(lambda: False, within_s=live_after_s)
                found = check.live.now() or found
        except CannotTell:
            return {}
        return found

    return asyncio.run(measure())
