"""The device chooser of the preflight page: names of devices are long, its field is not.

A name that does not fit is cut in the middle, where neither the beginning nor a mark at its end
("not a real device") is lost; the whole name is in the tool tip and in the accessible name.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from desktop.views.widgets.field import Chooser


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
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideMiddle, field.width()
        )
