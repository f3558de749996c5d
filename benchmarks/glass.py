"""When pictures are on the glass: the screens are looked at a thousand times a second.

The same eye for all four clients. It knows nothing of the program that draws: it reads the code
(preflight/devices/time_code.py) out of the memory that the X server keeps its screen in, so
whatever a program does with a picture before it can be seen is in the figure.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from preflight.devices.time_code import read_time_code

LOOK_EVERY_S = 0.001
_WRAP_US = 1 << 36
_CODE_PART = 1 / 10
"""Of a picture's height: the code's two rows end at 72 of 720 pixels."""

KeyT = TypeVar("KeyT")
Region = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the screen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture that was not on the screen one look before.

    Attributes:
        code: what the picture carries: microseconds of a clock, 36 bits of them, or a number.
        at_ns, at_epoch_ms: ``time.monotonic_ns()`` of the look, and the wall clock then, in
            milliseconds since 1970.
    """

    code: int
    at_ns: int
    at_epoch_ms: float


class Glass(Generic[KeyT]):
    """Looks at one place on each of several screens, on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[KeyT, _Place] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, key: KeyT, screen: npt.NDArray[np.uint8], region: Region) -> None:
        """Look at this region of a screen, too, from now on.

        Args:
            screen: uint8, shape (height, width, 4), as `Display.screen` gives it.
            region: where the whole picture is painted, not the code alone.
        """
        with self._lock:
            self._places = {**self._places, key: _Place(screen, region)}
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="glass", daemon=True)
            self._thread.start()

    def stop(self) -> Mapping[KeyT, Sequence[Sight]]:
        """Look no more, and return what was seen, in order. Idempotent."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        return {key: tuple(place.sights) for key, place in self._places.items()}

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            for place in self._places.values():
                place.look()


class _Place:
    def __init__(self, screen: npt.NDArray[np.uint8], region: Region) -> None:
        left, top, width, height = region
        # Green is enough: the code is grey, and three quarters need not be copied.
        self._green = screen[top : top + round(height * _CODE_PART) + 1, left : left + width, 1]
        self._before = b""
        self._code: int | None = None
        self.sights: list[Sight] = []

    def look(self) -> None:
        # Every fourth line tells whether anything changed; most looks end here.
        now_ns, epoch_ms = time.monotonic_ns(), time.time() * 1000
        seen = self._green[::4, ::4].tobytes()
        if seen == self._before:
            return
        # Half a picture, while the server still copies, has no valid check: the next look has it.
        instant_ns = read_time_code(np.ascontiguousarray(self._green), now_ns)
        if instant_ns is None:
            return
        self._before = seen
        code = instant_ns // 1000 % _WRAP_US
        if code != self._code:
            self._code = code
            self.sights.append(Sight(code, now_ns, epoch_ms))


def delays_ms(sights: Sequence[Sight]) -> list[float]:
    """Return each picture's age when it was first seen, where its code is its capture time.

    Returns:
        Milliseconds, one for each sight, in order.
    """
    return [(one.at_ns // 1000 - one.code) % _WRAP_US / 1000 for one in sights]
