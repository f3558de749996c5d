"""How long a journey took, judged unless others kept the machine from it. Pure."""

from dataclasses import dataclass
from typing import Any

BUSY_LOAD_PER_CORE = 2.5
"""More than this waits for a core when others work here too; then no pace can be asked for."""

HEADLESS_WITHIN_S = 90.0
"""What `liftbay demo --headless` promises, from the first client's start to the last one's end."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One journey's time.

    Attributes:
        took_s: from the start of the clients, when all else is set up, to the end of both.
        within_s: how long it may take; None where a person drives, or the script waits.
        load_per_core: processes that want a core, for each core, over the last minute.
    """

    took_s: float
    within_s: float | None
    load_per_core: float

    @property
    def is_busy(self) -> bool:
        """True on a machine that others keep busy."""
        return self.load_per_core > BUSY_LOAD_PER_CORE

    @property
    def is_judged(self) -> bool:
        """False for a journey without a promise, and on a machine that others keep busy."""
        return self.within_s is not None and not self.is_busy

    def complaints(self) -> list[str]:
        """Return what is wrong with it, in a sentence."""
        if self.within_s is None or not self.is_judged or self.took_s < self.within_s:
            return []
        return [f"the journey took {self.took_s:.1f} s instead of less than {self.within_s:.0f} s"]

    def told(self) -> dict[str, Any]:
        """Return it in the timeline's shape."""
        return {
            "took_s": round(self.took_s, 1),
            "within_s": self.within_s,
            "load_per_core": round(self.load_per_core, 2),
            "judged": self.is_judged,
        }
