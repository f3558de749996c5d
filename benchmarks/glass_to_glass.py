"""The delay from capture to the screen, alike for both pairs.

It ends for all four clients where one eye sees the picture on the screen (benchmarks/glass.py): a
code in the picture is read out of the X server's own memory, a thousand times a second. Decoding,
converting, composing, drawing and the way to the server are in it for both; a panel's own delay
is in it for neither.

It begins where the camera gives the picture:

- Liftbay's file camera stamps a picture as it gives it, before the demo mark and the code are
  drawn: the code is that time, and the client spends its own time on drawing it;
- each picture of the browsers' clip carries its number (benchmarks/material.py), and the page
  notes when the browser says the camera gave that picture (``captureTime``: the fake camera has
  just read it from the file). Pages look at every picture of one second in three: a look takes a
  copy of the picture's rows out of the browser's capture, and looking at all of them cost the pair
  two to three pictures a second on two cores, which its latency would have paid.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.glass import Sight


@dataclass(frozen=True, slots=True)
class Captured:
    """A numbered picture left a page's camera. ``at_ms`` is the machine's wall clock since 1970."""

    number: int
    at_ms: float


def numbered_delays_ms(
    captured: Sequence[Captured], sights: Sequence[Sight], loop_ms: float
) -> list[float]:
    """Return the delay of every numbered picture that was noted at both ends, in milliseconds.

    The clip loops, so a number comes again: a picture is taken for the newest one of its number
    that was captured before it was seen. Where that one was not noted, the one a loop earlier
    must not stand for it: what would be older than half a loop is left out.

    Args:
        loop_ms: how long the clip plays.
    """
    times: defaultdict[int, list[float]] = defaultdict(list)
    for one in captured:
        times[one.number].append(one.at_ms)
    for each in times.values():
        each.sort()
    found: list[float] = []
    for sight in sights:
        candidates = times.get(sight.code, [])
        at = bisect_right(candidates, sight.at_epoch_ms)
        if at > 0 and sight.at_epoch_ms - candidates[at - 1] < loop_ms / 2:
            found.append(sight.at_epoch_ms - candidates[at - 1])
    return found
