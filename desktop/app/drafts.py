"""The intake's draft on disk, so that a closed window or a crash loses nothing typed."""

import logging
from collections.abc import Mapping
from pathlib import Path

import msgspec

_log = logging.getLogger(__name__)

LIMIT_BYTES = 64_000


class FileDrafts:
    """`DraftStore` in one small JSON file of the profile. Never raises: a draft is a courtesy."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Mapping[str, str]:
        """Return the draft, empty when there is none or it cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):
            _log.info("the intake's draft could not be read")
            return {}

    def save(self, draft: Mapping[str, str]) -> None:
        """Keep the draft; an empty one removes the file."""
        try:
            if not draft:
                self._path.unlink(missing_ok=True)
                return
            text = msgspec.json.encode(dict(draft))
            if len(text) > LIMIT_BYTES:
                # Half a draft could not be read again; the last whole one stays.
                _log.info("the intake's draft is too long to keep")
                return
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(text)
            fresh.replace(self._path)
        except OSError:
            _log.info("the intake's draft could not be kept")
