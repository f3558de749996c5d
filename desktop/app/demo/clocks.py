"""Whether the paid clock ran the same on both sides. Pure.

Both clients are asked at the same moments. Each answers with the seconds its call page would
paint and the monotonic time of that look, which all processes of one machine share; so the
answers can be compared although no two of them are given at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.app.demo.stages import Side, Stage

MOST_APART_S = 0.25
"""What the product promises of the two clocks."""

ASKED_AT = frozenset(
    {
        Stage.LIVE,
        Stage.REMOTE_SOUND,
        Stage.MEASURED,
        Stage.CHAT_SENT,
        Stage.CHAT_RECEIVED,
        Stage.PICTURE_FULL,
    }
)
"""Stages of a running call; when one side reaches one, both are asked."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One side's clock at one moment.

    Attributes:
        at_ns: ``time.monotonic_ns()`` of the look.
        remaining_s: paid seconds left, as computed and not as painted; None without a clock.
        running: False while it is paused, not started, or over.
    """

    at_ns: int
    remaining_s: float | None
    running: bool


@dataclass(frozen=True, slots=True)
class ClockPair:
    """Both sides' running clocks, asked at one moment."""

    customer: ClockReading
    mechanic: ClockReading

    @property
    def apart_s(self) -> float:
        """How far the two clocks are apart, the time between the two looks taken out."""
        between_s = (self.mechanic.at_ns - self.customer.at_ns) / 1e9
        return abs(_left(self.customer) - (_left(self.mechanic) + between_s))


def pairs_of(readings: Mapping[int, Mapping[str, ClockReading]]) -> list[ClockPair]:
    """Return the readings by question where both sides' clocks ran.

    A clock at 0 stands there until the service ends the session, so it is none that runs.
    """
    return [
        ClockPair(by_side[Side.CUSTOMER.value], by_side[Side.MECHANIC.value])
        for _question, by_side in sorted(readings.items())
        if all(side.value in by_side and _runs(by_side[side.value]) for side in Side)
    ]


def judged(pairs: list[ClockPair], *, is_busy: bool) -> list[ClockPair]:
    """Return the pairs that must be within the bound: all, or the last where others work here.

    A client knows the service's time as closely as the answers so far allow. On a machine that is
    kept busy the first answers of a call take seconds; later ones are better.
    """
    return pairs[-1:] if is_busy else pairs


def clock_complaints(pairs: list[ClockPair]) -> list[str]:
    """Return what is wrong with the judged pairs, in sentences."""
    if not pairs:
        return ["the two clocks were never seen running at the same moment"]
    worst_s = max(pair.apart_s for pair in pairs)
    if worst_s <= MOST_APART_S:
        return []
    return [f"the two clocks were {worst_s:.2f} s apart (at most {MOST_APART_S} s)"]


def clocks_told(pairs: list[ClockPair], *, is_busy: bool) -> dict[str, Any]:
    """Return both clocks in the timeline's shape; ``apart_s`` is the worst of the judged pairs."""
    held = judged(pairs, is_busy=is_busy)
    return {
        "apart_s": round(max(pair.apart_s for pair in held), 4) if held else None,
        "at_most_s": MOST_APART_S,
        "judged_pairs": len(held),
        "pairs": [
            {
                "customer_s": round(_left(pair.customer), 4),
                "mechanic_s": round(_left(pair.mechanic), 4),
                "looks_apart_s": round((pair.mechanic.at_ns - pair.customer.at_ns) / 1e9, 4),
                "apart_s": round(pair.apart_s, 4),
            }
            for pair in pairs
        ],
    }


def _runs(reading: ClockReading) -> bool:
    return reading.running and bool(reading.remaining_s)


def _left(reading: ClockReading) -> float:
    return reading.remaining_s or 0.0
