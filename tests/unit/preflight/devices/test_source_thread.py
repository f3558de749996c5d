"""Opening, losing and closing, with a reader that the test plays."""

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from preflight.devices.frames import DeviceId
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.source_thread import (
    DeviceGone,
    OpenFailed,
    OpenGuard,
    SourceLimits,
    SourceThread,
)

DEVICE = DeviceId("played")
LIMITS = SourceLimits(first_s=0.05, silence_s=0.05, retry_s=0.0)
PATIENT = SourceLimits(first_s=60.0, silence_s=60.0, retry_s=0.0)
DEADLINE_S = 5.0

Outcome = int | OpenFailed


class PlayedReader:
    """Opens as told, then reads what the test puts into ``items``."""

    def __init__(self, *failures: OpenFailed) -> None:
        self.items: queue.Queue[Outcome] = queue.Queue(maxsize=100)
        self.failures = list(failures)
        self.may_open = threading.Event()
        self.may_open.set()
        self.opens = 0
        self.closes = 0

    def open(self) -> None:
        self.opens += 1
        self.may_open.wait(DEADLINE_S)
        if self.failures:
            raise self.failures.pop(0)

    def read(self, stop: threading.Event) -> int | None:
        try:
            item = self.items.get(timeout=0.005)
        except queue.Empty:
            return None
        if isinstance(item, OpenFailed):
            raise item
        return item

    def close(self) -> None:
        self.closes += 1


Start = Callable[..., SourceThread[int]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Make and open a source; it is closed when the test ends."""
    made: list[SourceThread[int]] = []

    def begin(
        reader: PlayedReader,
        limits: SourceLimits = PATIENT,
        guard: OpenGuard | None = None,
        on_item: Callable[[int], None] = lambda item: None,
    ) -> SourceThread[int]:
        source = SourceThread(DEVICE, reader, on_item, guard or OpenGuard(), limits)
        made.append(source)
        source.open()
        return source

    yield begin
    for source in made:
        source.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for another thread, with a deadline that only a failure reaches."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.001)


def test_items_arrive_in_order_and_the_first_is_timed(start: Start) -> None:
    reader = PlayedReader()
    seen: list[int] = []

    source = start(reader, on_item=seen.append)
    for number in range(3):
        reader.items.put(number)
    until(lambda: len(seen) == 3)

    status = source.status
    assert seen == [0, 1, 2]
    assert status.state is SourceState.RUNNING
    assert status.open_ms is not None
    assert status.first_ms is not None


def test_a_refused_open_is_tried_once_more(start: Start) -> None:
    reader = PlayedReader(OpenFailed(OpenFault.REFUSED))

    source = start(reader)
    until(lambda: source.status.state is SourceState.RUNNING)

    assert reader.opens == 2


def test_a_second_refusal_is_final_and_releases_the_device(start: Start) -> None:
    reader = PlayedReader(OpenFailed(OpenFault.REFUSED), OpenFailed(OpenFault.REFUSED, "again"))

    source = start(reader)
    until(lambda: source.status.state is SourceState.FAILED and reader.closes == 2)

    assert source.status.fault is OpenFault.REFUSED
    assert source.status.detail == "again"


@pytest.mark.parametrize("fault", [OpenFault.NOT_FOUND, OpenFault.BUSY, OpenFault.DENIED])
def test_what_trying_again_cannot_cure_is_not_tried_again(start: Start, fault: OpenFault) -> None:
    reader = PlayedReader(OpenFailed(fault, holder="other program"))

    source = start(reader)
    until(lambda: source.status.state is SourceState.FAILED)

    assert source.status.fault is fault
    assert source.status.holder == "other program"
    assert reader.opens == 1


def test_an_open_device_that_never_delivers_has_failed(start: Start) -> None:
    source = start(PlayedReader(), LIMITS)

    until(lambda: source.status.state is SourceState.FAILED)

    assert source.status.fault is OpenFault.NO_DATA
    assert source.status.open_ms is not None


def test_a_source_that_falls_silent_is_lost_and_returns_with_the_next_item(start: Start) -> None:
    reader = PlayedReader()
    source = start(reader, LIMITS)
    reader.items.put(1)
    until(lambda: source.status.state is SourceState.LOST)

    reader.items.put(2)
    until(lambda: source.status.state is SourceState.RUNNING)

    assert source.status.fault is None


def test_an_unplugged_device_is_lost_for_good_and_released(start: Start) -> None:
    reader = PlayedReader()
    source = start(reader)
    reader.items.put(1)

    reader.items.put(DeviceGone(OpenFault.UNPLUGGED, "node is gone"))
    until(lambda: reader.closes == 1)

    assert source.status.state is SourceState.LOST
    assert source.status.fault is OpenFault.UNPLUGGED


def test_a_stuck_open_is_not_tried_again_by_anybody(start: Start) -> None:
    guard = OpenGuard()
    stuck = PlayedReader()
    stuck.may_open.clear()
    start(stuck, guard=guard)
    until(lambda: stuck.opens == 1)
    second = PlayedReader()

    source = start(second, guard=guard)
    until(lambda: source.status.state is SourceState.FAILED)

    assert second.opens == 0
    assert source.status.fault is OpenFault.REFUSED
    stuck.may_open.set()


def test_once_the_stuck_open_returned_the_device_may_be_opened(start: Start) -> None:
    guard = OpenGuard()
    first = start(PlayedReader(), guard=guard)
    until(lambda: first.status.state is SourceState.RUNNING)

    second = start(PlayedReader(), guard=guard)
    until(lambda: second.status.state is SourceState.RUNNING)

    assert second.status.fault is None


def test_closing_releases_the_device_and_may_be_repeated(start: Start) -> None:
    reader = PlayedReader()
    source = start(reader)
    until(lambda: source.status.state is SourceState.RUNNING)

    source.close()
    source.close()

    assert reader.closes == 1
    assert source.status.state is SourceState.CLOSED


def test_a_source_lives_once(start: Start) -> None:
    source = start(PlayedReader())
    source.close()

    with pytest.raises(RuntimeError, match="opened before"):
        source.open()
