"""The delay from capture to shown between two browsers, from numbers in the pictures.

Each picture of the clip carries its number (benchmarks/material.py). Where a page captures, it
notes when the browser says the camera gave that picture (``captureTime``: the fake camera has
just read it from the file); where a page shows, when the browser says the picture went to its
compositor (``presentationTime``) and when it expects it on the glass (``expectedDisplayTime``).
Nothing is written into pictures during the call, and all clocks are the same machine's. The
pages look at every picture of one second in three: each look takes a copy of the picture's rows
out of the browser's capture and its renderer, and looking at all of them cost the pair two to
three pictures a second on two cores (23 to 20.3 and 22.1 fps), which its latency would have paid.

Liftbay's own delay (desktop/media/call_metrics.py) goes from the moment the file camera gave the
picture, before the demo mark and the time code are drawn into it, to the end of painting it. The
two differ in this, each time to the browser's advantage:

- what the ratio takes ends for the browser at the compositor, before the picture is converted,
  drawn and displayed; for Liftbay all three but the last copy to the X server are in it;
- Liftbay decodes nothing between capture and stamp, but draws the mark and the code after it,
  and reads the code of every picture it paints.

What the browser itself expects as its display time is told beside it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Captured:
    """A picture left the camera. ``at_ms`` is the machine's wall clock since 1970."""

    number: int
    at_ms: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture was shown: handed to the compositor, and when it should be on the glass."""

    number: int
    presented_ms: float
    displayed_ms: float


@dataclass(frozen=True, slots=True)
class Delay:
    """From one picture's capture to its two times on the other side, in milliseconds."""

    presented_ms: float
    displayed_ms: float


def delays(captured: Sequence[Captured], shown: Sequence[Shown], loop_ms: float) -> list[Delay]:
    """Return the delay of every picture that both sides saw.

    The clip loops, so a number comes again: a picture is taken for the newest one of its number
    that was captured before it was shown. Where that one was not seen, the one a loop earlier
    must not stand for it: what would be older than half a loop is left out.

    Args:
        loop_ms: how long the clip plays.
    """
    times: defaultdict[int, list[float]] = defaultdict(list)
    for one in captured:
        times[one.number].append(one.at_ms)
    for each in times.values():
        each.sort()
    found: list[Delay] = []
    for picture in shown:
        candidates = times.get(picture.number, [])
        at = bisect_right(candidates, picture.presented_ms)
        if at == 0:
            continue
        captured_ms = candidates[at - 1]
        if picture.presented_ms - captured_ms < loop_ms / 2:
            found.append(
                Delay(picture.presented_ms - captured_ms, picture.displayed_ms - captured_ms)
            )
    return found
