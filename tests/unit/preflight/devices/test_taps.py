"""Attaching, detaching and broken taps."""

import threading

from preflight.devices.taps import TapList
from tests.conftest import ExpectedLogs


def test_taps_are_called_in_the_order_they_were_attached() -> None:
    taps: TapList[int] = TapList("source")
    calls: list[str] = []
    taps.attach(lambda item: calls.append(f"a{item}"))
    taps.attach(lambda item: calls.append(f"b{item}"))

    taps.deliver(1)

    assert calls == ["a1", "b1"]


def test_a_detached_tap_is_not_called_and_detaching_twice_is_safe() -> None:
    taps: TapList[int] = TapList("source")
    seen: list[int] = []
    detach = taps.attach(seen.append)

    detach()
    detach()
    taps.deliver(1)

    assert seen == []


def test_detach_waits_for_a_call_that_has_begun() -> None:
    taps: TapList[int] = TapList("source")
    inside, go_on = threading.Event(), threading.Event()
    ended: list[bool] = []

    def slow(item: int) -> None:
        inside.set()
        go_on.wait(5)
        ended.append(True)

    detach = taps.attach(slow)
    delivery = threading.Thread(target=taps.deliver, args=(1,))
    delivery.start()
    inside.wait(5)
    after_detach: list[bool] = []

    def detach_and_look() -> None:
        detach()
        after_detach.append(bool(ended))

    detaching = threading.Thread(target=detach_and_look)
    detaching.start()
    detaching.join(0.02)
    assert after_detach == [], "detach returned while the tap was running"

    go_on.set()
    delivery.join(5)
    detaching.join(5)

    assert after_detach == [True]


def test_a_tap_may_detach_itself() -> None:
    taps: TapList[int] = TapList("source")
    seen: list[int] = []

    def once(item: int) -> None:
        seen.append(item)
        detach()

    detach = taps.attach(once)
    taps.deliver(1)
    taps.deliver(2)

    assert seen == [1]


def test_a_tap_that_raises_is_taken_off_and_the_others_stay(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("raised and was detached")
    taps: TapList[int] = TapList("source")
    calls: list[int] = []
    seen: list[int] = []

    def broken(item: int) -> None:
        calls.append(item)
        raise RuntimeError("analyser")

    taps.attach(broken)
    taps.attach(seen.append)
    taps.deliver(1)
    taps.deliver(2)

    assert calls == [1]
    assert seen == [1, 2]
