"""The tap that looks for blur: pairs of consecutive pictures, few of them, on the capture thread.

Idle until `begin`. Then a pair every tenth of a second until the answer is there; afterwards one
in three seconds, about 1 ms for each second of video, so that a wiped lens is noticed.
"""

import threading
from collections import deque

from preflight.analysis.sharpness import PairLook, Plane, pair_sharpness, sharp_plane
from preflight.devices.frames import CameraFrame, is_picture

PAIRS = 8
ENOUGH = 0.20
"""The best pair counts, so no further one can make a sharp picture blurred."""
_FIRST_EVERY_NS = 95_000_000
_LATER_EVERY_NS = 3_000_000_000
_PAIR_WITHIN_NS = 500_000_000
"""Two pictures further apart than this are not consecutive."""


class SharpnessWindow:
    """Holds what the last eight pairs told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._every_ns: int | None = None
        self._due_ns = 0
        self._waiting: tuple[Plane, int] | None = None
        self._looks: deque[PairLook] = deque(maxlen=PAIRS)

    def begin(self) -> None:
        """Look at pairs from the next picture on; forgets earlier ones."""
        with self._lock:
            self._looks.clear()
            self._waiting = None
            self._due_ns = 0
            self._every_ns = _FIRST_EVERY_NS

    def ease(self) -> None:
        """Look seldom from now on: there is an answer, only a change would be news."""
        with self._lock:
            self._every_ns = _LATER_EVERY_NS

    def tap(self, frame: CameraFrame) -> None:
        """Take one frame; called by the source, in order."""
        with self._lock:
            every_ns, due_ns, waiting = self._every_ns, self._due_ns, self._waiting
        if every_ns is None or frame.captured_ns < due_ns or not is_picture(frame.pixels):
            return
        plane = sharp_plane(frame.pixels)
        if waiting is None or frame.captured_ns - waiting[1] > _PAIR_WITHIN_NS:
            with self._lock:
                self._waiting = (plane, frame.captured_ns)
            return
        if (plane == waiting[0]).all():
            # The driver repeated the picture with its noise; its successor makes the pair.
            return
        look = pair_sharpness(waiting[0], plane)
        with self._lock:
            self._waiting = None
            self._due_ns = frame.captured_ns + every_ns
            self._looks.append(look)

    @property
    def complete(self) -> bool:
        """Whether more pairs would not change the answer."""
        best = self.best()
        with self._lock:
            return len(self._looks) >= PAIRS or (best is not None and best >= ENOUGH)

    def best(self) -> float | None:
        """Return the best ratio of the pairs that could be compared; None without any."""
        with self._lock:
            return max((look.ratio for look in self._looks if look.ratio is not None), default=None)

    def why_not(self) -> str:
        """Return what kept the last pair from an answer; ``few_frames`` without any pair."""
        with self._lock:
            whys = [look.why for look in self._looks if look.why is not None]
        return whys[-1] if whys else "few_frames"
