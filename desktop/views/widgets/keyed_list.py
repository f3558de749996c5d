"""A column of widgets that keeps each one as long as its key stays.

So a list that is shown again every second moves no focus, loses no half-open details and does
not flicker: rows are made, updated in place, moved and removed one by one.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.theme import set_role
from desktop.views.widgets.card import GAP_L

R = TypeVar("R")
W = TypeVar("W", bound=QWidget)


class KeyedList(QWidget, Generic[R, W]):
    """Rows of type R shown by widgets of type W."""

    def __init__(
        self,
        *,
        key: Callable[[R], Hashable],
        make: Callable[[], W],
        update: Callable[[W, R], None],
        gap: int = GAP_L,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._key = key
        self._make = make
        self._update = update
        self._widgets: dict[Hashable, W] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(gap)

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show these rows in this order."""
        wanted = {self._key(row): row for row in rows}
        for gone in [key for key in self._widgets if key not in wanted]:
            widget = self._widgets.pop(gone)
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        for at, (key, row) in enumerate(wanted.items()):
            known = self._widgets.get(key)
            widget = known if known is not None else self._make()
            self._widgets[key] = widget
            if self._column.indexOf(widget) != at:
                self._column.insertWidget(at, widget)
            set_role(widget, "last", "true" if at == len(wanted) - 1 else "false")
            self._update(widget, row)
        self.setVisible(bool(rows))

    def widgets(self) -> tuple[W, ...]:
        """Return the widgets in sight, from top to bottom."""
        return tuple(sorted(self._widgets.values(), key=self._column.indexOf))
