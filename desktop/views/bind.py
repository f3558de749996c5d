"""The only bridge between what a view model publishes and a widget that shows it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from desktop.viewmodels.observable import Observable

T = TypeVar("T")


def bind(owner: QWidget, source: Observable[T], render: Callable[[T], None]) -> None:
    """Render the present value now, and every later one until ``owner`` is destroyed."""
    unsubscribe = source.subscribe(render)
    # The lambda holds no reference to the owner, whose end it announces.
    owner.destroyed.connect(lambda: unsubscribe())
