"""One thread owns Qt and asyncio: start the loop, end it on signals, leave in the right order."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import qasync
from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)

CLEANUP_DEADLINE_S = 10.0
WORKERS = 6
"""Threads for what blocks: closing three devices, a list, a file and one to spare."""
SDK_SETTLE_S = 0.5
"""The LiveKit library aborts 1-2 % of processes that end at once after a room was left."""


class EndSignals(QObject):
    """Turns SIGTERM, SIGINT and SIGHUP into a call on the Qt thread.

    Python runs a signal handler only when the interpreter gets its turn, which Qt's loop may
    deny for long; the wake-up socket makes the signal an event of the loop.
    """

    def __init__(self, on_signal: Callable[[signal.Signals], None]) -> None:
        super().__init__()
        self._on_signal = on_signal
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: None)

    def close(self) -> None:
        """Give the signals back to Python."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        self._reader.close()
        self._writer.close()
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)

    def _on_readable(self) -> None:
        try:
            numbers = self._reader.recv(64)
        except BlockingIOError:
            return
        for number in numbers:
            self._on_signal(signal.Signals(number))


def run(
    application: QApplication,
    start: Callable[[asyncio.AbstractEventLoop], Coroutine[Any, Any, int]],
    request_stop: Callable[[], None],
    clean_up: Callable[[], Awaitable[None]],
) -> int:
    """Run ``start`` until it returns the exit status, then ``clean_up``.

    Args:
        start: the program; returns when its window is gone.
        request_stop: called on the loop's thread for each signal; ``start`` then returns soon.
        clean_up: ends tasks, devices and connections; cut off after 10 s.
    """
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    # qasync's own would start ten threads at its first use, needed or not.
    loop.set_default_executor(ThreadPoolExecutor(WORKERS, thread_name_prefix="liftbay-worker"))
    signals = EndSignals(lambda sign: _on_signal(sign, request_stop))

    async def everything() -> int:
        try:
            return await start(loop)
        finally:
            try:
                await asyncio.wait_for(clean_up(), CLEANUP_DEADLINE_S)
            except TimeoutError:
                log.error("clean-up took over %.0f s and was cut off", CLEANUP_DEADLINE_S)

    with loop:
        status: int = loop.run_until_complete(everything())
        signals.close()
    return status


def in_a_later_turn(step: Callable[[], None]) -> None:
    """Call ``step`` in the next turn of the running loop, after what is due by then."""
    asyncio.get_running_loop().call_soon(step)


def _on_signal(sign: signal.Signals, request_stop: Callable[[], None]) -> None:
    log.info("%s: leaving", sign.name)
    request_stop()


def leave_process(status: int) -> None:
    """End the process without the interpreter's teardown, which native threads may abort.

    Everything of ours is closed before; only buffers are left to flush.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
