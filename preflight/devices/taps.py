"""Who receives what a device delivers: attach and detach from any thread."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from preflight.devices.ports import Detach

ItemT = TypeVar("ItemT")
_log = logging.getLogger(__name__)


class TapList(Generic[ItemT]):
    """The taps of one source, in the order they were attached.

    Once a detach has returned, its tap is not called any more, not even by a delivery that had
    already begun. A tap may detach itself. A tap that raises is taken off and logged.
    """

    def __init__(self, source_name: str) -> None:
        self._source_name = source_name
        self._lock = threading.Lock()
        self._taps: tuple[_Tap[ItemT], ...] = ()

    def attach(self, call: Callable[[ItemT], None]) -> Detach:
        """Add a tap; the answer takes it off again."""
        tap = _Tap(call)
        with self._lock:
            self._taps = (*self._taps, tap)

        def detach() -> None:
            self._remove(tap)
            tap.end()

        return detach

    def deliver(self, item: ItemT) -> None:
        """Call every tap with the item, on the calling thread."""
        for tap in self._taps:
            try:
                tap.call(item)
            except Exception:
                # A broken analyser must not take the camera away from the call.
                _log.exception("a tap of %s raised and was detached", self._source_name)
                self._remove(tap)
                tap.end()

    def _remove(self, tap: "_Tap[ItemT]") -> None:
        with self._lock:
            self._taps = tuple(each for each in self._taps if each is not tap)


class _Tap(Generic[ItemT]):
    def __init__(self, call: Callable[[ItemT], None]) -> None:
        self._call = call
        # Re-entrant, so that a tap can detach itself from inside its own call.
        self._lock = threading.RLock()
        self._attached = True

    def call(self, item: ItemT) -> None:
        with self._lock:
            if self._attached:
                self._call(item)

    def end(self) -> None:
        with self._lock:
            self._attached = False
