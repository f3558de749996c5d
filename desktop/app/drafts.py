"""The intake's draft on disk, so that a closed window or a crash loses nothing typed.

The disk is a matter of one thread: whoever types never waits for it. Edits within `SETTLE_S` of
each other are one write; `close` writes what is left at once.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

_log = logging.getLogger(__name__)

LIMIT_BYTES = 64_000
SETTLE_S = 0.3


class FileDrafts:
    """`DraftStore` in one small JSON file of the profile. Never raises: a draft is a courtesy.

    Reads the file once, when it is made; ``load`` gives back what was saved last, written or not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ThreadPoolExecutor-drafts")
        self._kept = self._thread.submit(self._read)
        self._newest: Mapping[str, str] | None = None
        self._lock = threading.Lock()
        self._is_write_due = False
        self._hurry = threading.Event()

    def load(self) -> Mapping[str, str]:
        """Return the draft, empty when there is none or it cannot be read."""
        if self._newest is not None:
            return self._newest
        # Read since the program started, long before anybody comes to a page with a draft.
        return self._kept.result()

    def save(self, draft: Mapping[str, str]) -> None:
        """Keep the draft, soon; an empty one removes the file."""
        with self._lock:
            self._newest = dict(draft)
            if self._is_write_due or self._hurry.is_set():
                return
            self._is_write_due = True
        self._thread.submit(self._write_soon)

    async def close(self) -> None:
        """Write what is not written yet and let go of the thread. Idempotent."""
        self._hurry.set()
        await asyncio.to_thread(self._thread.shutdown)

    # --- in the thread ------------------------------------------------------------------------

    def _read(self) -> Mapping[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):
            _log.info("the intake's draft could not be read")
            return {}

    def _write_soon(self) -> None:
        self._hurry.wait(SETTLE_S)
        with self._lock:
            self._is_write_due = False
            draft = self._newest
        assert draft is not None
        try:
            self._write(draft)
        except OSError:
            _log.info("the intake's draft could not be kept")

    def _write(self, draft: Mapping[str, str]) -> None:
        if not draft:
            self._path.unlink(missing_ok=True)
            return
        text = msgspec.json.encode(draft)
        if len(text) > LIMIT_BYTES:
            # Half a draft could not be read again; the last whole one stays.
            _log.info("the intake's draft is too long to keep")
            return
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(text)
        fresh.replace(self._path)
