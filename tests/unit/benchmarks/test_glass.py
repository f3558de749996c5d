"""What the eye on a screen says of the pictures that were painted there."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.display import Display
from benchmarks.glass import Glass, Sight, delays_ms
from preflight.devices.opencv import cv2
from preflight.devices.time_code import write_time_code

Screen = npt.NDArray[np.uint8]
REGION = (40, 100, 930, 523)
DEADLINE_S = 5.0


@pytest.fixture
def screen() -> Screen:
    return np.zeros((800, 1280, 4), np.uint8)


@pytest.fixture
def glass() -> Iterator[Glass[str]]:
    made: Glass[str] = Glass()
    yield made
    made.stop()


def paint(screen: Screen, code: int, region: tuple[int, int, int, int] = REGION) -> None:
    left, top, width, height = region
    sent = np.full((720, 1280, 3), 90, np.uint8)
    write_time_code(sent, code * 1000)
    screen[top : top + height, left : left + width, :3] = cv2.resize(sent, (width, height))


def wait_until(seen: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not seen():
        assert time.monotonic() < deadline_s
        time.sleep(0.002)


def looks_at(glass: Glass[str], key: str) -> list[Sight]:
    return glass._places[key].sights


def test_each_picture_is_seen_once_when_it_comes(screen: Screen, glass: Glass[str]) -> None:
    glass.watch("customer", screen, REGION)
    painted_ns: list[int] = []
    for code in (7, 8, 9):
        painted_ns.append(time.monotonic_ns())
        paint(screen, code)
        wait_until(lambda: len(looks_at(glass, "customer")) == len(painted_ns))

    sights = glass.stop()["customer"]

    assert [one.code for one in sights] == [7, 8, 9]
    for sight, after_ns in zip(sights, painted_ns, strict=True):
        # The painting itself takes its time, and a look may begin in the middle of it.
        assert after_ns < sight.at_ns < after_ns + DEADLINE_S * 1e9
        assert abs(sight.at_epoch_ms - time.time() * 1000) < 60_000


def test_what_changes_beside_the_code_is_no_new_picture(screen: Screen, glass: Glass[str]) -> None:
    glass.watch("customer", screen, REGION)
    paint(screen, 5)
    wait_until(lambda: len(looks_at(glass, "customer")) == 1)
    left, top, _, _ = REGION
    screen[top + 1 : top + 8, left + 700 : left + 900] = 200
    screen[top + 300 : top + 400, left : left + 500] = 10
    time.sleep(0.05)
    paint(screen, 6)
    wait_until(lambda: len(looks_at(glass, "customer")) == 2)

    assert [one.code for one in glass.stop()["customer"]] == [5, 6]


def test_half_a_picture_is_not_seen(screen: Screen, glass: Glass[str]) -> None:
    paint(screen, 0b1010)
    whole = screen.copy()
    paint(screen, 0b0101 << 20)
    # As while the server copies: the first row of the code is new, the second one old.
    second_row = REGION[1] + round(48 * REGION[2] / 1280)
    screen[second_row:] = whole[second_row:]
    glass.watch("customer", screen, REGION)
    time.sleep(0.05)
    seen_half = list(looks_at(glass, "customer"))
    paint(screen, 0b0101 << 20)
    wait_until(lambda: len(looks_at(glass, "customer")) == 1)

    assert seen_half == []
    assert [one.code for one in glass.stop()["customer"]] == [0b0101 << 20]


def test_two_screens_are_looked_at_side_by_side(glass: Glass[str]) -> None:
    screens = {name: np.zeros((800, 1280, 4), np.uint8) for name in ("customer", "mechanic")}
    regions = {"customer": REGION, "mechanic": (0, 56, 1279, 719)}
    for code, (name, screen) in enumerate(screens.items(), 21):
        paint(screen, code, regions[name])
        glass.watch(name, screen, regions[name])
    wait_until(lambda: all(looks_at(glass, name) for name in screens))

    seen = glass.stop()

    assert {name: [one.code for one in sights] for name, sights in seen.items()} == {
        "customer": [21],
        "mechanic": [22],
    }


def test_a_code_that_is_a_capture_time_gives_the_delay_and_wraps_with_the_clock() -> None:
    wrap_us = 1 << 36
    seen_us = 5 * wrap_us + 10_000

    found = delays_ms(
        [Sight(2_000, seen_us * 1000, 0.0), Sight(wrap_us - 1_000, seen_us * 1000, 0.0)]
    )

    assert found == [8.0, 11.0]


@pytest.mark.usefixtures("glass")
def test_nothing_watched_is_nothing_seen() -> None:
    assert Glass[str]().stop() == {}


def test_a_displays_screen_is_what_was_drawn_on_it(tmp_path: Path) -> None:
    display = Display("320x240x24")
    display.start()
    try:
        folder = display._folder
        screen = display.screen()
        assert screen.shape == (240, 320, 4)
        assert not screen.any(), "Xvfb begins in black"
        assert not screen.flags.writeable
    finally:
        display.stop()
    assert folder is not None
    assert not folder.exists()
