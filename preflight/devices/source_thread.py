"""One device, one thread: opening, reading, losing and closing it, whatever the device is.

The camera and microphone sources are built on this: they give it a reader (a blocking device
that only this thread touches) and say what to do with each item. Status is an immutable value
that any thread may read.

    CLOSED --open()--> OPENING --opened--> RUNNING <--items again-- LOST (nothing for a while)
                          |                   +--gone--> LOST (final: the thread has ended)
                          +--OpenFailed--> FAILED (final; after one retry where that may help)
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from preflight.devices.frames import DeviceId
from preflight.devices.ports import OpenFault, SourceState, SourceStatus

ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)
_log = logging.getLogger(__name__)

CLOSE_WAIT_S = 2.0


class OpenFailed(Exception):
    """The device did not open; the fault says why as far as the system tells."""

    def __init__(self, fault: OpenFault, detail: str = "", holder: str | None = None) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail
        self.holder = holder


class DeviceGone(OpenFailed):
    """An open device will deliver nothing any more."""


class Reader(Protocol[ItemT_co]):
    """A device that blocks; made anywhere, used by one thread alone."""

    def open(self) -> None:
        """Open the device; may block for as long as the driver likes.

        Raises:
            OpenFailed: it did not open.
        """
        ...

    def read(self, stop: threading.Event) -> ItemT_co | None:
        """Return the next item; None when none came within about 0.1 s or ``stop`` was set.

        Raises:
            DeviceGone: the device is lost for good.
        """
        ...

    def close(self) -> None:
        """Release the device; also called after a failed open."""
        ...


class OpenGuard:
    """Remembers which devices are in the middle of an open, so that none is opened twice.

    A driver that hangs keeps its thread for ever. Trying again would hang a second one and, on
    some drivers, the machine: until the first open returns, the device counts as refused.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opening: set[DeviceId] = set()

    def begin(self, device: DeviceId) -> bool:
        """Claim the device; False while an earlier open of it has not returned."""
        with self._lock:
            if device in self._opening:
                return False
            self._opening.add(device)
            return True

    def end(self, device: DeviceId) -> None:
        """The open returned, well or badly."""
        with self._lock:
            self._opening.discard(device)


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """How patient the thread is, in seconds.

    Attributes:
        first_s: an open device without a first item for this long counts as failed.
        silence_s: a running device without items for this long counts as lost.
        retry_s: pause before the one retry after a refused open.
    """

    first_s: float
    silence_s: float
    retry_s: float = 1.0


class SourceThread(Generic[ItemT]):
    """Runs a reader until it is closed; ``on_item`` is called on this thread for each item."""

    def __init__(
        self,
        device: DeviceId,
        reader: Reader[ItemT],
        on_item: Callable[[ItemT], None],
        guard: OpenGuard,
        limits: SourceLimits,
    ) -> None:
        self._device = device
        self._reader = reader
        self._on_item = on_item
        self._guard = guard
        self._limits = limits
        self._stop = threading.Event()
        self._status_lock = threading.Lock()
        self._status = SourceStatus(SourceState.CLOSED)
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> SourceStatus:
        return self._status

    def open(self) -> None:
        """Start the thread. Returns at once.

        Raises:
            RuntimeError: opened before; a source lives once.
        """
        if self._thread is not None or self._stop.is_set():
            raise RuntimeError(f"{self._device} was opened before; make a new source")
        self._set(SourceStatus(SourceState.OPENING))
        # A daemon: a driver that hangs must not keep the program from ending.
        self._thread = threading.Thread(
            target=self._run, name=f"source {self._device}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop and wait at most 2 s; a thread stuck in its driver is left behind."""
        self._stop.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_WAIT_S)
            if thread.is_alive():
                _log.warning("the driver of %s is stuck; its thread is left behind", self._device)
        with self._status_lock:
            self._status = replace(self._status, state=SourceState.CLOSED)

    def _run(self) -> None:
        began_ns = time.monotonic_ns()
        try:
            if self._open():
                opened_ns = time.monotonic_ns()
                self._set(SourceStatus(SourceState.RUNNING, open_ms=(opened_ns - began_ns) / 1e6))
                self._pump(opened_ns)
        except OpenFailed as failed:
            self._fail(failed)
        except Exception as failed:
            _log.exception("the source %s failed", self._device)
            self._fail(OpenFailed(OpenFault.REFUSED, repr(failed)))
        finally:
            self._reader.close()

    def _open(self) -> bool:
        """Open, once more after a refusal; False when closed meanwhile."""
        try:
            self._open_once()
        except OpenFailed as failed:
            if failed.fault is not OpenFault.REFUSED:
                raise
            self._reader.close()
            if self._stop.wait(self._limits.retry_s):
                return False
            self._open_once()
        return not self._stop.is_set()

    def _open_once(self) -> None:
        if not self._guard.begin(self._device):
            raise OpenFailed(OpenFault.REFUSED, "an earlier open of this device is still stuck")
        try:
            self._reader.open()
        finally:
            self._guard.end(self._device)

    def _pump(self, opened_ns: int) -> None:
        last_ns = opened_ns
        while not self._stop.is_set():
            item = self._reader.read(self._stop)
            now_ns = time.monotonic_ns()
            status = self._status
            if item is not None:
                last_ns = now_ns
                if status.state is not SourceState.RUNNING or status.first_ms is None:
                    first_ms = status.first_ms
                    if first_ms is None:
                        first_ms = (now_ns - opened_ns) / 1e6
                    self._set(
                        replace(status, state=SourceState.RUNNING, fault=None, first_ms=first_ms)
                    )
                self._on_item(item)
            elif status.state is SourceState.RUNNING:
                self._judge_silence((now_ns - last_ns) / 1e9)

    def _judge_silence(self, silent_s: float) -> None:
        status = self._status
        limit_s = self._limits.first_s if status.first_ms is None else self._limits.silence_s
        if silent_s < limit_s or self._stop.is_set():
            return
        state = SourceState.FAILED if status.first_ms is None else SourceState.LOST
        self._set(replace(status, state=state, fault=OpenFault.NO_DATA))

    def _fail(self, failed: OpenFailed) -> None:
        had_data = self._status.first_ms is not None
        self._set(
            replace(
                self._status,
                state=SourceState.LOST if had_data else SourceState.FAILED,
                fault=failed.fault,
                holder=failed.holder,
                detail=failed.detail,
            )
        )

    def _set(self, status: SourceStatus) -> None:
        with self._status_lock:
            if not self._stop.is_set():
                self._status = status
