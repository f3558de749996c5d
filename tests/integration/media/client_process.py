"""Drives one `call_client` process from a test or a script."""

import asyncio
import itertools
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PITCHES_HZ: Mapping[str, float] = {"mechanic": 440.0, "customer": 660.0}
"""Each side's own: a tone like the other's is an echo to the canceller, which takes it away."""


class ClientProcess:
    """A running client; every wait has a deadline and quotes what was seen when it fails."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self.identity = f"{name}-11111111"
        self.events: list[dict[str, Any]] = []
        self.attempt = ""
        self._arguments = ("--tone", str(PITCHES_HZ[name]), *arguments)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._answers: dict[int, Any] = {}
        self._ids = itertools.count(1)
        self._is_ready = False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.integration.media.call_client",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        self._reader = asyncio.create_task(self._read(), name=f"read {self.name}")
        await self.until(lambda: self._is_ready, 20, "ready")

    async def ask(self, do: str, timeout_s: float = 25, **fields: Any) -> Any:
        """Send a command and return its answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        number = next(self._ids)
        line = json.dumps({"do": do, "id": number, "attempt": self.attempt, **fields})
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()
        await self.until(lambda: number in self._answers, timeout_s, f"an answer to {do}")
        return self._answers[number]

    async def join(self, url: str, token: str, room: str, **fields: Any) -> None:
        """Join with a new attempt; does not wait for success."""
        self.attempt = f"{self.name}-attempt-{next(self._ids)}"
        await self.ask("join", url=url, token=token, room=room, identity=self.identity, **fields)

    def seen(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """Events of the newest attempt with these fields."""
        return [
            each
            for each in self.events
            if each["event"] == event
            and each["attempt"] == self.attempt
            and all(each.get(key) == value for key, value in fields.items())
        ]

    async def wait_event(self, event: str, timeout_s: float = 15, **fields: Any) -> dict[str, Any]:
        """Return the newest such event of this attempt, waiting for the first one."""
        await self.until(lambda: bool(self.seen(event, **fields)), timeout_s, f"{event} {fields}")
        return self.seen(event, **fields)[-1]

    async def until(self, is_so: Callable[[], bool], timeout_s: float, what: str) -> None:
        """Wait for news until something holds."""
        try:
            async with asyncio.timeout(timeout_s):
                while not is_so():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(
                f"{self.name}: no {what} in {timeout_s} s; seen: {self.events[-12:]}"
            ) from None

    async def close(self) -> None:
        """Let it leave and end; kill what does not."""
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        try:
            if process.returncode is None and process.stdin is not None:
                process.stdin.close()
            async with asyncio.timeout(8):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await reader
        self._process = None

    def kill(self) -> None:
        """End it at once, as a crash does."""
        assert self._process is not None
        self._process.kill()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if "event" in message:
                self.events.append(message)
            elif "answer" in message:
                self._answers[message["id"]] = message["value"]
            else:
                self._is_ready = True
            self._news.set()
