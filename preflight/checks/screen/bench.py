"""What the checks of the screen ask."""

from dataclasses import dataclass

from preflight.offload import Offload
from preflight.system.screen_ports import ScreenAccess, ScreenEye, ScreenRights


@dataclass(frozen=True, slots=True)
class ScreenBench:
    """The system's word on sharing the screen, and one look at it.

    Attributes:
        eye: None where there is no window, so that nothing can be grabbed.
    """

    rights: ScreenRights
    eye: ScreenEye | None
    offload: Offload

    async def access(self) -> ScreenAccess:
        """Ask whether the screen may be shared."""
        return await self.offload(self.rights.now)
