"""Brings a page into its place, a few milliseconds at a time.

Building a page, dressing its parts and laying it out take 30 to 60 ms together. Done in one go they
stall the thread that also carries sound, pictures and the paid clock; so each turn of the event
loop does a share, and the page is shown when nothing is left but to paint it.
"""

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeAlias, runtime_checkable

import shiboken6
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

Later: TypeAlias = Callable[[Callable[[], None]], object]
"""Calls a function in the next turn of the event loop, like ``call_soon`` of asyncio's."""

# About 3 ms of style rules on a slow core.
_PARTS_PER_TURN: Final = 16


class PageInTurns(QWidget):
    """A page that can be made with its parts still to come.

    Qt tells even a hidden page its size when it likes, for instance when somebody takes a picture
    of the window; an override that then reaches for a part which is not there yet ends in a crash
    of the whole process, for Qt calls the next one with the error still set. So a subclass lays
    itself out in `fit`, which waits for the last part.
    """

    _is_whole = False
    _parts: Iterator[bool]

    def _build_from(self, parts: Iterator[bool], *, in_turns: bool) -> None:
        """Take the parts to build, and build them now unless somebody does it in turns."""
        self._parts = parts
        while not in_turns and self.build_part():
            pass

    def build_part(self) -> bool:
        """Build the next part; False when there was none left."""
        if next(self._parts, None) is not None:
            return True
        if not self._is_whole:
            self._is_whole = True
            self.fit()
        return False

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_whole:
            self.fit()


@runtime_checkable
class Arriving(Protocol):
    """A page into which another one comes."""

    @property
    def has_arrived(self) -> bool:
        """True while nothing is on its way into it."""


class PageArrival:
    """The way of one page into a place that shows one page at a time."""

    def __init__(
        self,
        place: QWidget,
        page: QWidget,
        *,
        take_in: Callable[[], object],
        show: Callable[[], object],
        later: Later | None,
    ) -> None:
        """Begin.

        Args:
            place: where the page goes.
            page: without a parent; a `PageInTurns` is completed on the way.
            take_in: puts it into ``place``, hidden.
            show: makes it the one in sight.
            later: how to go on in another turn; without it, and in a window that nobody sees,
                the page is there at once.
        """
        self._place = place
        self._page = page
        self._take_in = take_in
        self._show = show
        self._later = later
        self._is_over = False
        self._turns = self._all_turns()
        if later is None or not place.isVisible():
            for _ in self._turns:
                pass
        else:
            later(self._on_turn)

    @property
    def is_over(self) -> bool:
        """True once the page is in sight, or will never be."""
        return self._is_over

    def stop(self) -> None:
        """Do nothing more, wherever the page is now. Idempotent."""
        self._later = None
        self._is_over = True

    def _on_turn(self) -> None:
        if self._later is None or not shiboken6.isValid(self._page):
            return
        if next(self._turns, None) is not None:
            self._later(self._on_turn)

    def _all_turns(self) -> Iterator[bool]:
        self._take_in()
        yield True
        if isinstance(self._page, PageInTurns):
            # Each part is dressed when it comes into the page, which is in its window by now.
            while self._page.build_part():
                yield True
        # Backwards, children come before their parents: dressing a parent dresses what is left.
        parts = self._page.findChildren(QWidget)[::-1]
        for first in range(0, len(parts), _PARTS_PER_TURN):
            for part in parts[first : first + _PARTS_PER_TURN]:
                # A part may have gone in the meantime, like a row of a list.
                if shiboken6.isValid(part):
                    part.ensurePolished()
            yield True
        self._page.resize(self._place.size())
        layout = self._page.layout()
        if layout is not None:
            layout.activate()
        yield True
        self._show()
        self._is_over = True
