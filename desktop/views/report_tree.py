"""All checks of a report as a tree: groups that open into their checks.

Plain text throughout, and no tips: Qt would read a tip that looks like markup as markup.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.views.check_words import found_word, title
from desktop.views.group_card import look_of
from desktop.views.group_words import group_name
from desktop.views.report_words import figures_line
from desktop.views.theme import icon, scheme_of
from preflight.model import CheckState, Group
from preflight.support.reading import ReadCheck

_BAD = (CheckState.FAILED, CheckState.WARNED)
_HEIGHT_PX = 380
_ICON_PX = 16


class ReportTree(QTreeWidget):
    """One row for a group with how many passed; its checks beneath."""

    def __init__(self, checks: tuple[ReadCheck, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report_checks")
        self.setAccessibleName(self.tr("All checks"))
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Check"), self.tr("State"), self.tr("Figures")])
        self.setFixedHeight(_HEIGHT_PX)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.setColumnWidth(0, 330)
        self.setColumnWidth(1, 150)
        self._checks = checks
        self._states: list[tuple[QTreeWidgetItem, CheckState]] = []

    def fill(self) -> Iterator[None]:
        """Add a group a step."""
        for group in Group:
            own = [check for check in self._checks if check.result.group is group]
            if own:
                known = len(self._states)
                item = self._group(group, own)
                self._tint(known)
                self.addTopLevelItem(item)
                item.setExpanded(any(check.result.state in _BAD for check in own))
                yield

    def _group(self, group: Group, checks: list[ReadCheck]) -> QTreeWidgetItem:
        passed = sum(check.result.state is CheckState.PASSED for check in checks)
        count = self.tr("{passed} of {all} passed").format(passed=passed, all=len(checks))
        item = QTreeWidgetItem([group_name(group), count, ""])
        for check in checks:
            result = check.result
            reason = f" ({result.reason})" if result.reason else ""
            line = figures_line(check)
            row = QTreeWidgetItem(
                [
                    f"{result.no}  {title(result.code)}",
                    found_word(result.state, gating=result.gating) + reason,
                    line,
                ]
            )
            advised = not result.gating and result.state is CheckState.FAILED
            self._states.append((row, CheckState.WARNED if advised else result.state))
            item.addChild(row)
        return item

    def _tint(self, first: int = 0) -> None:
        colours = scheme_of(self)
        for row, state in self._states[first:]:
            tone, name = look_of(state)
            row.setIcon(1, icon(name, colours.ink(tone), _ICON_PX))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_states"):
            self._tint()
