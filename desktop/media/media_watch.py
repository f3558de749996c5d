"""Notices that pictures or sound stopped coming: the only sign in an outage's first 13 seconds.

Pure arithmetic over times; the room asks it once or twice a second.
"""

from dataclasses import dataclass

UNSTABLE_AFTER_S = 2.0
STALLED_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class Stalled:
    """Media is this old; told at 2 s, at 5 s and then each second."""

    age_ms: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """Media flows again after a `Stalled`."""


class MediaWatch:
    """Watches the tracks that should be flowing, each under a name of the caller's.

    A track that is muted, unsubscribed or paused by a repair is simply not watched; that alone
    never counts as recovery. Only fresh media does.
    """

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._told_s: float | None = None

    @property
    def is_stalled(self) -> bool:
        """True between a `Stalled` and its `Resumed`."""
        return self._told_s is not None

    def watch(self, name: str, now_s: float) -> None:
        """Expect media from now on; a track that is watched already keeps its age.

        During a stall a new track begins at the stall's age: being there is not yet media.
        """
        self._last.setdefault(name, now_s - (self._told_s or 0.0))

    def forget(self, name: str) -> None:
        """Expect nothing of this track any more."""
        self._last.pop(name, None)

    def forget_all(self) -> None:
        """Expect nothing, as while the room repairs itself."""
        self._last.clear()

    def came(self, name: str, at_s: float) -> None:
        """Media came at this time. Unwatched names are ignored."""
        if name in self._last:
            self._last[name] = max(at_s, self._last[name])

    def look(self, now_s: float) -> Stalled | Resumed | None:
        """Say what there is to tell now."""
        if not self._last:
            return None
        age_s = max(now_s - last for last in self._last.values())
        if age_s < UNSTABLE_AFTER_S:
            was_stalled, self._told_s = self.is_stalled, None
            return Resumed() if was_stalled else None
        due_s = (
            UNSTABLE_AFTER_S
            if self._told_s is None
            else STALLED_AFTER_S
            if self._told_s < STALLED_AFTER_S
            else self._told_s + 1.0
        )
        if age_s < due_s:
            return None
        self._told_s = age_s
        return Stalled(age_s * 1000)
