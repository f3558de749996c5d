"""The parent's end of a probe process: start it early, ask it, kill it.

A process of its own because a connect of the SDK cannot be called off, may need a minute to
fail, and ends the whole process in two ways that no `except` sees.
"""

import asyncio
import itertools
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

from preflight.offload import on_daemon_thread
from preflight.probe.protocol import Answer, Command, Ready, decode_event, encode_line

GRACE_S = 3.0
"""How long a process may take to leave its room before it is killed."""

_NUMBERS = itertools.count(1)


def next_number() -> int:
    """Return a number for a command that no other command of this program has."""
    return next(_NUMBERS)


def probe_command(kind: str) -> tuple[str, ...]:
    """Return the command line of a probe; it never holds anything secret."""
    return (sys.executable, "-m", "preflight.probe.main", kind)


class ProbeDied(Exception):
    """The process ended, or never started, before it answered."""


class ProbeProcess:
    """One process; `start` once, `ask` as often as needed, `stop` or `kill` at the end."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._started: asyncio.Future[bool] | None = None
        self._ended: asyncio.Future[None] | None = None
        self._killed = threading.Event()
        self._returned: int | None = None

    @property
    def returned(self) -> int | None:
        """How the process ended, for logs; None while it runs or when it never started."""
        return self._returned

    @property
    def alive(self) -> bool:
        """Whether it may still answer."""
        return self._ended is not None and not self._ended.done()

    def start(self) -> None:
        """Start the process on a thread of its own; returns at once."""
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.create_future()
        self._ended = self._loop.create_future()
        threading.Thread(target=self._run, name="probe process", daemon=True).start()

    async def ask(self, command: Command) -> Answer:
        """Send a command and return its answer.

        Raises:
            ProbeDied: the process ended first.
        """
        if self._loop is None or self._started is None or not self.alive:
            raise ProbeDied
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting[command.id] = answer
        try:
            await asyncio.shield(self._started)
            process = self._process
            if process is None or process.stdin is None:
                raise ProbeDied
            line = encode_line(command)
            await on_daemon_thread(lambda: _write(process.stdin, line))
            return await answer
        finally:
            self._waiting.pop(command.id, None)
            if not answer.cancel() and not answer.cancelled():
                # Looked at, so that asyncio does not complain that nobody did.
                answer.exception()

    async def ready(self) -> None:
        """Wait until the process has loaded what it needs, or has ended."""
        if self._started is not None:
            await asyncio.shield(self._started)

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._killed.set()
        if self._process is not None:
            self._process.kill()

    async def stop(self) -> None:
        """Let it leave its room and end; kill it when it takes too long."""
        if self._started is None or self._ended is None:
            return
        try:
            async with asyncio.timeout(GRACE_S):
                # One that still loads has no room to leave, but it must not be waited for either.
                await asyncio.shield(self._started)
                process = self._process
                if process is not None:
                    await on_daemon_thread(lambda: _close(process.stdin))
                await asyncio.shield(self._ended)
        except TimeoutError:
            self.kill()
            await asyncio.wait([self._ended], timeout=GRACE_S)

    def _run(self) -> None:
        """The thread: start, read events until the end, reap."""
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # The native library writes addresses and identities there.
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            self._post_end()
            return
        if self._killed.is_set():
            self._process.kill()
        out = self._process.stdout
        if out is not None:
            with out:
                for line in out:
                    event = decode_event(line)
                    if isinstance(event, Ready):
                        self._post(self._mark_started)
                    elif event is not None:
                        self._post(lambda found=event: self._deliver(found))
        self._returned = self._process.wait()
        _close(self._process.stdin)
        self._post_end()

    def _post(self, call: object) -> None:
        if self._loop is None or not callable(call):
            return
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop is gone: nobody waits any more.
            return

    def _post_end(self) -> None:
        self._post(self._mark_ended)

    def _mark_started(self) -> None:
        if self._started is not None and not self._started.done():
            self._started.set_result(True)

    def _deliver(self, answer: Answer) -> None:
        waiting = self._waiting.get(answer.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _mark_ended(self) -> None:
        self._mark_started()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ProbeDied())


def _write(pipe: IO[bytes] | None, line: bytes) -> None:
    try:
        if pipe is not None:
            pipe.write(line)
            pipe.flush()
    except (OSError, ValueError) as gone:
        raise ProbeDied from gone


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        # Closing flushes, and the other end may be gone: that is what we wanted.
        return
