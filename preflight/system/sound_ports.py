"""Questions to the operating system about loudspeakers: their switches, rate and holders.

Pure. Whether a loudspeaker plays is shown by playing; what is asked here explains why nobody
hears it.
"""

from dataclasses import dataclass
from typing import Protocol

from preflight.system.ports import Holder

TELEPHONE_HZ = 16_000
"""A headset that runs at this rate or below is in telephone quality (8 or 16 kHz)."""


@dataclass(frozen=True, slots=True)
class OutputState:
    """How one loudspeaker stands; None where the system does not tell.

    Attributes:
        volume_percent: of the system's own volume, 100 being full.
        rate_hz: at which it runs now.
        telephone: whether it is a headset in its telephone profile.
    """

    name: str
    muted: bool | None = None
    volume_percent: int | None = None
    rate_hz: int | None = None
    telephone: bool | None = None

    @property
    def narrow(self) -> bool | None:
        """Whether sound comes out in telephone quality; None when neither figure is known."""
        if self.telephone is not None or self.rate_hz is None:
            return self.telephone
        return self.rate_hz <= TELEPHONE_HZ


class OutputFacts(Protocol):
    """What the system tells of loudspeakers. A method may take seconds: never on the loop."""

    @property
    def every_s(self) -> float:
        """How often it may be asked without being felt."""
        ...

    def output(self, device: str) -> OutputState | None:
        """Return how a loudspeaker stands; None: the system does not know it."""
        ...

    def holder(self, device: str) -> Holder | None:
        """Return who has the loudspeaker to itself; None: nobody, or the system does not tell."""
        ...
