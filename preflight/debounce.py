"""Steadies a live verdict: worse shows after a second, better after two.

Pure.
"""

from preflight.model import CheckState

RAISE_AFTER_MS = 1000
CLEAR_AFTER_MS = 2000

_BADNESS = {CheckState.PASSED: 0, CheckState.WARNED: 1, CheckState.FAILED: 2}


class Debounce:
    """Holds the shown verdict of one live check until another has lasted long enough."""

    def __init__(
        self,
        shown: CheckState,
        *,
        raise_after_ms: int = RAISE_AFTER_MS,
        clear_after_ms: int = CLEAR_AFTER_MS,
    ) -> None:
        self._shown = shown
        self._raise_after_ns = raise_after_ms * 1_000_000
        self._clear_after_ns = clear_after_ms * 1_000_000
        self._candidate: CheckState | None = None
        self._since_ns = 0

    def update(self, verdict: CheckState, now_ns: int) -> CheckState:
        """Take the verdict of this moment and return the one to show."""
        if verdict is self._shown:
            self._candidate = None
            return self._shown
        if self._candidate is None or self._side(verdict) != self._side(self._candidate):
            self._since_ns = now_ns
        self._candidate = verdict
        worse = self._side(verdict) > 0
        wait_ns = self._raise_after_ns if worse else self._clear_after_ns
        if now_ns - self._since_ns >= wait_ns:
            self._shown = verdict
            self._candidate = None
        return self._shown

    def _side(self, verdict: CheckState) -> int:
        difference = _BADNESS.get(verdict, 2) - _BADNESS.get(self._shown, 2)
        return (difference > 0) - (difference < 0)
