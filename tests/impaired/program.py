"""A small program at some place of a line: takes JSON lines, answers each, ends with its stdin."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

_ROOT = Path(__file__).resolve().parent.parent.parent
_END_S = 10.0


class Program:
    """One process; use as a context. It says a line when it is ready.

    Args:
        place: what goes before its command so that it runs there.
        words: a module of ours with its arguments.
    """

    def __init__(self, place: Sequence[str], *words: str) -> None:
        self._command = [*place, sys.executable, "-m", *words]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._wait_for_line()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def kill(self) -> None:
        """End it now, whatever it does."""
        if self._process is not None:
            self._process.kill()

    def tell(self, order: object) -> None:
        """Give it an order and wait until it has taken it."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        self._process.stdin.flush()
        self._wait_for_line()

    def _wait_for_line(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError(f"{self._command} ended; its words are on stderr")
