"""Holds the place of a focus whose button cannot be pressed for the moment."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class KeptFocus:
    """Keeps the focus in a row while its buttons are disabled, and gives it back.

    Qt hands the focus of a button that is disabled or hidden to the next one, which may be Join.

    Args:
        row: holds the focus meanwhile.
    """

    def __init__(self, row: QWidget) -> None:
        self._row = row
        self._left: QWidget | None = None

    def before(self, closing: Sequence[QWidget]) -> None:
        """Call this before these are disabled or hidden."""
        focused = next((each for each in closing if each.hasFocus()), None)
        if focused is not None:
            self._left = focused
            self._row.setFocus(Qt.FocusReason.OtherFocusReason)

    def after(self) -> None:
        """Call this once they may be enabled again; whoever went elsewhere stays there."""
        if self._left is None or not self._row.hasFocus():
            self._left = None
        elif self._left.isEnabled() and self._left.isVisible():
            self._left.setFocus(Qt.FocusReason.OtherFocusReason)
            self._left = None
