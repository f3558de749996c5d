"""The microphone's level for a meter, with its peak held for a second. Pure."""

from desktop.viewmodels.preflight_state import LevelState

PEAK_HOLD_READINGS = 20
"""At 20 readings a second the peak mark stands for one second."""


class HeldLevel:
    """Remembers the loudest reading of the last second."""

    def __init__(self) -> None:
        self._peak: float | None = None
        self._for = 0

    def read(self, rms: float | None) -> LevelState:
        """Take the newest level and return it with its held peak; meant for 20 a second."""
        self._for += 1
        is_over = self._for > PEAK_HOLD_READINGS
        if rms is None:
            if is_over:
                self._peak = None
        elif self._peak is None or rms >= self._peak or is_over:
            self._peak, self._for = rms, 0
        return LevelState(rms, self._peak)
