"""Whether a call begins without a picture: what was chosen, and what the lines carry. Pure."""

from collections.abc import Callable

from desktop.viewmodels.preflight_state import SoundOnly
from preflight.verdicts.recommendation import Recommendation


class SoundChoice:
    """Keeps what the person chose; it counts for as long as there is something to choose."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._chosen: bool | None = None

    def offer(self, limits: Recommendation) -> SoundOnly | None:
        """Return the offer to begin with sound alone; None where the lines carry a picture."""
        if not limits.audio_only_offered and limits.bitrate_kbps > 0:
            return None
        # Where our own line carries a picture it is theirs that does not.
        theirs = not limits.audio_only_offered
        return SoundOnly(self.starts_without_picture(limits), self._choose, theirs)

    def starts_without_picture(self, limits: Recommendation) -> bool:
        """What the person chose where sound alone is offered, else what the lines carry."""
        carries_none = limits.bitrate_kbps == 0
        if self._chosen is not None and (limits.audio_only_offered or carries_none):
            return self._chosen
        return carries_none

    def _choose(self, chosen: bool) -> None:
        self._chosen = chosen
        self._on_change()
