"""The device chooser of the preflight page: names of devices are long, its field is not.

A name that does not fit is cut where neither its beginning nor a mark at its end ("not a real
device") is lost; the whole name is in the tool tip and in the accessible name.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from desktop.views.widgets.field import Chooser

_LEAST_OF_NAME = 3


class DeviceChooser(Chooser):
    """A `Chooser` that elides in the middle; ``accessible`` says which device is meant."""

    def __init__(self, *, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(name=name, accessible=accessible, parent=parent)
        self._accessible = accessible
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentIndexChanged.connect(self._on_index)

    def show_entries(self, entries: Sequence[tuple[str, str]], selected: str | None) -> None:
        """Show (key, words) pairs and select one by its key; None selects nothing."""
        super().show_entries(entries, selected)
        for place, (_, words) in enumerate(entries):
            if self.itemData(place, Qt.ItemDataRole.ToolTipRole) != words:
                self.setItemData(place, words, Qt.ItemDataRole.ToolTipRole)
        self._name_current()

    def shown_words(self) -> str:
        """Return the words as they are drawn, with an ellipsis where they do not fit."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return str(option.currentText)

    def _on_index(self, _index: int) -> None:
        self._name_current()

    def _name_current(self) -> None:
        words = self.currentText()
        self.setToolTip(words)
        self.setAccessibleName(
            self.tr("{role}: {device}").format(role=self._accessible, device=words)
            if words
            else self._accessible
        )

    def showPopup(self) -> None:
        # Here, not when it is made: the list costs 5 ms and most people never open it.
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self._cut(self.currentText(), field.width())

    def _cut(self, words: str, room_px: int) -> str:
        metrics = self.fontMetrics()
        name, mark = _parted(words)
        left_px = room_px - metrics.horizontalAdvance(mark)
        if mark and left_px >= metrics.horizontalAdvance("X") * _LEAST_OF_NAME:
            # "a real device" would be what is left of "not a real device".
            return metrics.elidedText(name, Qt.TextElideMode.ElideRight, left_px) + mark
        return metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room_px)


def _parted(words: str) -> tuple[str, str]:
    """Return a name and the mark in brackets at its end, which may be empty."""
    at = words.rfind(" (")
    if at <= 0 or not words.endswith(")"):
        return words, ""
    return words[:at], words[at:]
