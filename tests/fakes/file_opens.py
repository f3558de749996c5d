"""How often a file was opened and closed, by whichever process: the kernel's own word (inotify)."""

import ctypes
import os
import select
import struct
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes.thread_beside import ThreadBeside

_OPEN = 0x20
_CLOSE = 0x08 | 0x10
_EVENT = struct.Struct("iIII")
_LOOK_S = 0.1


class FileOpens(ThreadBeside):
    """Counts for as long as the context lasts. Linux alone.

    Attributes:
        opened_s, closed_s: when each happened, by the monotonic clock.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"opens of {path.name}")
        self.opened_s: list[float] = []
        self.closed_s: list[float] = []
        self._path = path

    def __enter__(self) -> Self:
        libc = ctypes.CDLL(None, use_errno=True)
        self._file = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        watch = libc.inotify_add_watch(self._file, os.fsencode(self._path), _OPEN | _CLOSE)
        if self._file < 0 or watch < 0:
            raise OSError(ctypes.get_errno(), f"{self._path.name} cannot be watched")
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        os.close(self._file)

    def watch(self) -> None:
        """Note what the kernel tells."""
        while not self.over.is_set():
            if not select.select([self._file], [], [], _LOOK_S)[0]:
                continue
            now_s, told, at = time.monotonic(), os.read(self._file, 65_536), 0
            while at < len(told):
                _watch, mask, _cookie, length = _EVENT.unpack_from(told, at)
                at += _EVENT.size + length
                if mask & _OPEN:
                    self.opened_s.append(now_s)
                elif mask & _CLOSE:
                    self.closed_s.append(now_s)
