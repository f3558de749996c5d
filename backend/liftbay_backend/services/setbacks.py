"""Rows whose work failed, left alone for a while: they cost others no time and the log no flood.

This is the only thing a tick remembers between two rounds, and losing it costs nothing but one
more try.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

FIRST_WAIT_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 60.0
MOST_KEPT: Final = 10_000
Place: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Setback:
    failures: int
    again_at: float


@dataclass(slots=True)
class Setbacks:
    """What failed when, by step and row; the wait doubles up to a minute."""

    _kept: dict[Place, _Setback] = field(default_factory=dict)

    def is_held(self, step: str, row_id: str, now: float) -> bool:
        """Tell whether a row's work should not be tried yet.

        Args:
            step: the kind of work; a row that fails in one may succeed in another.
            now: monotonic seconds.
        """
        setback = self._kept.get((step, row_id))
        return setback is not None and now < setback.again_at

    def failed(self, step: str, row_id: str, now: float) -> int:
        """Note a failure and return how many there were in a row."""
        place = (step, row_id)
        before = self._kept.pop(place, None)
        failures = 1 if before is None else before.failures + 1
        if len(self._kept) >= MOST_KEPT:
            # Dictionaries keep their order: the one that failed longest ago is tried once more.
            del self._kept[next(iter(self._kept))]
        doubled = FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 16)
        self._kept[place] = _Setback(failures, now + min(doubled, LONGEST_WAIT_SECONDS))
        return failures

    def succeeded(self, step: str, row_id: str) -> None:
        """Forget a row's failures."""
        self._kept.pop((step, row_id), None)
