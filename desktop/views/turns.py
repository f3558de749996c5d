"""Work of a page that is shared out over turns of the event loop.

What takes 30 ms and more in one go stalls the thread that also carries sound, pictures and the paid
clock; here each turn does one step.
"""

from collections.abc import Iterator

import shiboken6
from PySide6.QtWidgets import QWidget

from desktop.views.page_arrival import Later


class Turns:
    """Takes one step a turn; new work takes the place of what was left of the old.

    Args:
        owner: the widget that is worked on; nothing more is done once it is gone.
        later: how to go on in another turn; without it all is done at once.
    """

    def __init__(self, owner: QWidget, later: Later | None) -> None:
        self._owner = owner
        self._later = later
        self._steps: Iterator[None] | None = None
        self._is_due = False

    @property
    def is_over(self) -> bool:
        """True while nothing is left to do."""
        return self._steps is None

    def begin(self, steps: Iterator[None]) -> None:
        """Take the first step now and the others in turns to come."""
        self._steps = steps
        self._step()
        self._go_on()

    def stop(self) -> None:
        """Leave what is left undone. Idempotent."""
        self._steps = None

    def _on_turn(self) -> None:
        self._is_due = False
        if shiboken6.isValid(self._owner):
            self._step()
            self._go_on()

    def _step(self) -> None:
        if self._steps is not None and next(self._steps, self) is self:
            self._steps = None

    def _go_on(self) -> None:
        while self._later is None and self._steps is not None:
            self._step()
        # A turn that is due already takes its step from the newer work.
        if self._later is not None and self._steps is not None and not self._is_due:
            self._is_due = True
            self._later(self._on_turn)
