"""Questions about sharing the screen: may this program, and does it get a picture?

Pure. Nothing here asks the person anything, and no picture is kept.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScreenAccess:
    """Whether the screen may be shared.

    Attributes:
        allowed: None where the system does not tell, or where there is no screen at all.
        by: what decides: ``always``, ``portal``, ``privacy``, or ``no_screen``.
    """

    allowed: bool | None
    by: str


class ScreenRights(Protocol):
    """Asks the system. May take a second: not on the loop."""

    def now(self) -> ScreenAccess: ...


class ScreenEye(Protocol):
    """Looks at the main screen once. Answers on the loop's thread, which draws meanwhile."""

    async def luma_spread(self) -> float | None:
        """Return the standard deviation of the screen's luma (0..255), keeping nothing of it.

        None where nothing can be grabbed without asking the person (Wayland).
        """
        ...
