"""Which session this machine was in last, until when, and what was sent: the way back is quick.

In a file, because a program that crashed comes back as another one. It is touched while the call
runs, so that a crash is told apart from a call of this morning, and with each mute, because nobody
comes back unmuted.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from client_api.clock import Clock
from client_api.wire import SessionId
from desktop.call.setup import MediaWishes
from preflight.memory.freshness import RETURN_WITHIN, within
from preflight.offload import Offload, on_daemon_thread

FILE_NAME = "last-call.json"
TOUCH_EVERY_S = 30.0


MUTED: Final = MediaWishes(microphone_on=False, camera_on=False)
"""How somebody returns whose wishes are not known: a note of an earlier version has none."""


class _Noted(msgspec.Struct, frozen=True):
    session: str
    at: datetime
    microphone_on: bool = MUTED.microphone_on
    camera_on: bool = MUTED.camera_on


class LastCall:
    """The note about the last call, in one profile's folder."""

    def __init__(self, folder: Path, clock: Clock, offload: Offload = on_daemon_thread) -> None:
        self._path = folder / FILE_NAME
        self._clock = clock
        self._offload = offload
        self._one_at_a_time = asyncio.Lock()

    async def keep_noting(self, session: SessionId, wishes: Callable[[], MediaWishes]) -> None:
        """Note the session with its wishes now and every half minute, until cancelled."""
        while True:
            await self.note(session, wishes)
            await self._clock.sleep(TOUCH_EVERY_S)

    async def note(self, session: SessionId, wishes: Callable[[], MediaWishes]) -> None:
        """Note that this machine is in the session now; a full disk costs a longer preflight.

        Args:
            wishes: asked when it is this note's turn, so that an older wish never comes last.
        """
        async with self._one_at_a_time:
            wished = wishes()
            noted = _Noted(session, self._clock.now(), wished.microphone_on, wished.camera_on)
            await self._offload(lambda: self._write(msgspec.json.encode(noted)))

    async def wishes_in(self, session: SessionId) -> MediaWishes | None:
        """Return what was sent in this very session; None where nobody was in it lately.

        Lately is within the last ten minutes. A screen is never shared again by itself.
        """
        noted = await self._offload(self._read)
        if noted is None or noted.session != session:
            return None
        if not within(noted.at, self._clock.now(), RETURN_WITHIN):
            return None
        return MediaWishes(microphone_on=noted.microphone_on, camera_on=noted.camera_on)

    def _write(self, content: bytes) -> None:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            written = self._path.with_name(f".{FILE_NAME}.new")
            written.touch(mode=0o600)
            written.write_bytes(content)
            written.replace(self._path)

    def _read(self) -> _Noted | None:
        with contextlib.suppress(OSError, ValueError):
            return msgspec.json.decode(self._path.read_bytes(), type=_Noted)
        return None
